"""The pictures of the ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.pictures import Panel
from core.pictures import Pictures as Drawing

__all__ = ["Pictures"]

LEAST_DAYS = 1.0
"""Of the time's axis: somebody's first match is no line of milliseconds."""


class Pictures(Drawing):
    """Draws ratings."""

    async def ratings(
        self, lines: Mapping[str, Sequence[tuple[datetime, int]]], axis: str
    ) -> bytes:
        """A PNG of ratings over time.

        Args:
            lines: by the name of each: (when, rating), oldest first.
            axis: what stands beside the values.

        Raises:
            WorkerLost: when it could not be drawn.
        """
        return await self.over_time(Panel(axis, lines, steps=True), least_days=LEAST_DAYS)
