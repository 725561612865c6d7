"""Which map a match is played on."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

__all__ = ["pick_map"]


def pick_map(pool: Sequence[str], vetoes: Collection[str], chance: random.Random) -> str | None:
    """One of the pool that neither player ruled out; None where there is no pool.

    A pool has at least twice the vetoes of a player and one map more, so one is always left;
    should the pool have been changed since the vetoes were chosen, any of it will do.
    """
    left = [name for name in pool if name not in vetoes] or list(pool)
    return chance.choice(left) if left else None
