"""The life of a match, as a pure state machine.

``found -> confirmed -> running -> reported -> completed | conflict``, on the way there
``aborted``, ``unconfirmed`` and ``void``, and afterwards what an admin makes of it: ``resolved``
or ``void``; taken back, such a decision leaves the ``conflict`` it ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

__all__ = [
    "SCORES",
    "SIDES",
    "Abort",
    "Confirm",
    "ConfirmTimeout",
    "Event",
    "Illegal",
    "MatchState",
    "Reopen",
    "Report",
    "ReportTimeout",
    "Resolve",
    "Result",
    "RoomLost",
    "Snapshot",
    "Why",
    "requeued",
]

SIDES = frozenset({0, 1})

SCORES = frozenset({0.0, 0.5, 1.0})


class MatchState(StrEnum):
    """Where a match is in its life."""

    FOUND = "found"
    CONFIRMED = "confirmed"
    """One side has confirmed."""
    RUNNING = "running"
    REPORTED = "reported"
    """One side has reported."""
    COMPLETED = "completed"
    CONFLICT = "conflict"
    """The reports disagree. The players are free; an admin resolves it."""
    RESOLVED = "resolved"
    """An admin decided."""
    ABORTED = "aborted"
    UNCONFIRMED = "unconfirmed"
    VOID = "void"
    """It counts for nothing: its room was lost, nobody reported, or an admin decided so."""

    @property
    def is_over(self) -> bool:
        """Whether its players are free again."""
        return not self.is_unstarted and self not in (MatchState.RUNNING, MatchState.REPORTED)

    @property
    def is_unstarted(self) -> bool:
        """Whether somebody has yet to confirm."""
        return self in (MatchState.FOUND, MatchState.CONFIRMED)


class Result(StrEnum):
    """A result as one side reports it."""

    WON = "won"
    LOST = "lost"
    DRAW = "draw"

    def seen_by(self, side: int) -> float:
        """The score of side 0, when `side` reports this: 1, 0.5 or 0."""
        if self is Result.DRAW:
            return 0.5
        return 1.0 if (self is Result.WON) == (side == 0) else 0.0


class Why(StrEnum):
    """Why an event is refused; the key of the sentence that says so."""

    OVER = "over"
    ALREADY_CONFIRMED = "already_confirmed"
    ALREADY_RUNNING = "already_running"
    NOT_RUNNING = "not_running"
    ALREADY_REPORTED = "already_reported"
    NEVER_PLAYED = "never_played"
    NO_CHANGE = "no_change"
    NO_CONFLICT = "no_conflict"


class Illegal(Exception):
    """The event cannot happen in this state."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Confirm:
    """A side is ready to play."""

    side: int


@dataclass(frozen=True, slots=True)
class Abort:
    """A side does not want to play."""

    side: int


@dataclass(frozen=True, slots=True)
class ConfirmTimeout:
    """The time to confirm has passed."""


@dataclass(frozen=True, slots=True)
class Report:
    """A side says how it ended."""

    side: int
    result: Result


@dataclass(frozen=True, slots=True)
class ReportTimeout:
    """The time to report has passed.

    Attributes:
        report_stands: whether the report of one side decides then.
    """

    report_stands: bool = False


@dataclass(frozen=True, slots=True)
class RoomLost:
    """The room could not be made, or is gone, or its message: nobody can press in it."""


@dataclass(frozen=True, slots=True)
class Resolve:
    """An admin decides, whatever was reported or decided before.

    Attributes:
        score: of side 0: 1, 0.5 or 0; None when the match shall count for nothing.
    """

    score: float | None


@dataclass(frozen=True, slots=True)
class Reopen:
    """An admin takes back the decision of a conflict: it is to be decided anew."""


Event = Confirm | Abort | ConfirmTimeout | Report | ReportTimeout | RoomLost | Resolve | Reopen


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that decides what may happen next.

    Attributes:
        confirmed: the sides that have confirmed.
        reports: what each side has reported.
        score: of side 0: 1, 0.5 or 0; None while the match counts for nothing.
    """

    state: MatchState = MatchState.FOUND
    confirmed: frozenset[int] = frozenset()
    reports: Mapping[int, Result] = field(default_factory=dict[int, Result])
    score: float | None = None

    def after(self, event: Event) -> Snapshot:
        """The match after `event`.

        Raises:
            Illegal: when it cannot happen now, saying why.
        """
        if isinstance(event, Resolve):
            return self._resolve(event.score)
        if isinstance(event, Reopen):
            return self._reopen()
        if self.state.is_over:
            raise Illegal(Why.OVER)
        match event:
            case Confirm(side):
                return self._confirm(side)
            case Report(side, result):
                return self._report(side, result)
            case Abort() | ConfirmTimeout():
                return self._before_start(event)
            case ReportTimeout(report_stands):
                return self._unreported(report_stands)
            case RoomLost():
                return replace(self, state=MatchState.VOID)

    def _confirm(self, side: int) -> Snapshot:
        if not self.state.is_unstarted:
            raise Illegal(Why.ALREADY_RUNNING)
        if side in self.confirmed:
            raise Illegal(Why.ALREADY_CONFIRMED)
        confirmed = self.confirmed | {side}
        state = MatchState.RUNNING if confirmed == SIDES else MatchState.CONFIRMED
        return replace(self, state=state, confirmed=confirmed)

    def _report(self, side: int, result: Result) -> Snapshot:
        if self.state.is_unstarted:
            raise Illegal(Why.NOT_RUNNING)
        if side in self.reports:
            raise Illegal(Why.ALREADY_REPORTED)
        reports = {**self.reports, side: result}
        if len(reports) < len(SIDES):
            return replace(self, state=MatchState.REPORTED, reports=reports)
        scores = {said.seen_by(by) for by, said in reports.items()}
        if len(scores) > 1:
            return replace(self, state=MatchState.CONFLICT, reports=reports)
        return replace(self, state=MatchState.COMPLETED, reports=reports, score=scores.pop())

    def _before_start(self, event: Abort | ConfirmTimeout) -> Snapshot:
        if not self.state.is_unstarted:
            raise Illegal(Why.ALREADY_RUNNING)
        aborted = isinstance(event, Abort)
        return replace(self, state=MatchState.ABORTED if aborted else MatchState.UNCONFIRMED)

    def _unreported(self, report_stands: bool) -> Snapshot:
        if self.state.is_unstarted:
            raise Illegal(Why.NOT_RUNNING)
        if report_stands and self.reports:
            side, result = next(iter(self.reports.items()))
            return replace(self, state=MatchState.COMPLETED, score=result.seen_by(side))
        return replace(self, state=MatchState.VOID)

    def _resolve(self, score: float | None) -> Snapshot:
        if self.confirmed != SIDES:
            raise Illegal(Why.NEVER_PLAYED)
        if self.state.is_over and self.state is not MatchState.CONFLICT and score == self.score:
            raise Illegal(Why.NO_CHANGE)
        state = MatchState.RESOLVED if score is not None else MatchState.VOID
        return replace(self, state=state, score=score)

    def _reopen(self) -> Snapshot:
        scores = {said.seen_by(by) for by, said in self.reports.items()}
        if len(scores) < len(SIDES):
            raise Illegal(Why.NO_CONFLICT)
        if self.state not in (MatchState.RESOLVED, MatchState.VOID):
            raise Illegal(Why.NO_CHANGE)
        return replace(self, state=MatchState.CONFLICT, score=None)


def requeued(before: Snapshot, event: Event) -> frozenset[int]:
    """The sides that go back to the queue when `event` ends the match: those not to blame."""
    match event:
        case Abort(side):
            return SIDES - {side}
        case ConfirmTimeout():
            return before.confirmed
        case RoomLost():
            return SIDES if before.state.is_unstarted else frozenset()
        case _:
            return frozenset()
