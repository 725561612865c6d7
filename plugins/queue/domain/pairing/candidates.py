"""Those who wait, what they may be paired by, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["MOST", "Candidate", "Choice", "Pairing", "Rule", "Seat", "Window"]

MOST = 1_000_000
"""The largest rating, either sign, and the most waves that are told apart. Values beyond count as
this much, so that the weights of the matching stay far below the 127 bits there are for them."""


class Rule(StrEnum):
    """Which groups may meet."""

    ANY = "any"
    """All of them."""
    CROSS = "cross"
    """Only two that differ, such as Brood War against StarCraft II."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the factions somebody waits with.

    Attributes:
        faction: what they would play.
        group: the group it belongs to; of matter for ``Rule.CROSS`` alone.
        rating: theirs with it, in points.
    """

    faction: str
    group: str
    rating: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that waits.

    Attributes:
        entry_id: the queue entry; no two of a wave share it.
        player_id: the player; nobody is paired with themselves.
        waves: how many waves they have waited, 0 or more.
        choices: the factions they would play, at least one. Of two that make for the same gap the
            earlier is taken.
    """

    entry_id: int
    player_id: int
    waves: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """How far apart two ratings may be: `base` points, and `growth` more for each wave waited."""

    base: int = 100
    growth: int = 50

    def of(self, waves: int) -> int:
        """The widest gap that somebody accepts who has waited so many waves, in points."""
        return self.base + self.growth * waves


@dataclass(frozen=True, slots=True)
class Seat:
    """A candidate in a match, and the faction they play there."""

    candidate: Candidate
    choice: Choice


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two who meet. The lower entry id is `one`."""

    one: Seat
    other: Seat

    @property
    def seats(self) -> tuple[Seat, Seat]:
        """Both."""
        return (self.one, self.other)

    @property
    def gap(self) -> int:
        """How far apart they are in rating, in points."""
        return abs(self.one.choice.rating - self.other.choice.rating)
