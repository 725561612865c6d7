"""Bring the database up to date without starting the bot."""

from __future__ import annotations

from core.config import Config, check_plugins
from core.db import Database
from core.db.database import CORE_MODELS
from core.plugin import discover

__all__ = ["migrate"]


async def migrate(config: Config) -> list[str]:
    """Apply the missing migrations of the core and of the enabled plugins; say which they were.

    Raises:
        ConfigError: when the database cannot be opened, or a plugin is unknown.
    """
    found = discover(config.plugins.folders)
    check_plugins(config, found)
    models = {
        name: models
        for name, plugin in found.items()
        if plugin.plugin is not None and (models := plugin.plugin.app_models()) is not None
    }
    database = Database(
        config.database.url.get_secret_value(),
        [CORE_MODELS, *models.values()],
        named=config.named("database", "url"),
    )
    try:
        await database.open()
        return await database.migrate(
            ["core", *(name for name in config.plugins.enabled if name in models)]
        )
    finally:
        await database.close()
