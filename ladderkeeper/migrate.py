"""Bring the database up to date without starting the bot."""

from __future__ import annotations

from dataclasses import dataclass

from core.config import Config, check_plugins
from core.db import Database
from core.db.database import CORE_MODELS
from core.plugin import app_models, discover

__all__ = ["Migrated", "migrate"]


@dataclass(frozen=True)
class Migrated:
    """What was done.

    Attributes:
        applied: the migrations, as ``plugin.name``.
        left_out: the enabled plugins that cannot be used, and why not.
    """

    applied: list[str]
    left_out: dict[str, str]


async def migrate(config: Config) -> Migrated:
    """Apply the missing migrations of the core and of the enabled plugins.

    Raises:
        ConfigError: when the database cannot be opened, or a plugin is unknown.
    """
    found = discover(config.plugins.folders)
    check_plugins(config, found)
    models = app_models(found)
    database = Database(
        config.database.url.get_secret_value(),
        [CORE_MODELS, *models.values()],
        named=config.named("database", "url"),
    )
    try:
        await database.open()
        applied = await database.migrate(
            ["core", *(name for name in config.plugins.enabled if name in models)]
        )
    finally:
        await database.close()
    enabled = {name: found[name] for name in config.plugins.enabled}
    return Migrated(applied, {n: one.error for n, one in enabled.items() if one.error is not None})
