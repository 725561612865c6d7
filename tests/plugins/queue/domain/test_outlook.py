"""Why somebody waits, and for how long."""

import pytest

from plugins.queue.domain.outlook import Outlook, estimate, look_out
from plugins.queue.domain.pairing import Candidate, Choice, Rule, Window

WINDOW = Window(100, 50)


def waits(
    number: int, rating: int, group: str = "bw", *, waves: int = 0, also: str | None = None
) -> Candidate:
    groups = [group] if also is None else [group, also]
    choices = tuple(Choice(f"{g}-zerg", g, rating) for g in groups)
    return Candidate(number, number, waves, choices)


def seen_by(own: Candidate, *others: Candidate, playing: tuple[Candidate, ...] = ()) -> Outlook:
    return look_out(own, [own, *others], playing, WINDOW, Rule.CROSS)


def test_alone() -> None:
    assert seen_by(waits(1, 1500)) == Outlook()


def test_somebody_whom_either_window_allows() -> None:
    outlook = seen_by(waits(1, 1500), waits(2, 1640, "sc2", waves=1))

    assert outlook == Outlook(suitable=1, nearest_gap=140, waves_to_go=1)


def test_somebody_too_far_away_as_yet() -> None:
    outlook = seen_by(waits(1, 1500), waits(2, 1751, "sc2"))

    # 100 at the next wave, then 150, 200, 250, 300.
    assert outlook == Outlook(too_far=1, nearest_gap=251, waves_to_go=5)


def test_somebody_of_the_same_group() -> None:
    assert seen_by(waits(1, 1500), waits(2, 1500)) == Outlook(same_group=1)


def test_somebody_who_plays_both_groups_suits() -> None:
    outlook = seen_by(waits(1, 1500), waits(2, 1500, "bw", also="sc2"))

    assert outlook == Outlook(suitable=1, nearest_gap=0, waves_to_go=1)


def test_somebody_in_a_match() -> None:
    outlook = seen_by(waits(1, 1500), playing=(waits(2, 1580, "sc2"), waits(3, 1700, "sc2")))

    assert outlook == Outlook(playing=1)


def test_the_nearest_need_not_be_the_soonest() -> None:
    outlook = seen_by(waits(1, 1500), waits(2, 1650, "sc2"), waits(3, 1700, "sc2", waves=9))

    assert (outlook.nearest_gap, outlook.waves_to_go) == (150, 1)


def test_a_window_that_does_not_grow() -> None:
    own, other = waits(1, 1500), waits(2, 1700, "sc2")

    outlook = look_out(own, [own, other], [], Window(100, 0), Rule.ANY)

    assert outlook == Outlook(too_far=1, nearest_gap=200, waves_to_go=None)


@pytest.mark.parametrize(
    ("outlook", "usual", "seconds"),
    [
        (Outlook(waves_to_go=1), None, 20),
        (Outlook(waves_to_go=3), 500.0, 20 + 2 * 45),
        (Outlook(), 100.0, 70),
        (Outlook(), 40.0, 20),
        (Outlook(), None, None),
    ],
)
def test_the_estimate(outlook: Outlook, usual: float | None, seconds: float | None) -> None:
    assert estimate(outlook, wave_seconds=45, until_wave=20, waited=30, usual=usual) == seconds
