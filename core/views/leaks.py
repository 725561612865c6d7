"""The leak audit: a closed view that something still holds on to is found and named."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import disnake
from loguru import logger

from core.clock import Clock
from core.views.live import LiveView
from core.views.referrers import chain_to
from core.views.statistics import Counters

__all__ = ["Leak", "LeakAudit"]

GRACE = timedelta(seconds=60)
"""How long a closed view may stay reachable: a handler may still hold it."""

WAY_BACK = timedelta(minutes=15)
"""How much longer one may whose place another took: a menu that leads back to it holds it."""

AUDIT_SECONDS = 60.0

CHAINS_AT_ONCE = 3
"""Following a chain blocks the loop for as long as the heap is large: of many views leaked alike
one tells enough."""


KEPT = 20
"""Of the leaks that were found, so many are kept to be shown."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A closed view that was still reachable after the grace period.

    Attributes:
        plugin: whose it was.
        what: its class, with its module.
        scope: what it was opened in.
        seconds: how long ago it was closed, when it was found.
        chain: what refers to it, as far as that was looked for.
    """

    plugin: str
    what: str
    scope: str | None
    seconds: float
    chain: str

    def __str__(self) -> str:
        return (
            f"plugin {self.plugin} still holds a {self.what} closed {self.seconds:.0f} s ago"
            f" (scope {self.scope}): {self.chain}"
        )


@dataclass(frozen=True, slots=True)
class _Closed:
    view: weakref.ref[disnake.ui.View]
    plugin: str
    what: str
    scope: str | None
    closed_at: datetime
    longer: timedelta


class LeakAudit:
    """Watches closed views by weak references until they are gone."""

    def __init__(self, clock: Clock, counters: Counters) -> None:
        self._clock = clock
        self._counters = counters
        self._closed: dict[int, _Closed] = {}
        self.found: deque[Leak] = deque(maxlen=KEPT)
        """The latest."""
        self._reported: weakref.WeakSet[disnake.ui.View] = weakref.WeakSet()

    async def run(self) -> None:
        """Check every minute until cancelled."""
        while True:
            await self._clock.wait(asyncio.Event(), AUDIT_SECONDS)
            self.check()

    def closed(self, live: LiveView, *, may_return: bool = False) -> None:
        """Watch a view that has just been closed.

        Args:
            may_return: another took its place, and may lead back to it.
        """
        number = id(live.view)
        self._closed[number] = _Closed(
            weakref.ref(live.view, lambda _: self._closed.pop(number, None)),
            live.plugin,
            f"{type(live.view).__module__}.{type(live.view).__qualname__}",
            live.scope,
            self._clock.now(),
            WAY_BACK if may_return else timedelta(),
        )

    def check(self, *, grace: timedelta = GRACE) -> int:
        """Report views closed longer ago than `grace` and still reachable, each once.

        Returns:
            How many closed views are leaked now. Collects garbage when there is a suspect.
        """
        if self._suspects(grace):
            gc.unfreeze()  # what was there at the start may hold one, and is looked through too
            gc.collect()
        told: set[tuple[str, str]] = set()
        for number, closed in self._suspects(grace):
            self._closed.pop(number, None)
            view = closed.view()
            if view is None or not view.is_finished():  # it came back
                continue
            self._reported.add(view)
            self._report(closed, view, told)
        self._counters.leaked = len(self._reported)
        return self._counters.leaked

    def _suspects(self, grace: timedelta) -> list[tuple[int, _Closed]]:
        now = self._clock.now()
        return [
            (number, closed)
            for number, closed in self._closed.items()
            if now - closed.closed_at >= grace + closed.longer
        ]

    def _report(self, closed: _Closed, view: disnake.ui.View, told: set[tuple[str, str]]) -> None:
        like = (closed.plugin, closed.what)
        if like in told or len(told) >= CHAINS_AT_ONCE:
            chain = "(held like others of this audit)"
        else:
            told.add(like)
            chain = chain_to(view)
        seconds = (self._clock.now() - closed.closed_at).total_seconds()
        leak = Leak(closed.plugin, closed.what, closed.scope, seconds, chain)
        self.found.append(leak)
        logger.bind(plugin=closed.plugin).warning("leak: {}", leak)
