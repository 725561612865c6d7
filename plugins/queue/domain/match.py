"""The life of a match, as a pure state machine.

``found -> running -> reported -> completed | conflict``, and on the way there ``aborted``,
``unconfirmed`` and ``void``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

__all__ = [
    "Abort",
    "Confirm",
    "ConfirmTimeout",
    "Event",
    "Illegal",
    "MatchState",
    "Report",
    "ReportTimeout",
    "Result",
    "RoomLost",
    "Snapshot",
    "Why",
]

SIDES = frozenset({0, 1})


class MatchState(StrEnum):
    """Where a match is in its life."""

    FOUND = "found"
    RUNNING = "running"
    REPORTED = "reported"
    """One side has reported."""
    COMPLETED = "completed"
    CONFLICT = "conflict"
    """The reports disagree. The players are free; an admin resolves it."""
    ABORTED = "aborted"
    UNCONFIRMED = "unconfirmed"
    VOID = "void"
    """It counts for nothing: its room could not be made, or nobody reported."""

    @property
    def is_over(self) -> bool:
        """Whether its players are free again."""
        return self not in (MatchState.FOUND, MatchState.RUNNING, MatchState.REPORTED)


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
    """The time to report has passed."""


@dataclass(frozen=True, slots=True)
class RoomLost:
    """The room could not be made, or is gone, or its message: nobody can press in it."""


Event = Confirm | Abort | ConfirmTimeout | Report | ReportTimeout | RoomLost


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that decides what may happen next.

    Attributes:
        confirmed: the sides that have confirmed.
        reports: what each side has reported.
    """

    state: MatchState = MatchState.FOUND
    confirmed: frozenset[int] = frozenset()
    reports: Mapping[int, Result] = field(default_factory=dict[int, Result])

    @property
    def score(self) -> float | None:
        """The score of side 0 once the match is completed: 1, 0.5 or 0."""
        if self.state is not MatchState.COMPLETED:
            return None
        side, result = next(iter(self.reports.items()))
        return result.seen_by(side)

    def after(self, event: Event) -> Snapshot:
        """The match after `event`.

        Raises:
            Illegal: when it cannot happen now, saying why.
        """
        if self.state.is_over:
            raise Illegal(Why.OVER)
        match event:
            case Confirm(side):
                return self._confirm(side)
            case Report(side, result):
                return self._report(side, result)
            case Abort() | ConfirmTimeout():
                return self._before_start(event)
            case ReportTimeout():
                self._require_running()
                return replace(self, state=MatchState.VOID)
            case RoomLost():
                return replace(self, state=MatchState.VOID)

    def _confirm(self, side: int) -> Snapshot:
        if self.state is not MatchState.FOUND:
            raise Illegal(Why.ALREADY_RUNNING)
        if side in self.confirmed:
            raise Illegal(Why.ALREADY_CONFIRMED)
        confirmed = self.confirmed | {side}
        state = MatchState.RUNNING if confirmed == SIDES else MatchState.FOUND
        return replace(self, state=state, confirmed=confirmed)

    def _report(self, side: int, result: Result) -> Snapshot:
        self._require_running()
        if side in self.reports:
            raise Illegal(Why.ALREADY_REPORTED)
        reports = {**self.reports, side: result}
        if len(reports) < len(SIDES):
            return replace(self, state=MatchState.REPORTED, reports=reports)
        agree = len({said.seen_by(by) for by, said in reports.items()}) == 1
        state = MatchState.COMPLETED if agree else MatchState.CONFLICT
        return replace(self, state=state, reports=reports)

    def _before_start(self, event: Abort | ConfirmTimeout) -> Snapshot:
        if self.state is not MatchState.FOUND:
            raise Illegal(Why.ALREADY_RUNNING)
        aborted = isinstance(event, Abort)
        return replace(self, state=MatchState.ABORTED if aborted else MatchState.UNCONFIRMED)

    def _require_running(self) -> None:
        if self.state is MatchState.FOUND:
            raise Illegal(Why.NOT_RUNNING)


def requeued(before: Snapshot, event: Event) -> frozenset[int]:
    """The sides that go back to the queue when `event` ends the match: those not to blame."""
    match event:
        case Abort(side):
            return SIDES - {side}
        case ConfirmTimeout():
            return before.confirmed
        case RoomLost():
            return SIDES if before.state is MatchState.FOUND else frozenset()
        case _:
            return frozenset()
