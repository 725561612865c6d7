"""Writes that share a commit: ten thousand views that end at once must not wait for the disk ten
thousand times, and have a match wait behind each of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from core.db import transaction
from core.tasks import spawn

__all__ = ["Together"]

MOST = 20
"""Writes in one transaction. Whoever else needs the database waits for its end."""

Write = Callable[[], Awaitable[None]]


class Together:
    """Puts writes that arrive while others are being written into one transaction.

    They may concern nothing but rows that no other transaction holds: two that hold several rows
    each could wait for one another for ever.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[Write, asyncio.Future[None]]] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def write(self, write: Write) -> None:
        """Call `write` in a transaction, alone or with others; return after its commit.

        Raises:
            Exception: what `write` raises, or the database. It has failed by itself then: what
                others raise fails nobody else.
        """
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((write, written))
        if self._writing is None:
            self._writing = spawn(self._write_all(), name="write together")
        await written

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                most = min(MOST, len(self._waiting))
                await self._write([self._waiting.popleft() for _ in range(most)])
        finally:
            self._writing = None

    async def _write(self, some: list[tuple[Write, asyncio.Future[None]]]) -> None:
        try:
            async with transaction():
                for write, _ in some:
                    await write()
        except Exception as error:
            if len(some) > 1:
                for one in some:
                    await self._write([one])
            elif not some[0][1].done():
                some[0][1].set_exception(error)
        else:
            for _, written in some:
                if not written.done():  # else: whoever waited was cancelled
                    written.set_result(None)
