"""Time, passed in: whatever waits or compares times asks a ``Clock``, so tests can move it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

__all__ = ["CLOCK_SKEW", "Clock", "MovableClock"]

CLOCK_SKEW = timedelta(seconds=5)
"""How far Discord's clock and ours may differ."""


class Clock:
    """The machine's own clock, in UTC."""

    def now(self) -> datetime:
        """The current time, timezone-aware, in UTC."""
        return datetime.now(UTC)

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Wait until `event` is set or `seconds` have passed. True when the event was set."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await event.wait()
        except TimeoutError:
            return False
        return True


class MovableClock(Clock):
    """A clock that runs with the machine's and can be moved forward besides."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._moved: set[asyncio.Event] = set()

    def now(self) -> datetime:
        return super().now() + self._offset

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds` and wake everything that waits on this clock.

        Raises:
            ValueError: when `seconds` is negative; time does not run backwards here.
        """
        if seconds < 0:
            raise ValueError(f"a clock is moved forward only, not by {seconds} s")
        self._offset += timedelta(seconds=seconds)
        for moved in self._moved:
            moved.set()

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        until = self.now() + timedelta(seconds=seconds)
        moved = asyncio.Event()
        self._moved.add(moved)
        waiting = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(moved.wait())]
        try:
            while not event.is_set() and (left := (until - self.now()).total_seconds()) > 0:
                await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if moved.is_set():
                    moved.clear()
                    waiting[1] = asyncio.ensure_future(moved.wait())
        finally:
            self._moved.discard(moved)
            for future in waiting:
                future.cancel()
        return event.is_set()
