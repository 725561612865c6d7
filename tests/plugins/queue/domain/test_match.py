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
    Reopen,
    Report,
    ReportTimeout,
    Resolve,
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
    st.builds(ReportTimeout, st.booleans()),
    st.builds(Resolve, st.sampled_from((None, 0.0, 0.5, 1.0))),
    st.just(RoomLost()),
)


def after(*happened: Event) -> Snapshot:
    match = Snapshot()
    for event in happened:
        match = match.after(event)
    return match


CONFIRMED = (Confirm(0), Confirm(1))
REPORTED = (*CONFIRMED, Report(1, Result.WON))


@pytest.mark.parametrize(
    ("happened", "state"),
    [
        ((), MatchState.FOUND),
        ((Confirm(1),), MatchState.CONFIRMED),
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
        ((*CONFIRMED, ReportTimeout(report_stands=True)), MatchState.VOID),
        ((*REPORTED, ReportTimeout()), MatchState.VOID),
        ((*REPORTED, ReportTimeout(report_stands=True)), MatchState.COMPLETED),
        ((*REPORTED, Report(0, Result.WON), Resolve(0.5)), MatchState.RESOLVED),
        ((*REPORTED, Report(0, Result.LOST), Resolve(0.5)), MatchState.RESOLVED),
        ((*REPORTED, Resolve(None)), MatchState.VOID),
        ((*CONFIRMED, Resolve(1.0), Resolve(0.0)), MatchState.RESOLVED),
        ((*CONFIRMED, Resolve(1.0), Resolve(None)), MatchState.VOID),
        ((*CONFIRMED, ReportTimeout(), Resolve(1.0)), MatchState.RESOLVED),
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
        ((Confirm(0),), Resolve(1.0), Why.NEVER_PLAYED),
        ((Abort(0),), Resolve(1.0), Why.NEVER_PLAYED),
        ((*CONFIRMED, Resolve(1.0)), Resolve(1.0), Why.NO_CHANGE),
        ((*CONFIRMED, ReportTimeout()), Resolve(None), Why.NO_CHANGE),
        ((*REPORTED, Report(0, Result.LOST)), Resolve(0.0), Why.NO_CHANGE),
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
        if match.state.is_over:
            assert isinstance(event, Resolve), "after the end only an admin does something"
        match = following
        accepted.append(event)

    confirmed = {event.side for event in accepted if isinstance(event, Confirm)}
    reports = {event.side: event.result for event in accepted if isinstance(event, Report)}
    assert match.confirmed == confirmed
    assert dict(match.reports) == reports
    if reports:
        assert confirmed == SIDES, "only a match that has begun is reported"
    decided = [event.score for event in accepted if isinstance(event, Resolve)]
    if decided:
        assert confirmed == SIDES, "only a match that was played is decided"
        assert match.score == decided[-1]
        assert match.state is (MatchState.VOID if decided[-1] is None else MatchState.RESOLVED)
        return
    scores = {result.seen_by(side) for side, result in reports.items()}
    if match.state is MatchState.COMPLETED:
        assert scores == {match.score}
    else:
        assert match.score is None
    if match.state is MatchState.CONFLICT:
        assert len(scores) == 2


def test_the_decision_of_a_conflict_can_be_taken_back() -> None:
    conflict = Snapshot(
        MatchState.CONFLICT, frozenset({0, 1}), {0: Result.WON, 1: Result.WON}, None
    )
    for score in (1.0, 0.5, 0.0, None):
        assert conflict.after(Resolve(score)).after(Reopen()) == conflict
    with pytest.raises(Illegal) as illegal:
        conflict.after(Reopen())
    assert illegal.value.why is Why.NO_CHANGE


def test_where_nobody_disagreed_there_is_no_conflict_to_go_back_to() -> None:
    agreed = Snapshot(MatchState.COMPLETED, frozenset({0, 1}), {0: Result.WON, 1: Result.LOST}, 1.0)
    for match in (agreed, agreed.after(Resolve(0.0)), Snapshot()):
        with pytest.raises(Illegal) as illegal:
            match.after(Reopen())
        assert illegal.value.why is Why.NO_CONFLICT
