"""Pairing: who meets whom, that it is the best there is, and what no wave may ever do."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.queue.domain.pairing import Candidate, Choice, Pairing, Rule, Window, pair
from plugins.queue.domain.pairing.matching import EXACT, WHOLE
from plugins.queue.domain.pairing.packing import PackedWave, WavePacker

Worth = tuple[int, int, int]
"""Pairs, waves waited, and the squared gaps with a minus: the larger the better, from the left."""

GROUPS = {"Terran": "BW", "Zerg": "BW", "Protoss": "SC2", "Random": "SC2"}

choices = st.builds(
    Choice, st.sampled_from(sorted(GROUPS)), st.just(""), st.integers(1300, 1700)
).map(lambda choice: replace(choice, group=GROUPS[choice.faction]))
candidates = st.builds(
    Candidate,
    entry_id=st.integers(1, 10**6),
    player_id=st.integers(1, 12),
    waves=st.integers(0, 4),
    choices=st.lists(choices, min_size=1, max_size=3, unique_by=lambda c: c.faction).map(tuple),
)
windows = st.builds(Window, base=st.integers(0, 200), growth=st.integers(0, 60))
rules = st.sampled_from(Rule)


def waves_of(size: int) -> st.SearchStrategy[list[Candidate]]:
    return st.lists(candidates, max_size=size, unique_by=lambda c: c.entry_id)


def waiting(entry_id: int, *ratings: int, waves: int = 0, group: str = "BW") -> Candidate:
    """Somebody of that group with a faction for each rating."""
    return Candidate(
        entry_id,
        player_id=entry_id,
        waves=waves,
        choices=tuple(Choice(f"{group} {n}", group, rating) for n, rating in enumerate(ratings)),
    )


def crowd(size: int, seed: int) -> list[Candidate]:
    random = Random(seed)

    def choices_of(groups: Iterable[str]) -> tuple[Choice, ...]:
        return tuple(Choice(group, group, round(random.gauss(1500, 250))) for group in groups)

    return [
        Candidate(
            number,
            player_id=number,
            waves=random.randint(1, 4),
            choices=choices_of(random.choice([["BW"], ["BW"], ["SC2"], ["SC2"], ["BW", "SC2"]])),
        )
        for number in range(1, size + 1)
    ]


def smallest_gap(one: Candidate, other: Candidate, rule: Rule) -> int | None:
    """None where they may not meet."""
    gaps = [
        abs(a.rating - b.rating)
        for a, b in product(one.choices, other.choices)
        if rule is Rule.ANY or a.group != b.group
    ]
    return min(gaps) if gaps and one.player_id != other.player_id else None


def best_worth(left: Sequence[Candidate], window: Window, rule: Rule) -> Worth:
    """The most that any way to pair is worth, by trying them all."""
    if not left:
        return (0, 0, 0)
    first, *others = left
    best = best_worth(others, window, rule)
    for other in others:
        gap = smallest_gap(first, other, rule)
        if gap is not None and gap <= max(window.of(first.waves), window.of(other.waves)):
            rest = [candidate for candidate in others if candidate is not other]
            pairs, waves, squares = best_worth(rest, window, rule)
            best = max(best, (pairs + 1, waves + first.waves + other.waves, squares - gap**2))
    return best


def worth(pairings: Sequence[Pairing]) -> Worth:
    return (
        len(pairings),
        sum(seat.candidate.waves for pairing in pairings for seat in pairing.seats),
        -sum(pairing.gap**2 for pairing in pairings),
    )


def entries(pairings: Sequence[Pairing]) -> list[tuple[int, ...]]:
    return [tuple(seat.candidate.entry_id for seat in pairing.seats) for pairing in pairings]


def test_two_pairs_are_better_than_the_nearest() -> None:
    wave = [waiting(1, 1400), waiting(2, 1490), waiting(3, 1500), waiting(4, 1590)]

    assert entries(pair(wave, Window(base=100))) == [(1, 2), (3, 4)]


def test_whoever_waited_longest_is_not_left_out() -> None:
    wave = [waiting(1, 1510), waiting(2, 1500), waiting(3, 1590, waves=3)]

    assert entries(pair(wave, Window())) == [(1, 3)]


def test_of_like_pairs_those_with_the_smaller_gaps() -> None:
    wave = [waiting(1, 1500), waiting(2, 1560), waiting(3, 1510), waiting(4, 1550)]

    assert entries(pair(wave, Window())) == [(1, 3), (2, 4)]


def test_a_gap_as_wide_as_the_window_stands_and_a_wider_one_waits() -> None:
    assert entries(pair([waiting(1, 1500), waiting(2, 1600)], Window(base=100))) == [(1, 2)]
    assert pair([waiting(1, 1500), waiting(2, 1601)], Window(base=100)) == []


def test_the_window_of_either_is_enough() -> None:
    wave = [waiting(1, 1500), waiting(2, 1640, waves=1)]

    assert entries(pair(wave, Window(base=100, growth=50))) == [(1, 2)]


def test_they_play_the_factions_with_the_smallest_gap() -> None:
    (pairing,) = pair([waiting(1, 1500, 1700), waiting(2, 1380, 1710)], Window())

    assert [seat.choice.rating for seat in pairing.seats] == [1700, 1710]
    assert pairing.gap == 10


def test_cross_has_only_different_groups_meet() -> None:
    both = Candidate(3, 3, 0, (Choice("Zerg", "BW", 1550), Choice("Random", "SC2", 1590)))
    wave = [waiting(1, 1510), waiting(2, 1500), both]

    assert entries(pair(wave, Window(), Rule.ANY)) == [(1, 2)]
    (pairing,) = pair(wave, Window(), Rule.CROSS)
    assert pairing.other.choice.faction == "Random"


def test_an_entry_without_a_faction_is_refused() -> None:
    with pytest.raises(ValueError, match="entry 2 has no faction"):
        pair([waiting(1, 1500), waiting(2)], Window())


def test_an_entry_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="entry 1 is there twice"):
        pair([waiting(1, 1500), waiting(1, 1500)], Window())


def test_values_without_measure_break_nothing() -> None:
    wave = [waiting(n, 10**12 * n, waves=10**15) for n in range(1, 5)]

    assert len(pair(wave, Window(base=10**30, growth=10**30))) == 2


@given(waves_of(8), windows, rules)
def test_nothing_is_better(wave: list[Candidate], window: Window, rule: Rule) -> None:
    assert worth(pair(wave, window, rule)) == best_worth(wave, window, rule)


@given(waves_of(40), windows, rules)
def test_what_no_wave_may_do(wave: list[Candidate], window: Window, rule: Rule) -> None:
    check(pair(wave, window, rule), window, rule)


@pytest.mark.parametrize("size", [EXACT + 1, WHOLE + 100])
@pytest.mark.parametrize("rule", Rule)
def test_a_large_wave(size: int, rule: Rule) -> None:
    pairings = pair(crowd(size, seed=1), Window(), rule)

    check(pairings, Window(), rule)
    assert len(pairings) > 0.99 * (size // 2)


def check(pairings: Sequence[Pairing], window: Window, rule: Rule) -> None:
    paired = [entry for both in entries(pairings) for entry in both]
    assert len(paired) == len(set(paired)), "nobody twice"
    assert entries(pairings) == sorted(entries(pairings))
    for pairing in pairings:
        one, other = pairing.one.candidate, pairing.other.candidate
        assert one.player_id != other.player_id
        assert pairing.gap == smallest_gap(one, other, rule)
        assert pairing.gap <= max(window.of(one.waves), window.of(other.waves))
        assert rule is Rule.ANY or pairing.one.choice.group != pairing.other.choice.group
        assert all(seat.choice in seat.candidate.choices for seat in pairing.seats)


@given(waves_of(20), windows, rules, st.randoms(use_true_random=False))
def test_the_order_of_those_who_wait_is_of_no_matter(
    wave: list[Candidate], window: Window, rule: Rule, random: Random
) -> None:
    shuffled = random.sample(wave, len(wave))

    assert pair(shuffled, window, rule) == pair(wave, window, rule)


@given(waves_of(20), windows, rules)
def test_a_wave_survives_being_sent(wave: list[Candidate], window: Window, rule: Rule) -> None:
    packer = WavePacker(window, rule)
    packer.add(sorted(wave, key=lambda candidate: candidate.entry_id))
    sent = packer.packed().to_bytes()

    assert PackedWave.from_bytes(sent).to_bytes() == sent
