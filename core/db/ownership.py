"""One process of each name at a time: held by the operating system or the server, so that it ends
with the process, however that ends."""

from __future__ import annotations

import asyncio
import sqlite3
import zlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg

from core.errors import ConfigError

__all__ = ["owning"]

PATIENCE_SECONDS = 5.0
"""A process that was just killed may need a moment to be gone."""

RETRY_SECONDS = 0.2


@asynccontextmanager
async def owning(url: str, process: str) -> AsyncGenerator[None, None]:
    """Be the process called `process` on that database while the block runs.

    Raises:
        ConfigError: when another process of that name is running.
    """
    until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while (holder := await _try(url, process)) is None:
        if asyncio.get_running_loop().time() > until:
            raise ConfigError(
                "[database] url: another bot process is using this database. Stop that one first;"
                " a SQLite file serves one bot process only."
            )
        await asyncio.sleep(RETRY_SECONDS)
    try:
        yield
    finally:
        if isinstance(holder, sqlite3.Connection):
            holder.close()
        else:
            await holder.close()


async def _try(url: str, process: str) -> sqlite3.Connection | asyncpg.Connection | None:
    if url.startswith("sqlite:"):
        # A database of nothing but its lock: SQLite's locks are the portable ones.
        lock = sqlite3.connect(url.removeprefix("sqlite://") + ".lock", timeout=0)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            lock.close()
            return None
        return lock
    connection = await asyncpg.connect(url)
    key = zlib.crc32(f"ladderkeeper process {process}".encode())
    if await connection.fetchval("SELECT pg_try_advisory_lock($1)", key):
        return connection
    await connection.close()
    return None
