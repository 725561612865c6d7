"""Pictures, drawn in a process of their own: matplotlib takes 100 MB, and holds whoever draws."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.worker import Worker, WorkerLost

__all__ = ["Panel", "Pictures", "Point", "WorkerLost"]

SCRIPT = Path(__file__).with_name("drawing.py")

LIMIT_SECONDS = 60.0
"""A picture takes a tenth of a second. The first of all has matplotlib look for the fonts there
are, which can take long."""

IDLE_SECONDS = 60.0

MOST_POINTS = 400
"""Of a line: there are no more pixels for it."""

Point = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes; those of a picture stand below each other and share their time.

    Attributes:
        axis: what stands beside the values.
        lines: by the name of each: (when, value), oldest first.
        steps: whether a value stays until the next, instead of moving towards it.
    """

    axis: str
    lines: Mapping[str, Sequence[Point]]
    steps: bool = False


class Pictures:
    """Draws pictures, with a process that starts with the first and ends a minute after the last.

    Args:
        idle_seconds: how long it stays without anything to draw.
    """

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self.worker = Worker(
            SCRIPT,
            "draws pictures",
            limit_seconds=LIMIT_SECONDS,
            idle_seconds=idle_seconds,
        )

    async def over_time(self, *panels: Panel, least_days: float = 0.0) -> bytes:
        """A PNG of values over time, 800 by 400 pixels; higher with more than one panel.

        Args:
            least_days: how many days there are on the time's axis at least.

        Raises:
            WorkerLost: when it could not be drawn.
        """
        drawn = {
            "least_days": least_days,
            "panels": [
                {
                    "axis": panel.axis,
                    "steps": panel.steps,
                    "lines": [
                        {
                            "name": name,
                            "points": [(at.timestamp(), value) for at, value in _fewer(points)],
                        }
                        for name, points in panel.lines.items()
                    ],
                }
                for panel in panels
            ],
        }
        return await self.worker.ask(json.dumps(drawn).encode())

    async def close(self) -> None:
        """End the process."""
        await self.worker.close()


def _fewer(points: Sequence[Point]) -> Sequence[Point]:
    """So many at most, evenly taken, the last always."""
    step = -(-len(points) // MOST_POINTS)
    return points[::-1][::step][::-1] if step > 1 else points
