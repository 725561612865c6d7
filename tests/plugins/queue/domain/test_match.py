"""The state machine of a match, along the ways it can go and at random."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.queue.domain.match import (
    SIDES,
    Abort,
    Confirm,
    ConfirmTimeout,
    Event,
    Illegal,
    MatchState,
    Report,
    ReportTimeout,
    Result,
    RoomLost,
    Snapshot,
    Why,
    requeued,
)

sides = st.sampled_from(sorted(SIDES))
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Confirm, sides),
    st.builds(Abort, sides),
    st.builds(Report, sides, st.sampled_from(Result)),
    st.just(ConfirmTimeout()),
    st.just(ReportTimeout()),
    st.just(RoomLost()),
)


def after(*happened: Event) -> Snapshot:
    match = Snapshot()
    for event in happened:
        match = match.after(event)
    return match


CONFIRMED = (Confirm(0), Confirm(1))


@pytest.mark.parametrize(
    ("happened", "state"),
    [
        ((), MatchState.FOUND),
        ((Confirm(1),), MatchState.FOUND),
        (CONFIRMED, MatchState.RUNNING),
        ((*CONFIRMED, Report(1, Result.WON)), MatchState.REPORTED),
        ((*CONFIRMED, Report(1, Result.WON), Report(0, Result.LOST)), MatchState.COMPLETED),
        ((*CONFIRMED, Report(1, Result.DRAW), Report(0, Result.DRAW)), MatchState.COMPLETED),
        ((*CONFIRMED, Report(1, Result.WON), Report(0, Result.WON)), MatchState.CONFLICT),
        ((Confirm(0), Abort(1)), MatchState.ABORTED),
        ((Confirm(0), ConfirmTimeout()), MatchState.UNCONFIRMED),
        ((RoomLost(),), MatchState.VOID),
        ((*CONFIRMED, Report(0, Result.WON), RoomLost()), MatchState.VOID),
        ((*CONFIRMED, ReportTimeout()), MatchState.VOID),
    ],
)
def test_the_state_after(happened: Sequence[Event], state: MatchState) -> None:
    assert after(*happened).state is state


@pytest.mark.parametrize(
    ("happened", "event", "why"),
    [
        ((), Report(0, Result.WON), Why.NOT_RUNNING),
        ((), ReportTimeout(), Why.NOT_RUNNING),
        ((Confirm(0),), Confirm(0), Why.ALREADY_CONFIRMED),
        (CONFIRMED, Confirm(0), Why.ALREADY_RUNNING),
        (CONFIRMED, Abort(0), Why.ALREADY_RUNNING),
        (CONFIRMED, ConfirmTimeout(), Why.ALREADY_RUNNING),
        ((*CONFIRMED, Report(0, Result.WON)), Report(0, Result.LOST), Why.ALREADY_REPORTED),
        ((Abort(0),), Confirm(1), Why.OVER),
    ],
)
def test_what_is_refused_and_why(happened: Sequence[Event], event: Event, why: Why) -> None:
    with pytest.raises(Illegal) as refused:
        after(*happened).after(event)

    assert refused.value.why is why


@pytest.mark.parametrize(
    ("reports", "score"),
    [
        ((Result.WON, Result.LOST), 1.0),
        ((Result.LOST, Result.WON), 0.0),
        ((Result.DRAW, Result.DRAW), 0.5),
    ],
)
def test_the_score_is_that_of_side_0(reports: tuple[Result, Result], score: float) -> None:
    match = after(*CONFIRMED, Report(0, reports[0]), Report(1, reports[1]))

    assert match.score == score


def test_whoever_is_not_to_blame_waits_again() -> None:
    assert requeued(after(), Abort(0)) == {1}
    assert requeued(after(Confirm(1)), ConfirmTimeout()) == {1}
    assert requeued(after(), RoomLost()) == SIDES
    assert requeued(after(*CONFIRMED), RoomLost()) == frozenset()
    assert requeued(after(*CONFIRMED), ReportTimeout()) == frozenset()


@given(st.lists(events, max_size=12))
def test_any_order_of_events(happened: list[Event]) -> None:
    """Against a model that keeps what was accepted and knows only what each state means."""
    match = Snapshot()
    accepted: list[Event] = []
    for event in happened:
        try:
            following = match.after(event)
        except Illegal:
            continue
        assert not match.state.is_over, "nothing happens after the end"
        match = following
        accepted.append(event)

    confirmed = {event.side for event in accepted if isinstance(event, Confirm)}
    reports = {event.side: event.result for event in accepted if isinstance(event, Report)}
    assert match.confirmed == confirmed
    assert dict(match.reports) == reports
    if reports:
        assert confirmed == SIDES, "only a match that has begun is reported"
    if match.state is MatchState.COMPLETED:
        assert len({result.seen_by(side) for side, result in reports.items()}) == 1
    if match.state is MatchState.CONFLICT:
        assert len({result.seen_by(side) for side, result in reports.items()}) == 2
