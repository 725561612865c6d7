"""One process of each name at a time: held by the operating system or the server, so that it ends
with the process, however that ends."""

from __future__ import annotations

import asyncio
import sqlite3
import zlib
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from loguru import logger

from core.db.sql import fetch, is_sqlite
from core.errors import ConfigError, LadderkeeperError

__all__ = ["Ownership", "living", "owning"]

PATIENCE_SECONDS = 5.0
"""A process that was just killed may need a moment to be gone."""

RETRY_SECONDS = 0.2

CHECK_SECONDS = 15.0
"""How often the connection that holds the name is tried, and how long it may take to answer: a
network that fails says nothing by itself."""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Ownership:
    """The hold of this process on its name."""

    def __init__(self, url: str, process: str) -> None:
        self._url = url
        self._process = process
        self._holder: sqlite3.Connection | Connection | None = None
        self._session: tuple[object, object] | None = None
        """What the server knows the connection by that held the name last."""

    async def take(self) -> bool:
        """Take the name, with some patience. False when another process has it."""
        until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while not await self._try():
            if asyncio.get_running_loop().time() > until:
                return False
            await asyncio.sleep(RETRY_SECONDS)
        return True

    async def keep(self) -> None:
        """Until cancelled, take the name again whenever the connection that holds it is lost. A
        file is not lost: there this returns at once.

        Raises:
            LadderkeeperError: when another process has taken it meanwhile.
        """
        while isinstance(self._holder, asyncpg.Connection):
            await _lost(self._holder)
            self._holder.terminate()
            logger.error(
                "the database connection that keeps a second process called {!r} away is lost:"
                " making it anew",
                self._process,
            )
            if not await self._take_again():
                raise LadderkeeperError(
                    f"the connection to the database was lost, and another bot process called"
                    f" {self._process!r} has started meanwhile: this one stops, lest everything be"
                    " done twice"
                )
            logger.info("no other process called {!r} has started meanwhile", self._process)

    async def release(self) -> None:
        """Let another process have the name."""
        holder, self._holder = self._holder, None
        if isinstance(holder, sqlite3.Connection):
            holder.close()
        elif holder is not None:
            await holder.close()

    async def _take_again(self) -> bool:
        while True:
            try:
                return await self.take()
            except _AWAY:
                await asyncio.sleep(RETRY_SECONDS)

    async def _try(self) -> bool:
        if self._url.startswith("sqlite:"):
            self._holder = _lock_file(self._url.removeprefix("sqlite://"))
            return self._holder is not None
        connection: Connection = await asyncpg.connect(self._url)
        try:
            if self._session is not None:
                # The server may take the connection that was lost here for alive for hours.
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid = $1 AND backend_start = $2",
                    *self._session,
                )
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", _key(self._process)):
                self._session = await connection.fetchrow(
                    "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
                )  # type: ignore[assignment]
                self._holder = connection
                return True
        except BaseException:
            connection.terminate()
            raise
        await connection.close()
        return False


@asynccontextmanager
async def owning(url: str, process: str) -> AsyncGenerator[Ownership, None]:
    """Be the process called `process` on that database while the block runs.

    Raises:
        ConfigError: when another process of that name is running.
    """
    ownership = Ownership(url, process)
    if not await ownership.take():
        raise ConfigError(_refusal(url, process))
    try:
        yield ownership
    finally:
        await ownership.release()


async def living(processes: Collection[str]) -> set[str]:
    """Which of these processes are running, this one among them or not.

    On SQLite none: it serves one process, which knows of itself.
    """
    if is_sqlite() or not processes:
        return set()
    rows = await fetch(
        "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0"
        " AND objsubid = 1"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    held = {row["objid"] for row in rows}
    return {process for process in processes if _key(process) in held}


def _key(process: str) -> int:
    """The advisory lock of a name. Of 32 bits, so that it stands whole in ``pg_locks.objid``."""
    return zlib.crc32(f"ladderkeeper process {process}".encode())


async def _lost(connection: Connection) -> None:
    """Wait until the connection is of no use any more."""
    closed = asyncio.Event()

    def closes(_: object) -> None:
        closed.set()

    connection.add_termination_listener(closes)
    while not (closed.is_set() or connection.is_closed()):
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await closed.wait()
        except TimeoutError:
            try:
                await connection.execute("SELECT 1", timeout=CHECK_SECONDS)
            except _AWAY:
                return


def _refusal(url: str, process: str) -> str:
    if url.startswith("sqlite:"):
        return (
            "[database] url: another bot process is using this file, and SQLite serves only one."
            " Stop that one first, or use PostgreSQL."
        )
    return (
        f"[database] url: a bot process called {process!r} is using this database. Stop that one"
        " first, or give this one another name."
    )


def _lock_file(database: str) -> sqlite3.Connection | None:
    # A database of nothing but its lock: SQLite's locks are the portable ones.
    path = database if database == ":memory:" else f"{database}.lock"
    lock = sqlite3.connect(path, timeout=0)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return None
    return lock
