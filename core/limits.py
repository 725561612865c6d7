"""Stay below Discord's global limit by ourselves: disnake only reacts once it is exceeded."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

from core.jobs import Priority

__all__ = ["RequestLimiter", "request_priority"]

REQUESTS_PER_SECOND = 45
"""Discord allows 50 a second, and counts the 429s of whoever exceeds it towards a ban."""

_priority: ContextVar[Priority] = ContextVar("request_priority", default=Priority.MATCH)


@contextmanager
def request_priority(priority: Priority) -> Generator[None]:
    """Let the requests made in the block wait in this priority's queue."""
    token = _priority.set(priority)
    try:
        yield
    finally:
        _priority.reset(token)


class RequestLimiter:
    """A token bucket whose waiters are served by priority, then in the order they came."""

    def __init__(self, per_second: int = REQUESTS_PER_SECOND) -> None:
        self._per_second = per_second
        self._tokens = float(per_second)
        self._filled_at = 0.0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None
        self.counted = 0
        """Requests let through so far."""

    async def acquire(self) -> None:
        """Wait for the right to make one request."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (int(_priority.get()), next(self._order), turn))
        self._serve()
        await turn
        self.counted += 1

    def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._tokens = min(
            float(self._per_second), self._tokens + (now - self._filled_at) * self._per_second
        )
        self._filled_at = now
        while self._waiting and self._tokens >= 1:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():  # else: cancelled while it waited
                self._tokens -= 1
                turn.set_result(None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            delay = (1 - self._tokens) / self._per_second
            self._timer = loop.call_later(delay, self._serve)
