"""Pairing: who meets whom, and what no wave may ever do."""

from hypothesis import given
from hypothesis import strategies as st

from plugins.queue.domain.pairing import Candidate, Window, pair

candidates = st.builds(
    Candidate,
    entry_id=st.integers(1, 10**6),
    player_id=st.integers(1, 40),
    rating=st.integers(0, 3000),
    waves=st.integers(0, 20),
)
waves = st.lists(candidates, max_size=40, unique_by=lambda c: c.entry_id)
windows = st.builds(Window, base=st.integers(0, 500), growth=st.integers(0, 100))


def waiting(entry_id: int, rating: int, waves: int = 0) -> Candidate:
    return Candidate(entry_id, player_id=entry_id, rating=rating, waves=waves)


def test_the_nearest_rating_is_chosen() -> None:
    one, far, near = waiting(1, 1500), waiting(2, 1580), waiting(3, 1510)

    assert pair([one, far, near], Window()) == [(one, near)]


def test_a_gap_wider_than_both_windows_waits() -> None:
    assert pair([waiting(1, 1500), waiting(2, 1601)], Window(base=100)) == []


def test_the_window_of_either_is_enough() -> None:
    newcomer, patient = waiting(1, 1500), waiting(2, 1640, waves=1)

    assert pair([newcomer, patient], Window(base=100, growth=50)) == [(patient, newcomer)]


def test_whoever_waited_longest_chooses_first() -> None:
    first, second, third = waiting(1, 1500), waiting(2, 1500), waiting(3, 1500, waves=3)

    assert pair([first, second, third], Window()) == [(third, first)]


@given(waves, windows)
def test_nobody_is_paired_twice_or_with_themselves(wave: list[Candidate], window: Window) -> None:
    pairs = pair(wave, window)

    entries = [candidate.entry_id for couple in pairs for candidate in couple]
    assert len(entries) == len(set(entries))
    for one, other in pairs:
        assert one.player_id != other.player_id
        assert abs(one.rating - other.rating) <= max(window.of(one), window.of(other))


@given(waves, windows)
def test_no_two_are_left_who_could_have_met(wave: list[Candidate], window: Window) -> None:
    pairs = pair(wave, window)

    paired = {candidate.entry_id for couple in pairs for candidate in couple}
    left = [candidate for candidate in wave if candidate.entry_id not in paired]
    assert pair(left, window) == []
