"""Ranks: the shares of config.toml, whatever they are and however many play."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.queue.domain.ranks import last_positions, rank_at


def shares_of(parts: list[int]) -> list[float]:
    """Parts of a whole as percentages of up to two digits after the point, together 100."""
    total = sum(parts)
    shares = [max(0.01, round(100 * part / total, 2)) for part in parts[:-1]]
    return [*shares, round(100 - sum(shares), 2)]


SHARES = st.lists(st.integers(1, 100), min_size=1, max_size=25).map(shares_of)


@pytest.mark.parametrize(
    ("total", "ends"),
    [
        (0, [0, 0, 0]),
        (1, [1, 1, 1]),
        (2, [1, 1, 2]),
        (3, [1, 1, 3]),
        (10, [1, 3, 10]),
        (11, [2, 4, 11]),
        (1000, [100, 300, 1000]),
    ],
)
def test_where_each_rank_ends(total: int, ends: list[int]) -> None:
    assert last_positions([10, 20, 70], total) == ends


def test_shares_are_taken_as_they_are_written() -> None:
    # 0.1 + 0.2 is more than 0.3 in floats, which would put one player too many into the second.
    assert last_positions([0.1, 0.2, 99.7], 1000) == [1, 3, 1000]


@given(SHARES, st.integers(1, 2000))
def test_the_best_is_of_the_first_rank_and_nobody_is_without(
    shares: list[float], total: int
) -> None:
    assert rank_at(shares, 1, total) == 0
    assert last_positions(shares, total)[-1] == total


@given(SHARES, st.integers(1, 300))
def test_ranks_only_fall_and_hold_their_shares(shares: list[float], total: int) -> None:
    ranks = [rank_at(shares, position, total) for position in range(1, total + 1)]

    assert ranks == sorted(ranks)
    reached = 0.0
    for index, share in enumerate(shares):
        reached += share
        held = sum(rank <= index for rank in ranks)
        assert reached * total / 100 - 1e-6 <= held < reached * total / 100 + 1 + 1e-6


@pytest.mark.parametrize("position", [4, 100])
def test_a_position_past_the_last(position: int) -> None:
    with pytest.raises(ValueError, match=f"no position {position} among 3"):
        rank_at([50, 50], position, 3)
