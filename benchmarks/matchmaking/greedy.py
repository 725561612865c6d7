"""The pairing that came before, for comparison: whoever has waited longest chooses first."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.queue.domain.pairing import Candidate, Pairing, Rule, Seat, Window

__all__ = ["pair_greedily"]


def pair_greedily(
    waiting: Sequence[Candidate], window: Window, rule: Rule = Rule.ANY
) -> list[Pairing]:
    """Pair those who wait, one after another.

    1. Whoever has waited longest chooses first.
    2. They get the nearest rating among those still free, if either one's window allows the gap.
    3. Whoever finds nobody waits for the next wave, with a wider window.
    """
    pairings: list[Pairing] = []
    free = sorted(waiting, key=lambda candidate: (-candidate.waves, candidate.entry_id))
    while free:
        chooser = free.pop(0)
        met = [
            pairing
            for other in free
            if other.player_id != chooser.player_id
            and (pairing := _nearest(chooser, other, rule))
            and pairing.gap <= max(window.of(chooser.waves), window.of(other.waves))
        ]
        if met:
            best = min(met, key=lambda pairing: pairing.gap)
            free.remove(best.other.candidate)
            pairings.append(best)
    return pairings


def _nearest(one: Candidate, other: Candidate, rule: Rule) -> Pairing | None:
    meetings = [
        Pairing(Seat(one, mine), Seat(other, theirs))
        for mine in one.choices
        for theirs in other.choices
        if rule is Rule.ANY or mine.group != theirs.group
    ]
    return min(meetings, key=lambda pairing: pairing.gap, default=None)
