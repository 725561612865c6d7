"""Those who wait in the benchmark."""

from __future__ import annotations

from random import Random

from plugins.queue.domain.pairing import Candidate, Choice

__all__ = ["GROUPS", "MEAN", "SPREAD", "choices", "crowd"]

GROUPS = {"BW": 40, "SC2": 40, "both": 20}
"""Which group somebody queues with, in percent."""

MEAN, SPREAD = 1500, 250
"""Ratings are normal, and those of one player in both groups independent of each other."""

MOST_WAVES = 4


def crowd(waiting: int, seed: int) -> list[Candidate]:
    """So many candidates; each has waited 1 to 4 waves."""
    random = Random(seed)
    return [
        Candidate(number, number, random.randint(1, MOST_WAVES), choices(random))
        for number in range(1, waiting + 1)
    ]


def choices(random: Random) -> tuple[Choice, ...]:
    """What somebody queues with."""
    (queued,) = random.choices(list(GROUPS), list(GROUPS.values()))
    groups = ("BW", "SC2") if queued == "both" else (queued,)
    return tuple(Choice(group, group, round(random.gauss(MEAN, SPREAD))) for group in groups)
