"""The sandbox's time: it runs like real time, and can be moved forward."""

import asyncio
import heapq
import time
from collections.abc import Callable
from itertools import count

__all__ = ["Clock", "Timer"]


KEPT_CANCELLED = 1_000


class Timer:
    """Something that will be called; ``cancel`` is cheap and may be called twice."""

    __slots__ = ("_clock", "callback", "when")

    def __init__(self, clock: "Clock", when: float, callback: Callable[[], object]) -> None:
        self._clock = clock
        self.when = when
        self.callback: Callable[[], object] | None = callback

    @property
    def over(self) -> bool:
        """Called or cancelled."""
        return self.callback is None

    def cancel(self) -> None:
        if self.callback:
            self.callback = None  # what it holds is free at once; its place in the queue is later
            self._clock.tidy()


class Clock:
    """Seconds since 1970, from which every deadline in the sandbox is measured."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()
        self._cancelled = 0
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

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call back from the event loop; the callback must not raise."""
        timer = Timer(self, self.now() + seconds, callback)
        if self._closed:
            return timer
        heapq.heappush(self._timers, (timer.when, next(self._order), timer))
        self._arm()
        return timer

    async def sleep(self, seconds: float) -> None:
        """Wait until so much of the sandbox's time has passed, by itself or by ``advance``."""
        over = asyncio.Event()
        timer = self.call_later(seconds, over.set)
        try:
            await over.wait()
        finally:
            timer.cancel()

    def close(self) -> None:
        """Forget every timer, those too that are still to be set."""
        self._closed = True
        self._timers.clear()
        self._disarm()

    def tidy(self) -> None:
        """Note a cancelled timer; one that was far ahead would otherwise stay for days."""
        self._cancelled += 1
        if self._cancelled > KEPT_CANCELLED and self._cancelled * 2 > len(self._timers):
            self._timers = [entry for entry in self._timers if not entry[2].over]
            heapq.heapify(self._timers)
            self._cancelled = 0
        if not self._timers or self._timers[0][2].over:
            self._arm()

    def _fire(self) -> None:
        self._disarm()
        while self._timers:
            when, _, timer = self._timers[0]
            if not timer.over and when > self.now():
                break
            heapq.heappop(self._timers)
            callback, timer.callback = timer.callback, None
            if callback:
                callback()
        self._arm()

    def _arm(self) -> None:
        while self._timers and self._timers[0][2].over:
            heapq.heappop(self._timers)
        if not self._timers:
            self._disarm()
            return
        when = self._timers[0][0]
        if self._handle:
            if self._armed_for == when:
                return
            self._handle.cancel()
        self._armed_for = when
        delay = max(0.0, when - self.now())
        self._handle = asyncio.get_running_loop().call_later(delay, self._fire)

    def _disarm(self) -> None:
        if self._handle:
            self._handle.cancel()
            self._handle = None
