"""What is counted of waves and of the pairs they make."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from core.figures import Values
from core.plugin import PluginContext
from plugins.queue.config import QueueConfig
from plugins.queue.service.board import Boards

__all__ = ["WaveFigures"]

GAPS = (10, 25, 50, 75, 100, 150, 200, 300, 500, 1_000)
"""Points."""

WAITS = (15, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 3_600)
"""Seconds."""


class WaveFigures:
    """The figures of the queue, by ladder."""

    def __init__(self, context: PluginContext[QueueConfig], boards: Boards) -> None:
        self._context = context
        self._boards = boards
        figures, labels = context.figures, ("ladder",)
        self._seconds = figures.distribution(
            "wave_seconds", "What a wave took, from reading to the last match.", labels=labels
        )
        self._gaps = figures.distribution(
            "pairing_gap_points", "Gaps in rating of pairs.", bounds=GAPS, labels=labels
        )
        self._waits = figures.distribution(
            "wait_seconds", "What players waited for their match.", bounds=WAITS, labels=labels
        )
        figures.show("waiting", "Players who wait.", self._waiting, labels=labels)
        figures.show("running_matches", "Matches that run.", self._running, labels=labels)

    @contextmanager
    def wave(self, ladder: str) -> Generator[None]:
        """Time a wave."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._seconds.note(time.monotonic() - began, ladder)

    def paired(self, ladder: str, gap: float, waits: Iterable[float]) -> None:
        """Two have been paired.

        Args:
            gap: between their ratings, in points.
            waits: what each has waited, in seconds.
        """
        self._gaps.note(gap, ladder)
        for wait in waits:
            self._waits.note(wait, ladder)

    async def _waiting(self) -> Values:
        ladders = self._context.config.ladders
        return {(one.name,): len((await self._boards.of(one)).waiting) for one in ladders}

    async def _running(self) -> Values:
        ladders = self._context.config.ladders
        return {(one.name,): (await self._boards.of(one)).matches for one in ladders}
