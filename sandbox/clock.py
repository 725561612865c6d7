"""The sandbox's time: it runs like real time, and can be moved forward."""

import asyncio
import heapq
import time
from collections.abc import Callable
from itertools import count

__all__ = ["Clock", "Timer"]


class Timer:
    """Something that will be called; ``cancel`` is cheap and may be called twice."""

    __slots__ = ("callback", "cancelled", "when")

    def __init__(self, when: float, callback: Callable[[], None]) -> None:
        self.when = when
        self.callback: Callable[[], None] | None = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True
        self.callback = None  # what it holds is free at once, though its place in the queue is not


class Clock:
    """Seconds since 1970, from which every deadline in the sandbox is measured."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()
        self._handle: asyncio.TimerHandle | None = None
        self._armed_for = 0.0
        self._closed = False

    def now(self) -> float:
        return time.monotonic() + self._offset

    def advance(self, seconds: float) -> None:
        """Move forward and call what has become due, in order.

        Raises ValueError for a negative number: ids and deadlines rely on time going forward.
        """
        if seconds < 0:
            raise ValueError("time in the sandbox only goes forward")
        self._offset += seconds
        self._armed_for = 0.0
        self._fire()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back from the event loop; the callback must not raise."""
        timer = Timer(self.now() + seconds, callback)
        heapq.heappush(self._timers, (timer.when, next(self._order), timer))
        self._arm()
        return timer

    def close(self) -> None:
        """Forget every timer, those too that are still to be set."""
        self._closed = True
        self._arm()

    def _fire(self) -> None:
        if self._handle:
            self._handle.cancel()  # it may be armed still, when time was moved
        self._handle = None
        while self._timers:
            when, _, timer = self._timers[0]
            if not timer.cancelled and when > self.now():
                break
            heapq.heappop(self._timers)
            if timer.callback:
                timer.callback()
        self._arm()

    def _arm(self) -> None:
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        if self._closed:
            self._timers.clear()
        if not self._timers:
            if self._handle:
                self._handle.cancel()
                self._handle = None
            return
        when = self._timers[0][0]
        if self._handle:
            if self._armed_for == when:
                return
            self._handle.cancel()
        self._armed_for = when
        delay = max(0.0, when - self.now())
        self._handle = asyncio.get_running_loop().call_later(delay, self._fire)
