"""How the bot's memory goes, measured from outside of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from statistics import linear_regression
from typing import NamedTuple

import psutil

__all__ = ["MemoryCurve", "Sample"]

SAMPLE_SECONDS = 0.5
MEGABYTE = 1024 * 1024

WARM = 0.1
"""By so much of the matches everything that is made once has been made."""


class Sample(NamedTuple):
    """The bot's resident memory when so many matches had ended."""

    matches: int
    megabytes: float


class MemoryCurve:
    """Samples of a process.

    Args:
        matches: how many have ended.
    """

    def __init__(self, pid: int, matches: Callable[[], int]) -> None:
        self._process = psutil.Process(pid)
        self._matches = matches
        self.samples: list[Sample] = []

    async def watch(self) -> None:
        """Take samples until cancelled or the process ends."""
        while self.take():  # noqa: ASYNC110  nobody could set an event
            await asyncio.sleep(SAMPLE_SECONDS)

    def take(self) -> bool:
        """Take one. False when the process has ended."""
        try:
            resident = self._process.memory_info().rss
        except psutil.NoSuchProcess:
            return False
        self.samples.append(Sample(self._matches(), resident / MEGABYTE))
        return True

    @property
    def after_warming_up(self) -> list[Sample]:
        """The samples from a tenth of the matches on."""
        most = self.samples[-1].matches if self.samples else 0
        return [sample for sample in self.samples if sample.matches >= WARM * most]

    def figures(self) -> dict[str, float]:
        """Megabytes at a tenth of the matches and at the end, and the slope of the line through
        what is between, in megabytes for 1,000 matches."""
        warm = self.after_warming_up
        counts = [float(sample.matches) for sample in warm]
        sizes = [sample.megabytes for sample in warm]
        slope = linear_regression(counts, sizes).slope if len({*counts}) > 1 else 0.0
        return {
            "warm": round(sizes[0], 1) if sizes else 0.0,
            "end": round(sizes[-1], 1) if sizes else 0.0,
            "slope_per_1000": round(1_000 * slope, 2),
        }
