"""Ranks: shares of those who have played, best first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

__all__ = ["last_positions", "rank_at"]


def last_positions(shares: Sequence[float], total: int) -> list[int]:
    """The last position of each rank among `total` players.

    A position p is of the first rank with (p - 1) / total below the shares up to that rank, so the
    best is of the first rank, however few they are.

    Args:
        shares: in percent, best first, together 100.
    """
    ends: list[int] = []
    reached = Fraction(0)
    for share in shares:
        reached += Fraction(str(share))  # as it is written: 33.3 is not the float's 33.2999...
        ends.append(min(total, ceil(reached * total / 100)))
    ends[-1] = total  # the shares may miss 100 by what config.toml's check forgives
    return ends


def rank_at(shares: Sequence[float], position: int, total: int) -> int:
    """The index of the rank of a position, from 1, among `total` players."""
    for index, last in enumerate(last_positions(shares, total)):
        if position <= last:
            return index
    raise ValueError(f"there is no position {position} among {total}")
