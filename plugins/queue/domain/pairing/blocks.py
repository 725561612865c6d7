"""How a wave too large to be matched as a whole is cut into blocks, each to be matched alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from plugins.queue.domain.pairing.packing import Int64

__all__ = ["BLOCK", "across", "neighbours"]

BLOCK = 200
"""Entries in a block: the time of a matching grows with the square of it or worse."""

LEFT_OVER = 60
"""How many of them, in a block across all ratings, have no mate."""


def neighbours(rating: Int64, mate: Int64, *, shift: float) -> Iterator[Int64]:
    """Blocks of those next to each other by rating. No pair is divided.

    Args:
        rating: of each entry.
        mate: of each entry its mate, or -1.
        shift: by how much of a block all borders are moved, from 0 to 1.
    """
    units = _by_rating(rating, mate, np.arange(len(mate)))
    count = max(2, round(len(mate) / BLOCK))
    cuts = (np.arange(1, count + 1) - shift) * len(units) / count
    for part in np.split(units, cuts.astype(np.int64)):
        if len(part):
            yield _with_mates(part, mate)


def across(rating: Int64, mate: Int64) -> Iterator[Int64]:
    """Blocks in which those without a mate meet pairs of every rating.

    One who is left over at one end and one at the other are brought together by many small steps,
    each pair between them moving on by one.
    """
    left = _by_rating(rating, mate, np.flatnonzero(mate < 0))
    pairs = _by_rating(rating, mate, np.flatnonzero(mate >= 0))
    count = -(-len(left) // LEFT_OVER)
    stride = max(count, 2 * len(pairs) // (BLOCK - LEFT_OVER))
    for first in range(count):
        yield _with_mates(np.concatenate((left[first::count], pairs[first::stride])), mate)


def _by_rating(rating: Int64, mate: Int64, entries: Int64) -> Int64:
    """Those of `entries` without a mate, and one of each pair, by rating; a pair by its mean."""
    units = entries[(mate[entries] < 0) | (mate[entries] > entries)]
    partner = np.where(mate[units] < 0, units, mate[units])
    return units[np.argsort(rating[units] + rating[partner], kind="stable")]


def _with_mates(units: Int64, mate: Int64) -> Int64:
    mates = mate[units]
    return np.sort(np.concatenate((units, mates[mates >= 0])))
