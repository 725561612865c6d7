"""Every transition of a match: one compare-and-set transaction, which also writes its history."""

from __future__ import annotations

from collections.abc import Callable

from tortoise.exceptions import IntegrityError

from core.db import execute, fetch, savepoint, transaction
from core.errors import Refused
from core.jobs import OwedJob
from core.plugin import PluginContext
from core.text import Markup
from plugins.queue.config import QueueConfig
from plugins.queue.domain.match import (
    Confirm,
    ConfirmTimeout,
    Event,
    Illegal,
    MatchState,
    Report,
    ReportTimeout,
    Snapshot,
    requeued,
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
from plugins.queue.service.reading import MatchPage, Seat, read_match

__all__ = ["CLOSE_ROOM", "CONFIRM_DEADLINE", "REPORT_DEADLINE", "MatchService", "match_scope"]

CONFIRM_DEADLINE = "confirm_deadline"
REPORT_DEADLINE = "report_deadline"
CLOSE_ROOM = "close_room"

TRIES = 5
"""A compare-and-set is lost to somebody else's; two players cannot make it lose more often."""


class _Lost(Exception):
    """Somebody else's transition came first."""


def match_scope(match_id: int) -> str:
    """The scope of a match's views, whichever plugin opened them."""
    return f"match:{match_id}"


class MatchService:
    """Applies events to matches, and carries out what follows from them."""

    def __init__(self, context: PluginContext[QueueConfig]) -> None:
        self._context = context

    async def act(
        self, match_id: int, discord_id: int, locale: str, event_of: Callable[[int], Event]
    ) -> Snapshot:
        """A player does something in their match.

        Args:
            event_of: makes the event from the player's side.

        Raises:
            Refused: when they are no part of it, or it cannot be done now.
        """
        page = await read_match(match_id)
        seat = page.seat_of(discord_id) if page is not None else None
        if seat is None:
            raise Refused(self._context.text("match.stranger", locale))
        try:
            return await self.apply(match_id, event_of(seat.side), by=seat)
        except Illegal as illegal:
            raise Refused(self._context.text(f"match.refused.{illegal.why}", locale)) from None

    async def apply(self, match_id: int, event: Event, *, by: Seat | None = None) -> Snapshot:
        """Apply `event`, whoever else acts at the same moment.

        Raises:
            Illegal: when it cannot happen in the state the match is in by then.
        """
        for _ in range(TRIES):
            page = await read_match(match_id)
            if page is None:
                raise LookupError(f"there is no match {match_id}")
            after = page.snapshot.after(event)
            try:
                async with transaction():
                    await self._write(page, event, after, by)
            except _Lost:
                continue
            return after
        raise RuntimeError(f"match {match_id} changed {TRIES} times while {event} was applied")

    async def confirm_deadline(self, job: OwedJob) -> None:
        """Job: the time to confirm has passed."""
        await self._deadline(int(job.key), ConfirmTimeout())

    async def report_deadline(self, job: OwedJob) -> None:
        """Job: the time to report has passed."""
        await self._deadline(int(job.key), ReportTimeout())

    async def _deadline(self, match_id: int, event: Event) -> None:
        try:
            await self.apply(match_id, event)
        except Illegal:
            return  # it went on in time

    async def _write(self, page: MatchPage, event: Event, after: Snapshot, by: Seat | None) -> None:
        match, now = page.match, self._context.clock.now()
        won = await Match.filter(id=match.id, version=match.version).update(
            state=after.state,
            version=match.version + 1,
            ended_at=now if after.state.is_over else None,
        )
        if not won:
            raise _Lost
        payload: dict[str, object] = {"player": by.player_id if by is not None else None}
        match event:
            case Confirm(side):
                await MatchParticipant.filter(match_id=match.id, side=side).update(confirmed=True)
            case Report(side, result):
                await MatchReport.create(
                    match_id=match.id,
                    side=side,
                    result=result,
                    player_id=by.player_id if by is not None else 0,
                    reported_at=now,
                )
                payload["result"] = result.value
            case _:
                pass
        if after.state is MatchState.RUNNING and page.snapshot.state is MatchState.FOUND:
            await self._start(page, after)
        if after.state is MatchState.COMPLETED:
            payload["ratings"] = await self._rate(page, after)
        await MatchEvent.create(
            match_id=match.id,
            number=match.version + 1,
            kind=_kind(event, after),
            payload=payload,
            at=now,
        )
        if after.state.is_over:
            await self._end(page, event, after)

    async def _start(self, page: MatchPage, after: Snapshot) -> None:
        match_id = page.match.id
        ladder = self._context.config.ladder(page.match.ladder)
        await self._context.jobs.cancel(CONFIRM_DEADLINE, str(match_id))
        if ladder is not None:
            await self._context.jobs.put(
                REPORT_DEADLINE, str(match_id), after=ladder.report_seconds
            )
        await self._context.announce("match_started", page.facts(after))

    async def _end(self, page: MatchPage, event: Event, after: Snapshot) -> None:
        match_id = page.match.id
        await MatchParticipant.filter(match_id=match_id).update(active=False)
        back = requeued(page.snapshot, event)
        for seat in page.seats:
            if seat.side in back:
                await self._requeue(seat)
            else:
                await QueueEntry.filter(id=seat.entry_id).update(state=EntryState.ENDED)
        for deadline in (CONFIRM_DEADLINE, REPORT_DEADLINE):
            await self._context.jobs.cancel(deadline, str(match_id))
        await self._context.views.owe_scope_end(match_scope(match_id))
        await self._context.announce("match_ended", page.facts(after))
        ladder = self._context.config.ladder(page.match.ladder)
        if page.match.room_id is not None:
            await self._context.jobs.put(
                CLOSE_ROOM,
                str(match_id),
                after=ladder.room_close_seconds if ladder is not None else 0,
            )
        channel_id = ladder.announcements_channel_id if ladder is not None else None
        if channel_id is not None and after.state is MatchState.COMPLETED:
            ended = await read_match(match_id)
            if ended is not None:
                await self._announce_result(ended, channel_id)

    async def _requeue(self, seat: Seat) -> None:
        """Back to the queue with the waiting time kept, unless they have joined again since."""
        await QueueEntry.filter(id=seat.entry_id).update(state=EntryState.WAITING)
        try:
            async with savepoint():
                await QueueMember.filter(entry_id=seat.entry_id).update(active=True)
        except IntegrityError:
            await QueueEntry.filter(id=seat.entry_id).update(state=EntryState.ENDED)

    async def _rate(self, page: MatchPage, after: Snapshot) -> dict[str, list[int]]:
        """Move the ratings of both sides. Returns [before, after] by player id."""
        ladder = self._context.config.ladder(page.match.ladder)
        if ladder is None or after.score is None:
            return {}
        one, other = page.seats
        before = {
            seat.player_id: await self._rating(page, seat, ladder.elo.start) for seat in page.seats
        }
        gain = ladder.elo.change(before[one.player_id], before[other.player_id], after.score)
        changed: dict[str, list[int]] = {}
        for seat, points in ((one, gain), (other, -gain)):
            old = before[seat.player_id]
            changed[str(seat.player_id)] = [old, old + points]
            await execute(
                "INSERT INTO queue_rating (ladder, player_id, faction, value, games)"
                " VALUES ($1, $2, $3, $4, 1) ON CONFLICT (ladder, player_id, faction)"
                " DO UPDATE SET value = excluded.value, games = queue_rating.games + 1",
                page.match.ladder,
                seat.player_id,
                seat.faction,
                old + points,
            )
            await MatchParticipant.filter(match_id=page.match.id, player_id=seat.player_id).update(
                rating_before=old, rating_after=old + points
            )
        return changed

    async def _rating(self, page: MatchPage, seat: Seat, start: int) -> int:
        rows = await fetch(
            "SELECT value FROM queue_rating WHERE ladder = $1 AND player_id = $2 AND faction = $3",
            page.match.ladder,
            seat.player_id,
            seat.faction,
        )
        return rows[0]["value"] if rows else start

    async def _announce_result(self, page: MatchPage, channel_id: int) -> None:
        one, other = page.seats
        locale = self._context.guild_locale(page.match.guild_id)
        result = self._context.text(
            f"match.score.{_score_key(page.snapshot)}", locale, one=one.name, other=other.name
        )
        await self._context.outbox.send(
            channel_id,
            self._context.text(
                "match.announcement",
                locale,
                number=page.match.id,
                result=Markup(result),  # its names are escaped already
                one=one.name,
                one_before=one.rating_before,
                one_after=one.rating_after,
                other=other.name,
                other_before=other.rating_before,
                other_after=other.rating_after,
            ),
            key=f"result-{page.match.id}",
        )


def _kind(event: Event, after: Snapshot) -> str:
    if after.state in (MatchState.COMPLETED, MatchState.CONFLICT):
        return after.state.value
    return {"Confirm": "confirmed", "Report": "reported"}.get(
        type(event).__name__, after.state.value
    )


def _score_key(snapshot: Snapshot) -> str:
    return {1.0: "one", 0.5: "draw", 0.0: "other"}[snapshot.score or 0.0]
