"""Which thresholds stay passed: told once each time, and again only after they were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Alarm", "Alarms"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A value that is watched.

    Attributes:
        name: the key of the sentences about it.
        most: what it must not exceed.
    """

    name: str
    value: float
    most: float

    @property
    def is_passed(self) -> bool:
        """Whether it exceeds that now."""
        return self.value > self.most


class Alarms:
    """Remembers how long each threshold has been passed.

    Args:
        after: at so many looks in a row it is told.
    """

    def __init__(self, after: int) -> None:
        self._after = after
        self._in_a_row: Counter[str] = Counter()

    def look(self, alarms: Iterable[Alarm]) -> list[Alarm]:
        """What is to be told now."""
        told: list[Alarm] = []
        for alarm in alarms:
            if not alarm.is_passed:
                del self._in_a_row[alarm.name]
                continue
            self._in_a_row[alarm.name] += 1
            if self._in_a_row[alarm.name] == self._after:
                told.append(alarm)
        return told
