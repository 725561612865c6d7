"""Which map a match is played on."""

import random

from hypothesis import given
from hypothesis import strategies as st

from plugins.queue.domain.maps import pick_map

POOL = [f"map {number}" for number in range(9)]


@given(st.sets(st.sampled_from(POOL), max_size=8), st.integers())
def test_no_map_that_either_ruled_out(vetoes: set[str], seed: int) -> None:
    assert pick_map(POOL, vetoes, random.Random(seed)) in set(POOL) - vetoes


def test_every_map_that_is_left_is_played() -> None:
    chance = random.Random(1)

    assert {pick_map(POOL, POOL[:4], chance) for _ in range(200)} == set(POOL[4:])


def test_a_pool_that_shrank_since() -> None:
    assert pick_map(["a"], {"a", "b"}, random.Random(1)) == "a"


def test_a_game_without_maps() -> None:
    assert pick_map([], set(), random.Random(1)) is None
