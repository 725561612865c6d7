"""Wake other processes of the same bot when a row they wait for was written (PostgreSQL only)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
from loguru import logger

from core.db.sql import fetch, is_sqlite

__all__ = ["Listener", "notify"]

CHANNEL = "ladderkeeper"
RECONNECT_SECONDS = 5.0


async def notify() -> None:
    """Tell every process that there is new work, when the open transaction commits.

    PostgreSQL delivers it at the commit and not at all after a rollback. On SQLite there is one
    bot process, and nothing to do.
    """
    if not is_sqlite():
        await fetch("SELECT pg_notify($1, '')", CHANNEL)


class Listener:
    """Keeps one connection that listens, made anew when it is lost. Losing it costs promptness
    only: whoever waits also looks by itself every few seconds."""

    def __init__(self, url: str, wake: Callable[[], object]) -> None:
        self._url = url
        self._wake = wake

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            why = "closed"
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                why = type(error).__name__
            logger.warning("the LISTEN connection is lost ({}), trying again", why)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._url)
        closed = asyncio.Event()

        def lost(_: object) -> None:
            closed.set()

        def heard(*_: object) -> None:
            self._wake()

        try:
            connection.add_termination_listener(lost)
            await connection.add_listener(CHANNEL, heard)
            self._wake()  # for what was written while nobody listened
            await closed.wait()
        finally:
            connection.terminate()
