"""Elo ratings, in whole points."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Elo"]


@dataclass(frozen=True, slots=True)
class Elo:
    """The rating system of A. Elo (*The Rating of Chessplayers*, 1978), logistic form.

    Attributes:
        k: the most points a match can move, above 0.
        divisor: the gap, in points, at which the stronger is expected to score ten times as much
            as the weaker. Elo's own is 400.
        start: the rating of whoever has not played.
    """

    k: int = 40
    divisor: int = 500
    start: int = 1500

    def expected(self, own: int, other: int) -> float:
        """The score expected of a player rated `own` against `other`, between 0 and 1."""
        # Beyond a float's range it is certain anyway.
        exponent = min(300.0, (other - own) / self.divisor)
        return 1.0 / (1.0 + 10.0**exponent)

    def change(self, own: int, other: int, score: float) -> int:
        """The points that `own` gains, and `other` loses.

        Args:
            score: 1 for a win, 0.5 for a draw, 0 for a loss.
        """
        return round(self.k * (score - self.expected(own, other)))
