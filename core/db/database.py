"""Open the database, bring its tables up to date, close it whatever happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from core.db.sql import ALIAS
from core.errors import ConfigError

__all__ = ["CORE_MODELS", "AppModels", "Database", "DatabaseUnavailable"]

MIGRATION_LOCK = 0x4C4B_4D49
"""The advisory lock under which migrations run on PostgreSQL ("LKMI")."""

BUSY_TIMEOUT_MS = 5_000


class DatabaseUnavailable(ConfigError):
    """The database named in config.toml cannot be opened. Never says its URL, which is secret."""


@dataclass(frozen=True)
class AppModels:
    """The tables of the core or of one plugin: a Tortoise app with its own migrations."""

    label: str
    models: str
    migrations: str


CORE_MODELS = AppModels("core", "core.models", "core.migrations")


class Database:
    """The one database of this process.

    Args:
        url: ``sqlite://PATH`` or ``postgres://...``.
        apps: the tables of the core and of every plugin found, enabled or not: Tortoise must know
            all models at once.
    """

    def __init__(self, url: str, apps: Iterable[AppModels]) -> None:
        self._url = url
        self._apps = {app.label: app for app in apps}
        self._context: TortoiseContext | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file. It serves one bot process only."""
        return self._url.startswith("sqlite:")

    async def open(self) -> None:
        """Connect.

        Raises:
            DatabaseUnavailable: when there is no database behind the URL.
        """
        if self.is_sqlite:
            self._make_folder()
        try:
            # Contexts are context variables, and disnake starts tasks from its own: hence global.
            self._context = await Tortoise.init(
                config=self._config(), _enable_global_fallback=True, use_tz=True, timezone="UTC"
            )
            await get_connection(ALIAS).execute_query("SELECT 1")
        except BaseException as error:
            await self.close()
            if isinstance(error, OSError | asyncpg.PostgresError | DBConnectionError):
                raise DatabaseUnavailable(
                    "[database] url: the database cannot be opened "
                    f"({type(error).__name__}). Is it running, and are name and password right?"
                ) from None
            raise

    async def close(self) -> None:
        """Close every connection. Safe to call twice, and when opening failed.

        Without it aiosqlite's thread would keep the process alive.
        """
        if self._context is not None:
            context, self._context = self._context, None
            await asyncio.shield(context.close_connections())

    async def migrate(self, labels: Iterable[str]) -> list[str]:
        """Apply the migrations still missing of the apps named, and say which were applied.

        On PostgreSQL under an advisory lock: several processes may start at once.
        """
        applied: list[str] = []

        def progress(event: str, app: str, name: str) -> None:
            if event == "apply_done":
                applied.append(f"{app}.{name}")

        async with self._migration_lock():
            for label in labels:
                executor = MigrationExecutor(get_connection(ALIAS), self._config()["apps"])
                await executor.migrate([MigrationTarget(label, "__latest__")], progress=progress)
        return applied

    @property
    def listen_url(self) -> str | None:
        """Where to LISTEN, or None on SQLite."""
        return None if self.is_sqlite else self._url

    @asynccontextmanager
    async def _migration_lock(self) -> AsyncGenerator[None, None]:
        if self.is_sqlite:
            yield
            return
        # A connection of its own: an advisory lock belongs to its session.
        connection = await asyncpg.connect(self._url)
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
            yield
        finally:
            await connection.close()

    def _make_folder(self) -> None:
        path = Path(self._url.removeprefix("sqlite://"))
        if not path.parent.is_dir():
            raise DatabaseUnavailable(
                f"[database] url: there is no folder {path.parent} to keep the database in"
            )

    def _config(self) -> dict[str, Any]:
        if self.is_sqlite:
            connection: dict[str, Any] = {
                "engine": "core.db.sqlite",
                "credentials": {
                    "file_path": self._url.removeprefix("sqlite://"),
                    "busy_timeout": BUSY_TIMEOUT_MS,
                },
            }
        else:
            parts = urlsplit(self._url)
            connection = dict(expand_db_url(parts._replace(scheme="asyncpg").geturl()))
            connection["engine"] = "core.db.postgres"
        return {
            "connections": {ALIAS: connection},
            "apps": {
                app.label: {
                    "models": [app.models],
                    "default_connection": ALIAS,
                    "migrations": app.migrations,
                }
                for app in self._apps.values()
            },
        }
