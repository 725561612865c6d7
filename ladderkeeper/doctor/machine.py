"""What the bot stands on here: disnake's version, disk, database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import disnake

from core.config import Config
from core.db import Database
from core.db.database import CORE_MODELS
from core.disnake_private import WRITTEN_FOR, check
from core.errors import ConfigError, LadderkeeperError
from core.examination import Findings
from core.plugin import Found, app_models

__all__ = ["examine_database", "examine_machine"]

MEGABYTE = 1024 * 1024
LITTLE_MEGABYTES = 500
TOO_LITTLE_MEGABYTES = 50


def examine_machine(config: Config, findings: Findings) -> None:
    """The installed disnake, and the room on the disk."""
    _examine_disnake(findings)
    folders = {_existing(_sqlite_file(config) or config.path)}
    if config.log.file is not None:
        folders.add(_existing(config.log.file))
    for folder in sorted(folders):
        _examine_disk(folder, findings)


async def examine_database(config: Config, found: Mapping[str, Found], findings: Findings) -> None:
    """Whether it opens, and which migrations are still to come."""
    file = _sqlite_file(config)
    named = config.named("database", "url")
    if file is not None and not file.exists():
        folder = file.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            findings.problem(
                "database",
                f"{file} is not there, and cannot be made",
                f"Make the folder {folder} and allow this user to write to it, or change {named}.",
            )
        else:
            findings.ok("database", f"{file} is not there yet: the first start makes it")
        return
    models = app_models(found)
    database = Database(
        config.database.url.get_secret_value(), [CORE_MODELS, *models.values()], named=named
    )
    try:
        await database.open()
        labels = ["core", *(name for name in config.plugins.enabled if name in models)]
        missing = await database.missing_migrations(labels)
    except ConfigError as error:
        findings.problem("database", str(error), f"Put {named} right, or start the database.")
        return
    except Exception as error:
        findings.problem(
            "database",
            f"its migrations cannot be read ({type(error).__name__}: {error})",
            "`ladderkeeper migrate` shows more. If the database is another program's, change"
            f" {named}.",
        )
        return
    finally:
        await database.close()
    if missing:
        findings.warning(
            "database",
            f"migrations to be applied: {', '.join(missing)}",
            "The next start does it, or `ladderkeeper migrate`.",
        )
    else:
        findings.ok("database", "it opens, and is up to date")


def _examine_disnake(findings: Findings) -> None:
    try:
        check()
    except LadderkeeperError as error:
        findings.problem("disnake", str(error), f"pip install disnake=={WRITTEN_FOR}")
        return
    if disnake.__version__ != WRITTEN_FOR:
        findings.warning(
            "disnake",
            f"version {disnake.__version__} is installed, {WRITTEN_FOR} was tested",
            f"pip install disnake=={WRITTEN_FOR}",
        )
    else:
        findings.ok("disnake", f"version {WRITTEN_FOR}")


def _examine_disk(folder: Path, findings: Findings) -> None:
    free = shutil.disk_usage(folder).free // MEGABYTE
    text = f"{free:,} MB are free at {folder}"
    remedy = "Free some space: a full disk stops the database."
    if free < TOO_LITTLE_MEGABYTES:
        findings.problem("disk", text, remedy)
    elif free < LITTLE_MEGABYTES:
        findings.warning("disk", text, remedy)
    else:
        findings.ok("disk", text)


def _sqlite_file(config: Config) -> Path | None:
    url = config.database.url.get_secret_value()
    return Path(url.removeprefix("sqlite://")) if url.startswith("sqlite:") else None


def _existing(path: Path) -> Path:
    """The nearest folder above that is there."""
    return next(folder for folder in path.absolute().parents if folder.is_dir())
