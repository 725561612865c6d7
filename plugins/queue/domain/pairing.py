"""Who plays whom in a wave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Candidate", "Window", "pair"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who waits.

    Attributes:
        entry_id: the queue entry.
        player_id: the player; nobody is paired with themselves.
        rating: in points.
        waves: how many waves they have waited.
    """

    entry_id: int
    player_id: int
    rating: int
    waves: int


@dataclass(frozen=True, slots=True)
class Window:
    """How far apart two ratings may be: `base` points, and `growth` more for each wave waited."""

    base: int = 100
    growth: int = 50

    def of(self, candidate: Candidate) -> int:
        """The widest gap that the candidate accepts, in points."""
        return self.base + self.growth * candidate.waves


def pair(waiting: Sequence[Candidate], window: Window) -> list[tuple[Candidate, Candidate]]:
    """Pair those who wait.

    1. Whoever has waited longest chooses first.
    2. They get the nearest rating among those still free, if either one's window allows the gap.
    3. Whoever finds nobody waits for the next wave, with a wider window.
    """
    pairs: list[tuple[Candidate, Candidate]] = []
    free = sorted(waiting, key=lambda c: (-c.waves, c.entry_id))
    while free:
        chooser = free.pop(0)
        allowed = [
            other
            for other in free
            if other.player_id != chooser.player_id
            and abs(other.rating - chooser.rating) <= max(window.of(chooser), window.of(other))
        ]
        if allowed:
            best = min(allowed, key=lambda c: (abs(c.rating - chooser.rating), c.entry_id))
            free.remove(best)
            pairs.append((chooser, best))
    return pairs
