"""The leak audit: a closed view that something still holds on to is found and named."""

from __future__ import annotations

import asyncio
import gc
import weakref
from dataclasses import dataclass
from datetime import datetime, timedelta

import disnake
from loguru import logger

from core.clock import Clock
from core.views.live import LiveView
from core.views.referrers import chain_to
from core.views.statistics import Counters

__all__ = ["LeakAudit"]

GRACE = timedelta(seconds=60)
"""How long a closed view may stay reachable: a handler may still hold it."""

AUDIT_SECONDS = 60.0

CHAINS_AT_ONCE = 3
"""Following a chain blocks the loop for as long as the heap is large: of many views leaked alike
one tells enough."""


@dataclass(frozen=True, slots=True)
class _Closed:
    view: weakref.ref[disnake.ui.View]
    plugin: str
    what: str
    scope: str | None
    closed_at: datetime


class LeakAudit:
    """Watches closed views by weak references until they are gone."""

    def __init__(self, clock: Clock, counters: Counters) -> None:
        self._clock = clock
        self._counters = counters
        self._closed: dict[int, _Closed] = {}
        self._reported: weakref.WeakSet[disnake.ui.View] = weakref.WeakSet()

    async def run(self) -> None:
        """Check every minute until cancelled."""
        while True:
            await self._clock.wait(asyncio.Event(), AUDIT_SECONDS)
            self.check()

    def closed(self, live: LiveView) -> None:
        """Watch a view that has just been closed."""
        number = id(live.view)
        self._closed[number] = _Closed(
            weakref.ref(live.view, lambda _: self._closed.pop(number, None)),
            live.plugin,
            f"{type(live.view).__module__}.{type(live.view).__qualname__}",
            live.scope,
            self._clock.now(),
        )

    def check(self, *, grace: timedelta = GRACE) -> int:
        """Report views closed longer ago than `grace` and still reachable, each once.

        Returns:
            How many closed views are leaked now. Collects garbage when there is a suspect.
        """
        if self._suspects(grace):
            gc.collect()
        told: set[tuple[str, str]] = set()
        for number, closed in self._suspects(grace):
            view = closed.view()
            if view is None:
                continue
            self._reported.add(view)
            self._report(closed, view, told)
            self._closed.pop(number, None)
        self._counters.leaked = len(self._reported)
        return self._counters.leaked

    def _suspects(self, grace: timedelta) -> list[tuple[int, _Closed]]:
        now = self._clock.now()
        return [item for item in self._closed.items() if now - item[1].closed_at >= grace]

    def _report(self, closed: _Closed, view: disnake.ui.View, told: set[tuple[str, str]]) -> None:
        like = (closed.plugin, closed.what)
        if like in told or len(told) >= CHAINS_AT_ONCE:
            chain = "(held like others of this audit)"
        else:
            told.add(like)
            chain = chain_to(view)
        logger.bind(plugin=closed.plugin).warning(
            "leak: plugin {} still holds a {} closed {:.0f} s ago (scope {}): {}",
            closed.plugin,
            closed.what,
            (self._clock.now() - closed.closed_at).total_seconds(),
            closed.scope,
            chain,
        )
