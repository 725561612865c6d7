"""Views of processes that are gone for good: nobody but another process can end them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger

from core.clock import Clock
from core.db.ownership import living
from core.models import ViewKind, ViewRecord, ViewState
from core.views.reasons import CloseReason

__all__ = ["AbandonedViews"]

SWEEP_SECONDS = 60.0


class AbandonedViews:
    """Ends the short and adopted views of processes that do not run, and the ends they had begun.

    Their state was in a memory that is gone, so none of them is worth waiting for its deadline.
    Every process looks: compare-and-set decides which of them ends a view.
    """

    def __init__(
        self,
        clock: Clock,
        close: Callable[[int, CloseReason], Awaitable[bool]],
        *,
        process: str,
    ) -> None:
        self._clock = clock
        self._close = close
        self._process = process

    async def run(self) -> None:
        """Look now and every minute, until cancelled."""
        never = asyncio.Event()
        while True:
            try:
                await self._sweep()
            except Exception as error:
                logger.opt(exception=error).error("abandoned views cannot be ended, trying again")
            await self._clock.wait(never, SWEEP_SECONDS)

    async def _sweep(self) -> None:
        others = ViewRecord.filter(process__not_isnull=True).exclude(process=self._process)
        names = {str(row["process"]) for row in await others.distinct().values("process")}
        gone = names - await living(names)
        theirs = ViewRecord.filter(process__in=gone)
        # As this process's own it goes on with them.
        await theirs.filter(state=ViewState.CLOSING).update(process=self._process)
        kinds = (ViewKind.SHORT, ViewKind.ADOPTED)
        for record in await theirs.filter(state=ViewState.OPEN, kind__in=kinds).only("id"):
            await self._close(record.id, CloseReason.SHUTDOWN)
