"""What a soak plays: how many matches, by how many, and how they end."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

__all__ = ["MIX", "QUICK", "Outcome", "Plan", "parse_mix"]


class Outcome(StrEnum):
    """How two players mean to end their match."""

    COMPLETE = "complete"
    ABORT = "abort"
    CONFLICT = "conflict"
    TIMEOUT = "timeout"
    """One of them does nothing: half of these never confirm, half never report."""


MIX: Mapping[Outcome, int] = MappingProxyType(
    {Outcome.COMPLETE: 85, Outcome.ABORT: 8, Outcome.CONFLICT: 4, Outcome.TIMEOUT: 3}
)

QUICK: Mapping[str, Any] = MappingProxyType(
    {
        "wave_seconds": 0.5,
        "window_base": 1_000,
        "confirm_seconds": 15,
        "report_seconds": 15,
        "room_close_seconds": 0,
        "aborts_a_month": 1_000,
    }
)
"""The ladder's settings. Deadlines are long enough for whoever means to keep them on a busy
machine, and short enough not to bind many players."""


@dataclass(frozen=True)
class Plan:
    """One soak.

    Attributes:
        mix: the shares of the outcomes, of their sum.
        limited: whether the sandbox and the bot keep to Discord's rate limits.
        leaky: whether closed views stay referenced, as stock disnake keeps them.
        menus: of how many joins one goes through the menus; the others name a faction at once.
    """

    matches: int
    players: int = 32
    mix: Mapping[Outcome, int] = field(default_factory=lambda: MIX)
    limited: bool = False
    leaky: bool = False
    menus: int = 3

    def draw(self, chance: random.Random) -> Outcome:
        """How the next match ends."""
        return chance.choices(list(self.mix), list(self.mix.values()))[0]


def parse_mix(text: str) -> Mapping[Outcome, int]:
    """The shares of ``complete:abort:conflict:timeout``.

    Raises:
        ValueError: when it is not four whole numbers, none negative and not all zero.
    """
    parts = text.split(":")
    if len(parts) != len(Outcome) or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(
            f"{text!r} is not four whole numbers, {':'.join(Outcome)}, such as"
            f" {':'.join(map(str, MIX.values()))}"
        )
    shares = dict(zip(Outcome, map(int, parts), strict=True))
    if not any(shares.values()):
        raise ValueError(f"{text!r}: one of the shares must be above zero")
    return shares
