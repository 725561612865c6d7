"""The best matching of a packed wave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from plugins.queue.domain.pairing.blocks import across, neighbours
from plugins.queue.domain.pairing.packing import Int32, Int64, PackedWave

__all__ = ["EXACT", "best_pairs"]

EXACT = 300
"""Up to so many entries every pair that may stand is looked at."""

NEAREST = 16
"""Above `EXACT`, each entry is tried with so many of the nearest it may meet, and its mate."""

WHOLE = 1_500
"""Up to so many entries are matched as a whole, more in blocks."""

FEW_LEFT = 8
"""Up to so many who must stay, each gets a bench of their own in the graph: the weights are smaller
then, and the matching takes two thirds of the time."""

FAR = np.int32(2**31 - 1)


def best_pairs(wave: PackedWave) -> Int32:
    """Pair the entries so that, in this order, the number of pairs is the largest, then the waves
    waited by all who are paired, then the sum of the squared gaps the smallest.

    Returns the two choices of each pair by their numbers in the wave, a row a pair, the lower entry
    first and the rows ordered by it.

    It is a maximum weight matching in a general graph, found with the blossom algorithm (J.
    Edmonds, "Paths, trees, and flowers", 1965) in O(n^3) (Z. Galil, "Efficient algorithms for
    finding maximum matching in graphs", ACM Computing Surveys 18, 1986), as rustworkx has it. Above
    `EXACT` entries only the nearest are tried. Above `WHOLE` it is made in blocks: of neighbours by
    rating, whose borders are elsewhere each time; and, for those whom all their neighbours left
    over, of people of every rating. No block makes it worse.
    """
    entries = len(wave.player)
    mate = np.full(entries, -1, np.int64)
    if entries <= EXACT:
        _rematch(wave, mate, np.arange(entries), None)
    else:
        for block in _blocks(wave, mate):
            _rematch(wave, mate, block, NEAREST)
    ones = np.flatnonzero(mate > np.arange(entries))
    return _nearest_choices(wave, ones, mate[ones])


def _blocks(wave: PackedWave, mate: Int64) -> Iterator[Int64]:
    """What to match one after another; `mate` is looked at again before each round of blocks."""
    if len(mate) <= WHOLE:
        yield np.arange(len(mate))
        return
    starts = _starts(wave.owner)
    lowest = np.minimum.reduceat(wave.rating, starts).astype(np.int64)
    highest = np.maximum.reduceat(wave.rating, starts).astype(np.int64)
    yield from neighbours(lowest, mate, shift=0.0)
    yield from neighbours(highest, mate, shift=0.5)
    yield from across(lowest, mate)
    yield from neighbours(lowest, mate, shift=0.25)
    yield from neighbours(highest, mate, shift=0.75)


def _rematch(wave: PackedWave, mate: Int64, block: Int64, nearest: int | None) -> None:
    """Find the best for those in the block. Each has no mate, or one in the block too."""
    edges = _edges(wave, block, mate, nearest)
    mate[block] = -1
    for one, other in edges.best():
        mate[one], mate[other] = other, one


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Pairs that may stand.

    Attributes:
        ends: the two entries of each.
        gap: of each, in points.
        waves: of every entry of the wave.
    """

    ends: Int64
    gap: Int64
    waves: Int32

    def best(self) -> list[tuple[int, int]]:
        """The pairs to make."""
        if len(self.gap) == 0:
            return []
        entries, ends = np.unique(self.ends, return_inverse=True)
        one, other = ends.reshape(-1)[::2].tolist(), ends.reshape(-1)[1::2].tolist()
        cost = (self.gap**2).tolist()
        waves = self.waves[entries].tolist()
        # More than all the gaps together can make up for.
        wave = len(entries) // 2 * max(cost) + 1

        graph: rx.PyGraph[None, int] = rx.PyGraph(multigraph=False)
        graph.add_nodes_from([None] * len(entries))
        graph.extend_from_weighted_edge_list(
            [(a, b, -squared) for a, b, squared in zip(one, other, cost, strict=True)]
        )
        left = len(entries) - 2 * len(rx.max_weight_matching(graph, max_cardinality=True))
        if left <= FEW_LEFT:
            benches = graph.add_nodes_from([None] * left)
            graph.extend_from_weighted_edge_list(
                [(a, bench, -wave * waited) for bench in benches for a, waited in enumerate(waves)]
            )
        else:
            graph = rx.PyGraph(multigraph=False)
            graph.add_nodes_from([None] * len(entries))
            graph.extend_from_weighted_edge_list(
                [
                    (a, b, wave * (waves[a] + waves[b]) - squared)
                    for a, b, squared in zip(one, other, cost, strict=True)
                ]
            )
        matched = rx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
        known = entries.tolist()
        return [(known[a], known[b]) for a, b in matched if max(a, b) < len(known)]


def _edges(wave: PackedWave, block: Int64, mate: Int64, nearest: int | None) -> _Edges:
    gap = _gaps(wave, block)
    window = wave.window[block]
    gap[gap > np.maximum(window[:, None], window[None, :])] = FAR
    may = gap != FAR
    if nearest is not None and len(block) > nearest:
        near = np.zeros_like(may)
        np.put_along_axis(near, np.argpartition(gap, nearest, axis=1)[:, :nearest], True, axis=1)
        paired = np.flatnonzero(mate[block] >= 0)
        near[paired, np.searchsorted(block, mate[block[paired]])] = True
        may &= near | near.T
    one, other = np.nonzero(np.triu(may, 1))
    ends = np.stack((block[one], block[other]), axis=1)
    return _Edges(ends, gap[one, other].astype(np.int64), wave.waves)


def _gaps(wave: PackedWave, block: Int64) -> Int32:
    """The smallest gap of each two in the block; FAR where they may not meet at any."""
    inside = np.zeros(len(wave.player), np.bool_)
    inside[block] = True
    choices = inside[wave.owner]
    starts = _starts(wave.owner[choices])
    if len(starts) == 0:
        return np.empty((0, 0), np.int32)
    rating, group = wave.rating[choices], wave.group[choices]
    gap = np.abs(rating[:, None] - rating[None, :])
    if wave.cross:
        gap[group[:, None] == group[None, :]] = FAR
    gap = np.minimum.reduceat(np.minimum.reduceat(gap, starts, axis=0), starts, axis=1)
    player = wave.player[block]
    gap[player[:, None] == player[None, :]] = FAR
    return gap


def _nearest_choices(wave: PackedWave, ones: Int64, others: Int64) -> Int32:
    """The choices with the smallest gap of each pair; of several the earliest."""
    starts = _starts(wave.owner)
    counts = np.diff(np.append(starts, len(wave.owner)))
    most = int(counts.max(initial=1))
    nth = np.arange(most)

    def choices_of(entries: Int64) -> tuple[Int64, NDArray[np.bool_]]:
        there = nth < counts[entries, None]
        return np.where(there, starts[entries, None] + nth, 0), there

    (one, one_there), (other, other_there) = choices_of(ones), choices_of(others)
    gap = np.abs(wave.rating[one][:, :, None] - wave.rating[other][:, None, :])
    gap[~(one_there[:, :, None] & other_there[:, None, :])] = FAR
    if wave.cross:
        gap[wave.group[one][:, :, None] == wave.group[other][:, None, :]] = FAR
    best = gap.reshape(len(ones), most * most).argmin(axis=1)
    row = np.arange(len(ones))
    return np.stack((one[row, best // most], other[row, best % most]), axis=1).astype(np.int32)


def _starts(owner: Int32) -> Int64:
    """Where the choices of each entry begin."""
    return np.flatnonzero(np.diff(owner, prepend=-1))
