"""Count the failures of each plugin, and tell when one fails too often to be left running."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable

from core.blame import is_the_plugins
from core.clock import Clock

__all__ = ["FailureLedger"]


class FailureLedger:
    """Failures of plugins within a sliding window.

    Args:
        limit: so many failures within the window are too many.
        window_seconds: the length of the window.
        on_too_many: told the plugin's name, once each time the limit is reached.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        limit: int,
        window_seconds: float,
        on_too_many: Callable[[str], object],
    ) -> None:
        self._clock = clock
        self._limit = limit
        self._window = window_seconds
        self._on_too_many = on_too_many
        self._recent: dict[str, deque[float]] = {}
        self.total: Counter[str] = Counter()
        """All failures since the process started, by plugin."""

    def failed(self, plugin: str, where: str, error: Exception) -> None:
        """Note one failure. Whoever calls it has logged it."""
        del where
        if not is_the_plugins(error):
            return
        self.total[plugin] += 1
        now = self._clock.now().timestamp()
        recent = self._recent.setdefault(plugin, deque(maxlen=self._limit))
        recent.append(now)
        if len(recent) == self._limit and now - recent[0] <= self._window:
            recent.clear()
            self._on_too_many(plugin)
