"""Elo: known values, and what must hold for any two ratings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.queue.domain.elo import Elo

ratings = st.integers(min_value=0, max_value=4000)
scores = st.sampled_from([0.0, 0.5, 1.0])


@pytest.mark.parametrize(
    ("own", "other", "score", "points"),
    [
        (1500, 1500, 1.0, 20),
        (1500, 1500, 0.5, 0),
        (1500, 1500, 0.0, -20),
        (2000, 1500, 1.0, 4),  # expected 10/11 of a point, so 40/11 are left to win
        (1500, 2000, 1.0, 36),
    ],
)
def test_the_points_of_a_match(own: int, other: int, score: float, points: int) -> None:
    assert Elo().change(own, other, score) == points


@given(ratings, ratings, scores)
def test_what_one_gains_the_other_loses(own: int, other: int, score: float) -> None:
    elo = Elo()

    assert elo.change(own, other, score) == -elo.change(other, own, 1 - score)


@given(ratings, ratings)
def test_no_match_moves_more_than_k(own: int, other: int) -> None:
    elo = Elo(k=32)

    assert 0 <= elo.change(own, other, 1.0) <= 32
    assert -32 <= elo.change(own, other, 0.0) <= 0
