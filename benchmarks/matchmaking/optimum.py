"""The best pairing there is, by another way: integer programming with HiGHS, one aim at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.errors import LadderkeeperError
from plugins.queue.domain.pairing import Candidate, Pairing, Window

__all__ = ["Worth", "optimum", "worth"]

MARGIN = 50.0
"""How far above the bound the answer is looked for at first, in squared points."""

Ends = NDArray[np.int64]
Factors = NDArray[np.float64]
Edges = list[tuple[int, int, int]]
"""Two candidates by their place in the wave, and the gap between them."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a wave's pairs are worth.

    Attributes:
        pairs: how many.
        waited: the waves waited, summed over all who are paired.
        squares: the sum of the squared gaps.
    """

    pairs: int
    waited: int
    squares: int

    @property
    def rms_gap(self) -> float:
        """The gap of a pair, as the root of the mean of the squares; 0 where there is none."""
        return (self.squares / self.pairs) ** 0.5 if self.pairs else 0.0


def worth(pairings: Sequence[Pairing]) -> Worth:
    """What these are worth."""
    return Worth(
        len(pairings),
        sum(seat.candidate.waves for pairing in pairings for seat in pairing.seats),
        sum(pairing.gap**2 for pairing in pairings),
    )


def optimum(waiting: Sequence[Candidate], window: Window) -> Worth:
    """The most that a wave under the rule ``cross`` can be worth: the most pairs; with so many, the
    most waves waited; with both, the smallest squares.

    Nothing is shared with the pairing itself: pairs that may stand are found anew, one by one, none
    is left out, and each is a variable that is 0 or 1, with at most one 1 for each candidate.

    Raises:
        LadderkeeperError: when highspy is not installed, or finds no optimum.
    """
    edges = _edges(waiting, window)
    if not edges:
        return Worth(0, 0, 0)
    ends = np.array([(one, other) for one, other, _ in edges])
    ones = np.ones(len(edges))
    waited = np.array([waiting[one].waves + waiting[other].waves for one, other, _ in edges], float)
    squares = np.array([gap**2 for _, _, gap in edges], float)

    everybody = len(waiting) // 2
    if 2 * everybody == len(waiting):
        # Nobody need be left out, if there is any answer: then nothing can beat it on two counts.
        least = _solve(len(waiting), ends, squares, [(ones, everybody)])
        if least < np.inf:
            return Worth(everybody, sum(c.waves for c in waiting), round(least))
    # All pairs count the same here, so that none could be left out as `_solve` does.
    pairs = round(_run(len(waiting), ends, -ones, [], whole=True)[0])
    most = round(_solve(len(waiting), ends, -waited, [(ones, -pairs)]))
    least = _solve(len(waiting), ends, squares, [(ones, -pairs), (waited, -most)])
    return Worth(-pairs, -most, round(least))


def _edges(waiting: Sequence[Candidate], window: Window) -> Edges:
    edges: Edges = []
    for (place, one), (other_place, other) in combinations(enumerate(waiting), 2):
        gaps = [
            abs(mine.rating - theirs.rating)
            for mine in one.choices
            for theirs in other.choices
            if mine.group != theirs.group
        ]
        widest = max(window.of(one.waves), window.of(other.waves))
        if gaps and min(gaps) <= widest and one.player_id != other.player_id:
            edges.append((place, other_place, min(gaps)))
    return edges


def _solve(candidates: int, ends: Ends, cost: Factors, fixed: list[tuple[Factors, int]]) -> float:
    """The smallest sum of `cost` over the pairs taken, with each sum in `fixed` as it says;
    infinite where that cannot be.

    First with parts of pairs allowed, which gives a bound and what each pair costs above it at
    least. Then in whole numbers, without those pairs that alone would cost more above the bound
    than the answer found does: no better answer can have them.
    """
    bound, above, taken = _run(candidates, ends, cost, fixed, whole=False)
    if bound == np.inf or np.allclose(taken, np.round(taken), atol=1e-6):
        return bound
    margin = MARGIN
    while True:
        kept = above <= margin
        chosen = [(factors[kept], total) for factors, total in fixed]
        found, _, _ = _run(candidates, ends[kept], cost[kept], chosen, whole=True)
        if found - bound < margin or kept.all():
            return found
        margin = min(5 * margin, found - bound + 1.0)


def _run(
    candidates: int,
    ends: Ends,
    cost: Factors,
    fixed: list[tuple[Factors, int]],
    *,
    whole: bool,
) -> tuple[float, Factors, Factors]:
    """The smallest cost, infinite where there is none; by how much each pair alone raises it; which
    pairs are taken."""
    try:
        import highspy
    except ImportError:
        raise LadderkeeperError(
            "The optimum is found with highspy, which is not installed: ./test installs it."
        ) from None
    edges = len(cost)
    rows = [ends, *(np.full((edges, 1), candidates + row) for row in range(len(fixed)))]
    values = [np.ones((edges, 2)), *(factors[:, None] for factors, _ in fixed)]
    sums = np.array([float(total) for _, total in fixed])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = edges, candidates + len(fixed)
    lp.col_cost_ = cost
    # No upper bounds: the rows imply them, and they would hide what a pair costs.
    lp.col_lower_, lp.col_upper_ = np.zeros(edges), np.full(edges, highspy.kHighsInf)
    lp.row_lower_ = np.concatenate((np.full(candidates, -highspy.kHighsInf), sums))
    lp.row_upper_ = np.concatenate((np.ones(candidates), sums))
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * edges
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.arange(edges + 1) * (2 + len(fixed))
    lp.a_matrix_.index_ = np.concatenate(rows, axis=1).ravel()
    lp.a_matrix_.value_ = np.concatenate(values, axis=1).ravel()

    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.5)  # all sums are whole numbers
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return np.inf, cost, cost
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise LadderkeeperError(f"HiGHS found no optimum: {solver.getModelStatus()}")
    solution = solver.getSolution()
    taken = np.array(solution.col_value)
    return float(taken @ cost), np.array(solution.col_dual), taken
