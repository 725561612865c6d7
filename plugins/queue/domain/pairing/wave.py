"""A wave from candidates to pairings, in this process."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.queue.domain.pairing.candidates import Candidate, Pairing, Rule, Window
from plugins.queue.domain.pairing.matching import best_pairs
from plugins.queue.domain.pairing.packing import WavePacker

__all__ = ["pair"]


def pair(waiting: Sequence[Candidate], window: Window, rule: Rule = Rule.ANY) -> list[Pairing]:
    """Pair those who wait.

    Two may meet if they are different players, the rule allows their groups, and the gap between
    their ratings is at most the larger of both windows. Where several of their factions allow it
    they play those with the smallest gap.

    Of all ways to pair, it takes the one with

    1. the most pairs,
    2. of those, the most waves waited, summed over all who are paired,
    3. of those, the smallest sum of squared gaps;

    exactly up to 300 candidates, nearly above. The same candidates, in any order, give the same
    pairings, ordered by entry id.

    It takes a millisecond for 30 candidates and 50 for 300, and holds the interpreter's lock all
    the while: for large waves see ``plugins.queue.matchmaker``.

    Raises:
        ValueError: when a candidate has no choice, or an entry is there twice.
    """
    packer = WavePacker(window, rule)
    packer.add(sorted(waiting, key=lambda candidate: candidate.entry_id))
    return packer.unpack(best_pairs(packer.packed()))
