"""How long interactions wait for their first answer: Discord gives up after three seconds."""

from __future__ import annotations

import time

from core.context import current_plugin
from core.figures import Distribution

__all__ = ["AnswerTimes"]

MOST_WAITING = 10_000
"""Of interactions that were never answered, so many are kept."""

BOUNDS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


class AnswerTimes:
    """From the arrival of an interaction to Discord's receipt of the answer to it.

    Attributes:
        seconds: by the plugin that answered.
    """

    def __init__(self) -> None:
        self.seconds = Distribution(BOUNDS)
        self._arrived: dict[int, float] = {}

    def arrived(self, interaction_id: int) -> None:
        """Discord has told of an interaction."""
        self._arrived[interaction_id] = time.monotonic()
        if len(self._arrived) > MOST_WAITING:
            del self._arrived[next(iter(self._arrived))]

    def answered(self, interaction_id: int) -> None:
        """It has been acknowledged, on behalf of the plugin that acts now."""
        arrived = self._arrived.pop(interaction_id, None)
        if arrived is not None:
            self.seconds.note(time.monotonic() - arrived, current_plugin.get() or "core")
