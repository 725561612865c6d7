"""One process of each name at a time: held by the operating system or the server, so that it ends
with the process, however that ends."""

from __future__ import annotations

import asyncio
import sqlite3
import zlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

from core.errors import ConfigError

__all__ = ["owning"]

PATIENCE_SECONDS = 5.0
"""A process that was just killed may need a moment to be gone."""

RETRY_SECONDS = 0.2

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def owning(url: str, process: str) -> AsyncGenerator[None, None]:
    """Be the process called `process` on that database while the block runs.

    Raises:
        ConfigError: when another process of that name is running.
    """
    until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while (holder := await _try(url, process)) is None:
        if asyncio.get_running_loop().time() > until:
            raise ConfigError(_refusal(url, process))
        await asyncio.sleep(RETRY_SECONDS)
    try:
        yield
    finally:
        if isinstance(holder, sqlite3.Connection):
            holder.close()
        else:
            await holder.close()


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


async def _try(url: str, process: str) -> sqlite3.Connection | Connection | None:
    if url.startswith("sqlite:"):
        return _lock_file(url.removeprefix("sqlite://"))
    connection = await asyncpg.connect(url)
    key = zlib.crc32(f"ladderkeeper process {process}".encode())
    try:
        if await connection.fetchval("SELECT pg_try_advisory_lock($1)", key):
            return connection
    except BaseException:
        connection.terminate()
        raise
    await connection.close()
    return None


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
