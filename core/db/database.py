"""Open the database, bring its tables up to date, close it whatever happened."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.executor import (
    EXECUTOR_CACHE,  # pyright: ignore[reportUnknownVariableType]  untyped inside
)
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError, OperationalError
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from core.db.sql import ALIAS, fetch
from core.db.transaction import transaction
from core.errors import ConfigError, LadderkeeperError

__all__ = ["CORE_MODELS", "AppModels", "Database", "DatabaseUnavailable", "MigrationFailed"]

MIGRATION_LOCK = 0x4C4B_4D49
"""The advisory lock under which migrations run on PostgreSQL ("LKMI")."""

BUSY_TIMEOUT_MS = 5_000

_UNREACHABLE = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    sqlite3.Error,
    DBConnectionError,
    OperationalError,
)


class DatabaseUnavailable(ConfigError):
    """The database named in config.toml cannot be opened. Never says its URL, which is secret."""


@dataclass(frozen=True)
class AppModels:
    """The tables of the core or of one plugin: a Tortoise app with its own migrations."""

    label: str
    models: str
    migrations: str


CORE_MODELS = AppModels("core", "core.models", "core.migrations")


class MigrationFailed(LadderkeeperError):
    """A migration cannot be applied. Its text names it and says why."""


class _Undone(Exception):
    """Ends a transaction that was only to look."""


class Database:
    """The one database of this process.

    Args:
        url: ``sqlite://PATH`` or ``postgres://...``.
        apps: the tables of the core and of every plugin found, enabled or not: Tortoise must know
            all models at once.
        named: what to call the URL's place in errors.
    """

    def __init__(
        self, url: str, apps: Iterable[AppModels], *, named: str = "[database] url"
    ) -> None:
        self._url = url
        self._named = named
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
        # Statements in the dialect of the database that was open under this alias before.
        EXECUTOR_CACHE.clear()
        try:
            # Contexts are context variables, and disnake starts tasks from its own: hence global.
            self._context = await Tortoise.init(
                config=self._config(), _enable_global_fallback=True, use_tz=True, timezone="UTC"
            )
            await fetch("SELECT 1")
        except BaseException as error:
            await self.close()
            if isinstance(error, _UNREACHABLE):
                raise DatabaseUnavailable(self._unavailable(error)) from None
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

        Each in one transaction with the note that it was applied, under a lock: the process may
        die, and several may start at once.

        Raises:
            MigrationFailed: at the first that cannot be applied.
        """
        applied: list[str] = []

        def progress(event: str, app: str, name: str) -> None:
            if event == "apply_done":
                applied.append(f"{app}.{name}")

        for label in labels:
            while await self._migrate_one(label, progress):
                pass
        return applied

    async def missing_migrations(self, labels: Iterable[str]) -> list[str]:
        """What :meth:`migrate` would apply. Changes nothing."""
        missing: list[str] = []
        with suppress(_Undone):
            async with transaction():
                executor = await self._executor()
                for label in labels:
                    steps = await executor.plan([MigrationTarget(label, "__latest__")])
                    missing += [f"{s.migration.app_label}.{s.migration.name}" for s in steps]
                raise _Undone
        return missing

    @property
    def listen_url(self) -> str | None:
        """Where to LISTEN, or None on SQLite."""
        return None if self.is_sqlite else self._url

    async def _migrate_one(self, label: str, progress: Callable[[str, str, str], None]) -> bool:
        """Apply the next migration of an app. False when there is none."""
        async with transaction():
            if not self.is_sqlite:  # SQLite's transactions are its lock
                await fetch("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)
            executor = await self._executor()
            steps = await executor.plan([MigrationTarget(label, "__latest__")])
            if not steps:
                return False
            migration = steps[0].migration
            target = MigrationTarget(migration.app_label, migration.name)
            try:
                await executor.migrate([target], direction="forward", progress=progress)
            except Exception as error:
                why = str(error) or type(error).__name__
                raise MigrationFailed(
                    f"migration {target.app_label}.{target.name} failed: {why}"
                ) from error
        return True

    async def _executor(self) -> MigrationExecutor:
        executor = MigrationExecutor(get_connection(ALIAS), self._config()["apps"])
        # Before any plan: asking a table that is missing would fail the transaction.
        recorder: Any = executor.recorder
        await recorder.ensure_schema(
            executor._schema_editor(atomic=False)  # pyright: ignore[reportPrivateUsage]  the only way
        )
        return executor

    def _unavailable(self, error: BaseException) -> str:
        if not self.is_sqlite:
            advice = "Is it running, and are host, name and password right?"
        elif not (folder := Path(self._url.removeprefix("sqlite://")).parent).is_dir():
            advice = f"There is no folder {folder} to keep it in."
        else:
            advice = "Is it a SQLite file, and may this user write to it and to its folder?"
        return f"{self._named}: the database cannot be opened ({type(error).__name__}). {advice}"

    def _config(self) -> dict[str, Any]:
        if self.is_sqlite:
            engine, credentials = (
                "core.db.sqlite",
                {"file_path": self._url.removeprefix("sqlite://")},
            )
            credentials["busy_timeout"] = str(BUSY_TIMEOUT_MS)
        else:
            engine, credentials = "core.db.postgres", {"url": self._url}
        return {
            "connections": {ALIAS: {"engine": engine, "credentials": credentials}},
            "apps": {
                app.label: {
                    "models": [app.models],
                    "default_connection": ALIAS,
                    "migrations": app.migrations,
                }
                for app in self._apps.values()
            },
        }
