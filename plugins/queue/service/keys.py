"""The key of a match's view: the match in its thread, or one side's own in direct messages."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["MatchKey"]


class MatchKey(NamedTuple):
    """``175`` in a thread that both share, ``175.0`` and ``175.1`` in direct messages."""

    match_id: int
    side: int | None = None

    def __str__(self) -> str:
        return f"{self.match_id}" if self.side is None else f"{self.match_id}.{self.side}"

    @classmethod
    def parse(cls, key: str) -> MatchKey:
        """The key as it stands in a custom_id."""
        number, _, side = key.partition(".")
        return cls(int(number), int(side) if side else None)

    @classmethod
    def all_of(cls, match_id: int) -> list[str]:
        """Every key that a view of this match may have."""
        return [str(cls(match_id, side)) for side in (None, 0, 1)]
