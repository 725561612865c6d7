"""Ratings as a fold over what moved them, in the order in which it did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from plugins.queue.domain.elo import Elo

__all__ = [
    "Adjustment",
    "Item",
    "Move",
    "Ratings",
    "Result",
    "Standing",
    "Which",
    "replay",
]


class Which(NamedTuple):
    """Which rating: that of a player with a faction, on the ladder in question."""

    player_id: int
    faction: str


Move = tuple[int, int]
"""A rating before something moved it, and after. Plain, like all that there is one of a match:
of a hundred thousand matches the collector would otherwise have a million objects to look through.
"""


class Result(NamedTuple):
    """A match that was decided.

    Attributes:
        order: its place among all that moved the ladder's ratings: that of its first decision
            with a score, however often it was decided anew.
        one, other: the ratings of side 0 and of side 1.
        score: of side 0, as it was decided last: 1, 0.5 or 0; None when it counts for nothing.
        elo: the rating system of that time.
    """

    order: int
    match_id: int
    one: Which
    other: Which
    score: float | None
    elo: Elo


class Adjustment(NamedTuple):
    """Points that an admin gave to a rating, or took from it.

    Attributes:
        order: as of a result.
        start: where the rating begins if this is the first that moves it.
    """

    order: int
    which: Which
    points: int
    start: int


Item = Result | Adjustment


@dataclass(slots=True)
class Standing:
    """A rating, and what it rests on."""

    value: int
    games: int = 0
    wins: int = 0
    draws: int = 0

    def add(self, points: int, score: float, games: int = 1) -> None:
        """Count `games` games of that score; -1 takes one back."""
        self.value += points
        self.games += games
        if score == 1.0:
            self.wins += games
        elif score == 0.5:
            self.draws += games


@dataclass(slots=True)
class Ratings:
    """The ratings of a ladder after some items, and what each match did to them.

    Attributes:
        standings: of everybody who was in one of them.
        moves: of each match that counts: of side 0 and of side 1.
    """

    standings: dict[Which, Standing] = field(default_factory=dict[Which, Standing])
    moves: dict[int, tuple[Move, Move]] = field(default_factory=dict[int, tuple[Move, Move]])

    def add(self, item: Item) -> None:
        """Add the next item. Items come in their order."""
        if isinstance(item, Adjustment):
            self._of(item.which, item.start).value += item.points
        elif item.score is not None:
            self._rate(item, item.score)

    def take_back(self, item: Item, moves: tuple[Move, Move] | None = None) -> None:
        """Undo the last item, of which `moves` tells what it did to the ratings."""
        if isinstance(item, Adjustment):
            self._of(item.which, item.start).value -= item.points
        elif item.score is not None and moves is not None:
            for which, (before, after), score in (
                (item.one, moves[0], item.score),
                (item.other, moves[1], 1.0 - item.score),
            ):
                self._of(which, item.elo.start).add(before - after, score, games=-1)

    def _rate(self, item: Result, score: float) -> None:
        one = self._of(item.one, item.elo.start)
        other = self._of(item.other, item.elo.start)
        before, other_before = one.value, other.value
        gain = item.elo.change(before, other_before, score)
        one.add(gain, score)
        other.add(-gain, 1.0 - score)
        self.moves[item.match_id] = (before, before + gain), (other_before, other_before - gain)

    def _of(self, which: Which, start: int) -> Standing:
        standing = self.standings.get(which)
        if standing is None:
            standing = self.standings[which] = Standing(start)
        return standing


def replay(items: Iterable[Item]) -> Ratings:
    """The ratings after all `items`, given in any order."""
    ratings = Ratings()
    for item in sorted(items, key=lambda item: item.order):
        ratings.add(item)
    return ratings
