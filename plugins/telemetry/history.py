"""The last hours: a point a minute, and no more than fit."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import NamedTuple

__all__ = ["EVERY", "HOURS", "History", "Moment"]

HOURS = 12

EVERY = timedelta(minutes=1)


class Moment(NamedTuple):
    """How the bot stood."""

    at: datetime
    rss_megabytes: float
    open_views: int
    matches: int


class History:
    """What ``/telemetry chart`` draws: 720 moments, about 100 KB."""

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque(maxlen=int(timedelta(hours=HOURS) / EVERY))

    def add(self, moment: Moment) -> None:
        """Remember a moment, and forget what is too old."""
        self._moments.append(moment)

    def since(self, at: datetime) -> list[Moment]:
        """The moments from then on, oldest first."""
        return [moment for moment in self._moments if moment.at >= at]
