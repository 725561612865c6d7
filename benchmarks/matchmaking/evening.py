"""An evening in the queue, simulated: players come, wait, play, and come again or go home."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from statistics import mean, median, quantiles

from benchmarks.matchmaking.crowd import choices
from plugins.queue.domain.pairing import Candidate, Choice, Pairing, Rule, Window

__all__ = ["Evening", "Policy", "Session", "spend_evening"]

Policy = Callable[[Sequence[Candidate], Window, Rule], Awaitable[list[Pairing]]]


@dataclass(frozen=True, slots=True)
class Session:
    """What the evening is like.

    Attributes:
        players: how many come, as a Poisson process spread over the arrival hours.
        hours: how long it lasts; they come in the first half of it.
        wave_seconds: how often those waiting are paired.
        match_seconds: how long a match takes at the mean; it varies by a third either way.
        again: how likely somebody queues again after a match, from 0 to 1.
    """

    players: int
    hours: float = 4.0
    wave_seconds: float = 45.0
    match_seconds: float = 1200.0
    again: float = 0.8


@dataclass(frozen=True, slots=True)
class Evening:
    """What came of it.

    Attributes:
        matches: how many were made.
        unmatched: how many waited in vain when it ended.
        wait_median, wait_p95: seconds from joining to the match, of those who got one.
        gap_median, gap_p95, gap_rms: points between those who met.
    """

    matches: int
    unmatched: int
    wait_median: float
    wait_p95: float
    gap_median: float
    gap_p95: float
    gap_rms: float


@dataclass(slots=True)
class _Waiter:
    player_id: int
    choices: tuple[Choice, ...]
    joined: float
    waves: int = 0


async def spend_evening(session: Session, policy: Policy, seed: int) -> Evening:
    """Spend an evening with waves that `policy` pairs, under the rule ``cross``.

    The same seed brings the same players at the same times to every policy; what they do after a
    match is drawn for each player apart, so that it does not depend on who met whom. The clock is
    moved from wave to wave.
    """
    end = session.hours * 3600
    coming = _arrivals(session, seed)
    fates = {waiter.player_id: Random(f"{seed} {waiter.player_id}") for waiter in coming}
    waiting: dict[int, _Waiter] = {}
    entry_ids = count(1)
    waits: list[float] = []
    gaps: list[int] = []
    now = 0.0
    while now < end:
        now += session.wave_seconds
        for waiter in sorted(coming, key=lambda w: (w.joined, w.player_id)):
            if waiter.joined <= now:
                coming.remove(waiter)
                waiting[next(entry_ids)] = waiter
        wave = [
            Candidate(entry_id, waiter.player_id, waiter.waves, waiter.choices)
            for entry_id, waiter in waiting.items()
        ]
        for pairing in await policy(wave, Window(), Rule.CROSS):
            gaps.append(pairing.gap)
            for seat in pairing.seats:
                waiter = waiting.pop(seat.candidate.entry_id)
                waits.append(now - waiter.joined)
                fate = fates[waiter.player_id]
                over = now + session.match_seconds * fate.uniform(2 / 3, 4 / 3)
                if fate.random() < session.again:
                    coming.append(_Waiter(waiter.player_id, waiter.choices, over))
        for waiter in waiting.values():
            waiter.waves += 1
    return Evening(
        matches=len(gaps),
        unmatched=len(waiting),
        wait_median=median(waits),
        wait_p95=quantiles(waits, n=20)[-1],
        gap_median=median(gaps),
        gap_p95=quantiles(gaps, n=20)[-1],
        gap_rms=mean(gap**2 for gap in gaps) ** 0.5,
    )


def _arrivals(session: Session, seed: int) -> list[_Waiter]:
    random = Random(seed)
    between = session.hours * 3600 / 2 / session.players
    now = 0.0
    coming: list[_Waiter] = []
    for player_id in range(1, session.players + 1):
        now += random.expovariate(1 / between)
        coming.append(_Waiter(player_id, choices(random), now))
    return coming
