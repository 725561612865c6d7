"""Writes that have to be made, though the database is away for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger

__all__ = ["until_written"]

RETRY_SECONDS = 1.0


async def until_written(write: Callable[[], Awaitable[None]], *, what: str) -> None:
    """Call `write` until it succeeds, whatever it raises: an outage has too many names to tell
    them from mistakes. For what has happened outside the database and must not happen again.

    Cancelling it gives up. Of an outage one line is logged, about `what`.
    """
    failed = False
    while True:
        try:
            return await write()
        except Exception as error:
            if not failed:
                logger.opt(exception=error).error("{} cannot be written, trying again", what)
            failed = True
            await asyncio.sleep(RETRY_SECONDS)
