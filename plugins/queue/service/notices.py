"""What players and onlookers are told of a match besides its view: reminders, results."""

from __future__ import annotations

from core.jobs import OwedJob, Priority
from core.plugin import PluginContext
from core.text import Markup
from core.views import Rendering
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.match import MatchState, Report
from plugins.queue.service.reading import MatchPage, Seat, read_match

__all__ = ["REMIND", "Notices", "result_sentence"]

REMIND = "remind"

CONFIRM_AT = 1 / 3
"""Of the time to confirm."""

REPORT_AT = (1 / 2, 9 / 10)
"""Of the time to report."""


class Notices:
    """Messages about matches, each owed in the transaction that causes it."""

    def __init__(self, context: PluginContext[QueueConfig]) -> None:
        self._context = context

    async def owe_confirm_reminder(self, match_id: int, ladder: LadderConfig) -> None:
        """Remind whoever has not confirmed at a third of the time."""
        after = ladder.confirm_seconds * CONFIRM_AT
        await self._context.jobs.put(REMIND, str(match_id), after=after)

    async def owe_report_reminders(self, match_id: int, ladder: LadderConfig) -> None:
        """Remind whoever has not reported, at half of the time and shortly before its end."""
        await self._owe_report_reminder(match_id, ladder, 0)

    async def remind(self, job: OwedJob) -> None:
        """Job: say to those whom the match waits for what it waits for."""
        page = await read_match(int(job.key))
        ladder = self._context.config.ladder(page.match.ladder) if page is not None else None
        if page is None or ladder is None or page.snapshot.state.is_over:
            return
        state = page.snapshot.state
        done = page.snapshot.confirmed if state.is_unstarted else page.snapshot.reports.keys()
        late = [seat for seat in page.seats if seat.side not in done]
        key = "match.remind.confirm" if state.is_unstarted else "match.remind.report"
        stage = int(job.payload.get("stage", 0))
        await self._say(page, late, key, f"remind-{page.match.id}-{state}-{stage}")
        if not state.is_unstarted and stage + 1 < len(REPORT_AT):
            await self._owe_report_reminder(page.match.id, ladder, stage + 1)

    async def reported(self, page: MatchPage, event: Report) -> None:
        """Tell the other side of a report, where they do not share a room: in a thread whoever
        reports says so there."""
        if page.match.room_id is None:
            others = [seat for seat in page.seats if seat.side != event.side]
            by = next(seat for seat in page.seats if seat.side == event.side)
            key = f"match.told.{event.result}"
            await self._say(page, others, key, f"reported-{page.match.id}", name=by.name)

    async def announce_result(self, page: MatchPage, ladder: LadderConfig) -> None:
        """Tell the announcements channel of a result."""
        if ladder.announcements_channel_id is None:
            return
        one, other = page.seats
        locale = self._context.guild_locale(page.match.guild_id)
        by_admin = page.snapshot.state is MatchState.RESOLVED
        await self._context.outbox.send(
            ladder.announcements_channel_id,
            self._context.text(
                "match.announcement_resolved" if by_admin else "match.announcement",
                locale,
                number=page.match.id,
                result=Markup(result_sentence(self._context, page, locale)),
                one=one.name,
                one_before=one.rating_before,
                one_after=one.rating_after,
                other=other.name,
                other_before=other.rating_before,
                other_after=other.rating_after,
            ),
            key=f"result-{page.match.id}-{page.match.version}",
        )

    async def _owe_report_reminder(self, match_id: int, ladder: LadderConfig, stage: int) -> None:
        passed = REPORT_AT[stage - 1] if stage else 0.0
        await self._context.jobs.put(
            REMIND,
            str(match_id),
            after=ladder.report_seconds * (REPORT_AT[stage] - passed),
            payload={"stage": stage},
        )

    async def _say(
        self, page: MatchPage, seats: list[Seat], sentence: str, key: str, /, **values: object
    ) -> None:
        """Say a sentence to some of the players, wherever they play; once, by its `key`."""
        together = page.match.room_id
        places = {together: seats} if together is not None else {s.dm_id: [s] for s in seats}
        for channel_id, there in places.items():
            if channel_id is None or not there:
                continue
            locale = (
                self._context.guild_locale(page.match.guild_id) if together else there[0].locale
            )
            mentions = [seat.discord_id for seat in there if seat.discord_id is not None]
            who = " ".join(f"<@{user_id}>" for user_id in mentions)
            await self._context.outbox.send(
                channel_id,
                Rendering(
                    self._context.text(sentence, locale, who=Markup(who), **values),
                    mentions=mentions,
                ),
                priority=Priority.MATCH,
                key=f"{key}-{channel_id}",
            )


def result_sentence(context: PluginContext[QueueConfig], page: MatchPage, locale: str) -> str:
    """Who won, in a sentence. The names in it are escaped already."""
    one, other = page.seats
    key = {1.0: "one", 0.5: "draw", 0.0: "other"}[page.snapshot.score or 0.0]
    return context.text(f"match.score.{key}", locale, one=one.name, other=other.name)
