"""The key of a notice's view: one a match, player and notice."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["NoticeKey"]


class NoticeKey(NamedTuple):
    """``175.9.shield_battery_bug``"""

    match_id: int
    player_id: int
    notice: str

    def __str__(self) -> str:
        return f"{self.match_id}.{self.player_id}.{self.notice}"

    @classmethod
    def parse(cls, key: str) -> NoticeKey:
        """The key as it stands in a custom_id."""
        match_id, player_id, notice = key.split(".", 2)
        return cls(int(match_id), int(player_id), notice)
