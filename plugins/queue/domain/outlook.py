"""Why somebody waits: who could play them now, and what stands between them and the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from plugins.queue.domain.pairing import Candidate, Rule, Window

__all__ = ["Outlook", "estimate", "look_out"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What somebody who waits can expect.

    Attributes:
        suitable: how many who wait could play them at the next wave.
        too_far: how many have a rating too far away as yet.
        same_group: how many wait with factions of their own group only.
        playing: how many would suit them, but are in a match.
        nearest_gap: the smallest gap to anybody who waits and whose group suits, in points.
        waves_to_go: in how many waves that gap is allowed, if neither leaves: 1 is the next; None
            when nobody's group suits, or no wave ever allows it.
    """

    suitable: int = 0
    too_far: int = 0
    same_group: int = 0
    playing: int = 0
    nearest_gap: int | None = None
    waves_to_go: int | None = None


def look_out(
    own: Candidate,
    waiting: Sequence[Candidate],
    playing: Sequence[Candidate],
    window: Window,
    rule: Rule,
) -> Outlook:
    """What `own` can expect of the others that wait or play."""
    suitable = too_far = same_group = 0
    nearest: int | None = None
    soonest: int | None = None
    for other in waiting:
        if other.player_id == own.player_id:
            continue
        gap = _gap(own, other, rule)
        if gap is None:
            same_group += 1
            continue
        nearest = gap if nearest is None else min(nearest, gap)
        to_go = _waves_to_go(gap, max(own.waves, other.waves), window)
        if to_go is not None:
            soonest = to_go if soonest is None else min(soonest, to_go)
        if to_go == 1:
            suitable += 1
        else:
            too_far += 1
    busy = 0
    for other in playing:
        gap = _gap(own, other, rule)
        busy += gap is not None and gap <= window.of(own.waves)
    return Outlook(suitable, too_far, same_group, busy, nearest, soonest)


def _gap(one: Candidate, other: Candidate, rule: Rule) -> int | None:
    """The smallest gap between two players' choices; None when their groups do not suit."""
    gaps = [
        abs(a.rating - b.rating)
        for a in one.choices
        for b in other.choices
        if rule is Rule.ANY or a.group != b.group
    ]
    return min(gaps, default=None)


def _waves_to_go(gap: int, waited: int, window: Window) -> int | None:
    """The first wave, 1 being the next, at which either's window allows the gap."""
    missing = gap - window.of(waited)
    if missing <= 0:
        return 1
    return 1 + ceil(missing / window.growth) if window.growth else None


def estimate(
    outlook: Outlook,
    *,
    wave_seconds: float,
    until_wave: float,
    waited: float,
    usual: float | None,
) -> float | None:
    """How much longer somebody will probably wait, in seconds; None when nothing can be said.

    With somebody in reach it is the wave at which the gap is allowed. With nobody it is what is
    left of the usual wait.

    Args:
        wave_seconds: the time between two waves.
        until_wave: the time to the next one.
        waited: how long they have waited.
        usual: how long others waited lately.
    """
    if outlook.waves_to_go is not None:
        return until_wave + (outlook.waves_to_go - 1) * wave_seconds
    if usual is not None:
        return max(usual - waited, until_wave)
    return None
