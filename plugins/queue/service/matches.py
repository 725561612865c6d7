"""Every transition of a match: one compare-and-set transaction, which also writes its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tortoise.exceptions import IntegrityError

from core.db import savepoint, transaction
from core.errors import Refused
from core.jobs import OwedJob
from core.models import ViewRecord, ViewState
from core.plugin import PluginContext
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.match import (
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
    RoomLost,
    Snapshot,
    Why,
    requeued,
)
from plugins.queue.models import (
    Abort as AbortRow,
)
from plugins.queue.models import (
    EntryState,
    Match,
    MatchEvent,
    MatchParticipant,
    MatchReport,
    QueueEntry,
    QueueMember,
)
from plugins.queue.service.aborts import aborts_left
from plugins.queue.service.bans import ban_of
from plugins.queue.service.board import Boards
from plugins.queue.service.notices import REMIND, Notices
from plugins.queue.service.ratings import RatingService
from plugins.queue.service.reading import MatchPage, Seat, read_match

__all__ = [
    "CLOSE_ROOM",
    "CONFIRM_DEADLINE",
    "REDRAW",
    "REPORT_DEADLINE",
    "MatchChanged",
    "MatchService",
    "Stale",
    "dm_scope",
    "match_scope",
]

CONFIRM_DEADLINE = "confirm_deadline"
REPORT_DEADLINE = "report_deadline"
CLOSE_ROOM = "close_room"
REDRAW = "redraw_match"

REDRAW_AFTER_SECONDS = 2.0
"""By then the press has been answered, and brought a token to redraw with."""

TRIES = 5
"""A compare-and-set is lost to somebody else's; two players cannot make it lose more often."""


STALE = frozenset({Why.OVER, Why.ALREADY_RUNNING, Why.NOT_RUNNING})


class Stale(Refused):
    """What was pressed shows what is not true any more."""


class MatchChanged(Exception):
    """The match is not as it was when somebody decided what to do with it.

    Attributes:
        state: the state it is in now.
    """

    def __init__(self, state: MatchState) -> None:
        super().__init__(f"the match is {state} by now")
        self.state = state


class _Lost(Exception):
    """Somebody else's transition came first."""


def match_scope(match_id: int) -> str:
    """The scope of a match's views, whichever plugin opened them."""
    return f"match:{match_id}"


def dm_scope(match_id: int) -> str:
    """The scope of its views in direct messages, which end sooner when a thread replaces them."""
    return f"match:{match_id}:dm"


class MatchService:
    """Applies events to matches, and carries out what follows from them.

    Args:
        boards: told of each ladder whose matches have changed.
    """

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        ratings: RatingService,
        notices: Notices,
        boards: Boards,
    ) -> None:
        self._context = context
        self._ratings = ratings
        self._notices = notices
        self._boards = boards

    async def act(
        self, match_id: int, discord_id: int, locale: str, event_of: Callable[[int], Event]
    ) -> Snapshot:
        """A player does something in their match.

        Args:
            event_of: makes the event from the player's side.

        Raises:
            Refused: when they are no part of it, or it cannot be done now.
        """
        event, seat = await self.check(match_id, discord_id, locale, event_of)
        try:
            return await self.apply(match_id, event, by=seat)
        except Illegal as illegal:
            raise self._illegal(illegal, locale) from None

    async def check(
        self, match_id: int, discord_id: int, locale: str, event_of: Callable[[int], Event]
    ) -> tuple[Event, Seat]:
        """What :meth:`act` would do now, and whose seat it is.

        Raises:
            Refused: as there.
        """
        page = await read_match(match_id)
        seat = page.seat_of(discord_id) if page is not None else None
        if page is None or seat is None:
            raise Refused(self._context.text("match.stranger", locale))
        event = event_of(seat.side)
        try:
            page.snapshot.after(event)
        except Illegal as illegal:
            raise self._illegal(illegal, locale) from None
        ladder = self._context.config.ladder(page.match.ladder)
        if isinstance(event, Abort) and ladder is not None:
            now = self._context.clock.now()
            if await aborts_left(ladder, seat.player_id, now) == 0:
                key = "match.refused.no_aborts"
                raise Refused(self._context.text(key, locale, most=ladder.aborts_a_month))
        return event, seat

    async def apply(
        self,
        match_id: int,
        event: Event,
        *,
        by: Seat | None = None,
        payload: dict[str, Any] | None = None,
        version: int | None = None,
    ) -> Snapshot:
        """Apply `event`, whoever else acts at the same moment. In an open transaction it becomes
        part of that.

        Args:
            by: the player who caused it.
            payload: what the history notes besides.
            version: the only one it may be applied to: nothing may have happened since.

        Raises:
            MatchChanged: when the match has another version.
            Illegal: when it cannot happen in the state the match is in by then.
        """
        for _ in range(TRIES):
            page = await read_match(match_id)
            if page is None:
                raise LookupError(f"there is no match {match_id}")
            if version is not None and page.match.version != version:
                raise MatchChanged(page.snapshot.state)
            after = page.snapshot.after(event)
            try:
                async with transaction():
                    await self._write(page, event, after, by, payload or {})
            except _Lost:
                continue
            return after
        raise RuntimeError(f"match {match_id} changed {TRIES} times while {event} was applied")

    def _illegal(self, illegal: Illegal, locale: str) -> Refused:
        text = self._context.text(f"match.refused.{illegal.why}", locale)
        return Stale(text) if illegal.why in STALE else Refused(text)

    async def confirm_deadline(self, job: OwedJob) -> None:
        """Job: the time to confirm has passed. Whoever was shown nothing to confirm is not to
        blame: then it is the room that failed them."""
        match_id = int(job.key)
        scopes = [match_scope(match_id), dm_scope(match_id)]
        unseen = ViewRecord.filter(scope__in=scopes, state=ViewState.OPEN, message_id__isnull=True)
        lost = await unseen.filter(plugin=self._context.name).exists()
        await self._deadline(match_id, RoomLost() if lost else ConfirmTimeout())

    async def report_deadline(self, job: OwedJob) -> None:
        """Job: the time to report has passed."""
        match = await Match.get_or_none(id=int(job.key))
        ladder = self._context.config.ladder(match.ladder) if match is not None else None
        stands = ladder is not None and ladder.unreported == "report_stands"
        await self._deadline(int(job.key), ReportTimeout(report_stands=stands))

    async def _deadline(self, match_id: int, event: Event) -> None:
        try:
            await self.apply(match_id, event)
        except Illegal:
            return  # it went on in time

    async def _write(
        self,
        page: MatchPage,
        event: Event,
        after: Snapshot,
        by: Seat | None,
        payload: dict[str, Any],
    ) -> None:
        match, now = page.match, self._context.clock.now()
        before = page.snapshot
        ladder = self._context.config.ladder(match.ladder)
        ends = after.state.is_over and not before.state.is_over
        changes: dict[str, Any] = {"ended_at": now} if ends else {}
        won = await Match.filter(id=match.id, version=match.version).update(
            state=after.state, score=after.score, version=match.version + 1, **changes
        )
        if not won:
            raise _Lost
        payload = payload | {"player": by.player_id if by is not None else None}
        match event:
            case Confirm(side):
                await MatchParticipant.filter(match_id=match.id, side=side).update(confirmed=True)
            case Abort():
                if by is not None:
                    await AbortRow.create(
                        ladder=match.ladder, player_id=by.player_id, match_id=match.id, at=now
                    )
            case Report(side, result):
                payload["result"] = result.value
                await MatchReport.create(
                    match_id=match.id,
                    side=side,
                    result=result,
                    player_id=by.player_id if by is not None else 0,
                    reported_at=now,
                )
            case _:
                pass
        if ladder is not None and (after.score is not None or isinstance(event, Resolve | Reopen)):
            payload |= await self._ratings.decide(ladder, match.id, page.seats, after.score)
        await MatchEvent.create(
            match_id=match.id,
            number=match.version + 1,
            kind=_kind(event, after),
            payload=payload,
            at=now,
        )
        if after.state is MatchState.RUNNING and before.state.is_unstarted:
            await self._start(page, after, ladder)
        if ends:
            await self._end(page, event, after, ladder)
        elif not after.state.is_over:
            # A confirming press shows the change itself; a report is confirmed elsewhere.
            after_seconds = 0.0 if isinstance(event, Report) else REDRAW_AFTER_SECONDS
            await self._context.jobs.put(REDRAW, str(match.id), after=after_seconds)
        await self._tell(page, event, after, ladder)
        await self._boards.note_change(match.ladder)

    async def _start(self, page: MatchPage, after: Snapshot, ladder: LadderConfig | None) -> None:
        await self._context.jobs.cancel(CONFIRM_DEADLINE, str(page.match.id))
        if ladder is not None:
            await self._context.jobs.put(
                REPORT_DEADLINE, str(page.match.id), after=ladder.report_seconds
            )
            await self._notices.owe_report_reminders(page.match.id, ladder)
        await self._context.announce("match_started", page.facts(after))

    async def _end(
        self, page: MatchPage, event: Event, after: Snapshot, ladder: LadderConfig | None
    ) -> None:
        match_id = page.match.id
        await MatchParticipant.filter(match_id=match_id).update(active=False)
        back = requeued(page.snapshot, event)
        for seat in page.seats:
            if seat.side in back:
                await self._requeue(seat, page.match.guild_id)
            else:
                await QueueEntry.filter(id=seat.entry_id).update(state=EntryState.ENDED)
        for kind in (CONFIRM_DEADLINE, REPORT_DEADLINE, REMIND, REDRAW):
            await self._context.jobs.cancel(kind, str(match_id))
        await self._context.views.owe_scope_end(match_scope(match_id))
        if page.match.room_id is None:
            await self._context.views.owe_scope_end(dm_scope(match_id))
        await self._context.announce("match_ended", page.facts(after))
        if page.match.room_id is not None:
            await self._context.jobs.put(
                CLOSE_ROOM,
                str(match_id),
                after=ladder.room_close_seconds if ladder is not None else 0,
            )

    async def _tell(
        self, page: MatchPage, event: Event, after: Snapshot, ladder: LadderConfig | None
    ) -> None:
        """Tell those who do not see it by themselves."""
        if after.state is MatchState.CONFLICT:
            await self._context.announce("match_conflicted", page.facts(after))
        if isinstance(event, Resolve):
            await self._context.announce("match_resolved", page.facts(after))
        if isinstance(event, Report) and after.state is MatchState.REPORTED:
            await self._notices.reported(page, event)
        if after.score is not None and ladder is not None:
            decided = await read_match(page.match.id)
            if decided is not None:
                await self._notices.announce_result(decided, ladder)

    async def _requeue(self, seat: Seat, guild_id: int) -> None:
        """Back to the queue with the waiting time kept, unless they have joined again since, or may
        not."""
        if await ban_of(seat.player_id, guild_id, self._context.clock.now()) is not None:
            await QueueEntry.filter(id=seat.entry_id).update(state=EntryState.ENDED)
            return
        await QueueEntry.filter(id=seat.entry_id).update(state=EntryState.WAITING)
        try:
            async with savepoint():
                await QueueMember.filter(entry_id=seat.entry_id).update(active=True)
        except IntegrityError:
            await QueueEntry.filter(id=seat.entry_id).update(state=EntryState.ENDED)


def _kind(event: Event, after: Snapshot) -> str:
    """What the history calls it."""
    if after.state in (MatchState.COMPLETED, MatchState.CONFLICT):
        return after.state.value
    return {"Confirm": "confirmed", "Report": "reported"}.get(
        type(event).__name__, after.state.value
    )
