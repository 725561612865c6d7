"""Stay below Discord's global limit by ourselves: disnake only reacts once it is exceeded."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

from core.jobs import Priority

__all__ = ["RequestLimiter", "request_priority"]

REQUESTS_PER_SECOND = 45
"""Discord allows 50 a second, and counts the 429s of whoever exceeds it towards a ban."""

WINDOW_SECONDS = 1.0

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
    """Lets so many requests through in any second; who waits is served by priority, then in order.

    A window and not a bucket: a full bucket would let twice as many through in its first second.
    """

    def __init__(self, per_second: int = REQUESTS_PER_SECOND) -> None:
        self._per_second = per_second
        self._let_through: deque[float] = deque()
        """The loop's times, within the last second."""
        self._waiting: list[tuple[int, int, asyncio.Future[float]]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None
        self.counted = 0
        """Requests let through so far."""

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return len(self._waiting)

    async def acquire(self) -> None:
        """Wait for the right to make one request."""
        turn: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (int(_priority.get()), next(self._order), turn))
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            # Its turn may have come at this very moment; then that goes to the next.
            if not turn.cancelled() and turn.result() in self._let_through:
                self._let_through.remove(turn.result())
            self._serve()
            raise
        self.counted += 1

    def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._let_through and self._let_through[0] <= now - WINDOW_SECONDS:
            self._let_through.popleft()
        while self._waiting:
            turn = self._waiting[0][2]
            if not turn.done():  # else: cancelled while it waited
                if len(self._let_through) >= self._per_second:
                    break
                self._let_through.append(now)
                turn.set_result(now)
            heapq.heappop(self._waiting)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            self._timer = loop.call_at(self._let_through[0] + WINDOW_SECONDS, self._serve)
