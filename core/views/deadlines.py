"""Views end in time: each record holds its deadlines, so they pass even while the bot is down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger
from tortoise.expressions import Q

from core.clock import Clock
from core.db import as_datetime, fetch
from core.models import ViewRecord, ViewState
from core.views.closing import Closer
from core.views.reasons import CloseReason

__all__ = ["ViewDeadlines"]

POLL_SECONDS = 5.0
BATCH = 100


class ViewDeadlines:
    """Closes views whose idle or absolute deadline has passed.

    Durable views are anybody's to close, by compare-and-set; short ones are their process's own.

    Args:
        rest: puts to rest what is due; see ``Redrawing.rest``.
    """

    def __init__(
        self,
        clock: Clock,
        closer: Closer,
        *,
        process: str,
        rest: Callable[[], Awaitable[None]],
    ) -> None:
        self._clock = clock
        self._rest = rest
        self._closer = closer
        self._process = process
        self.changed = asyncio.Event()
        """Set when a view with a deadline was opened."""

    async def run(self) -> None:
        """Close what is overdue, sleep until the nearest deadline, until cancelled."""
        while True:
            self.changed.clear()
            try:
                seconds = await self._close_overdue()
            except Exception as error:
                logger.opt(exception=error).error("view deadlines cannot be read, trying again")
                seconds = POLL_SECONDS
            await self._clock.wait(self.changed, seconds)

    async def overdue(self, limit: int) -> list[int]:
        """Up to so many of the open views that should have ended by now."""
        now = self._clock.now()
        mine = Q(process__isnull=True) | Q(process=self._process)
        overdue = Q(deadline__lte=now) | Q(idle_deadline__lte=now)
        records = ViewRecord.filter(mine, overdue, state=ViewState.OPEN)
        return [record.id for record in await records.only("id").limit(limit)]

    async def _close_overdue(self) -> float:
        now = self._clock.now()
        await self._closer.take_up()
        await self._rest()
        await ViewRecord.filter(token_expires_at__lt=now).update(token=None, token_expires_at=None)
        overdue = await self.overdue(BATCH)
        await self._closer.close_all(overdue, CloseReason.TIMEOUT)
        if len(overdue) == BATCH:
            return 0.0
        row = (
            await fetch(
                "SELECT min(deadline) AS a, min(idle_deadline) AS b, min(rest_at) AS c"
                " FROM core_view WHERE state = 'open' AND (process IS NULL OR process = $1)",
                self._process,
            )
        )[0]
        nearest = [as_datetime(value) for value in row.values() if value is not None]
        left = min((at - self._clock.now()).total_seconds() for at in nearest) if nearest else 60.0
        return min(POLL_SECONDS, max(0.0, left))
