"""The leak audit: a closed view that something still holds on to is found and named."""

from __future__ import annotations

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
        self._closed: list[_Closed] = []
        self._reported: weakref.WeakSet[disnake.ui.View] = weakref.WeakSet()

    def closed(self, live: LiveView) -> None:
        """Watch a view that has just been closed."""
        self._closed.append(
            _Closed(
                weakref.ref(live.view),
                live.plugin,
                f"{type(live.view).__module__}.{type(live.view).__qualname__}",
                live.scope,
                self._clock.now(),
            )
        )

    def check(self, *, grace: timedelta = GRACE) -> int:
        """Report views closed longer ago than `grace` and still reachable, each once.

        Returns:
            How many closed views are leaked now. Collects garbage when there is a suspect.
        """
        now = self._clock.now()
        self._closed = [closed for closed in self._closed if closed.view() is not None]
        if any(now - closed.closed_at >= grace for closed in self._closed):
            gc.collect()
        waiting: list[_Closed] = []
        for closed in self._closed:
            view = closed.view()
            if view is None:
                continue
            if now - closed.closed_at < grace:
                waiting.append(closed)
                continue
            self._reported.add(view)
            logger.bind(plugin=closed.plugin).warning(
                "leak: plugin {} still holds a {} closed {:.0f} s ago (scope {}): {}",
                closed.plugin,
                closed.what,
                (now - closed.closed_at).total_seconds(),
                closed.scope,
                chain_to(view),
            )
        self._closed = waiting
        self._counters.leaked = len(self._reported)
        return self._counters.leaked
