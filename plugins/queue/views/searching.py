"""The view of a wait in the queue: private to the player, with a button to leave."""

from __future__ import annotations

from datetime import datetime

from disnake import ButtonStyle
from disnake.utils import format_dt

from core.errors import Refused
from core.plugin import PluginContext
from core.text import Markup
from core.views import Component, DurableView, Press, Rendering, action
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.outlook import Outlook, estimate, look_out
from plugins.queue.domain.pairing import Candidate, Rule
from plugins.queue.models import EntryState, Match, MatchParticipant, QueueEntry
from plugins.queue.service.board import Board, Boards
from plugins.queue.service.entries import QueueService
from plugins.queue.service.players import PlayerService

__all__ = ["SearchingView"]


class SearchingView(DurableView):
    """One a queue entry; its key is the entry's id."""

    name = "searching"

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        players: PlayerService,
        queue: QueueService,
        boards: Boards,
    ) -> None:
        self._context = context
        self._players = players
        self._queue = queue
        self._boards = boards

    async def render(self, key: str, locale: str) -> Rendering | None:
        entry = await QueueEntry.get_or_none(id=int(key))
        if entry is None:
            return None
        if entry.state is EntryState.ENDED:
            return Rendering(self._context.text("searching.left", locale))
        if entry.state is EntryState.MATCHED:
            return await self._matched(entry, locale)
        ladder = self._context.config.ladder(entry.ladder)
        if ladder is None:
            return self._hopeless("no_ladder", entry, locale)
        return await self._waiting(entry, ladder, locale)

    def _hopeless(self, why: str, entry: QueueEntry, locale: str) -> Rendering:
        """What the owner has changed meanwhile: nobody can be found any more."""
        text = self._context.text(f"searching.{why}", locale, ladder=entry.ladder)
        return Rendering(text, rows=[[self._leave_button(str(entry.id), locale)]])

    async def rest(self, key: str, locale: str) -> Rendering | None:
        """What stays true for as long as they wait, and the buttons."""
        entry = await QueueEntry.get_or_none(id=int(key), state=EntryState.WAITING)
        if entry is None:
            return None
        text = self._context.text(
            "searching.resting",
            locale,
            ladder=entry.ladder,
            since=Markup(format_dt(entry.joined_at, "R")),
        )
        return Rendering(text, rows=self._rows(key, locale))

    @action
    async def leave(self, press: Press) -> None:
        """Leave the queue."""
        if not await self._queue.end_wait(int(press.key)):
            raise Refused(self._context.text("searching.too_late", press.locale))
        await press.refresh(self)

    @action
    async def refresh(self, press: Press) -> None:
        """Show the wait as it is now. Each press brings a token for another fifteen minutes."""
        await self._players.saw(press.user_id)
        await press.refresh(self)

    async def _waiting(self, entry: QueueEntry, ladder: LadderConfig, locale: str) -> Rendering:
        board = await self._boards.of(ladder)
        own = board.candidate(entry.id)
        # The board may be older than the entry.
        if own is None and not await self._queue.may_be_paired(entry.id, ladder):
            return self._hopeless("no_faction", entry, locale)
        window = ladder.window
        lines = [
            self._context.text(
                "searching.waiting",
                locale,
                ladder=ladder.name,
                factions=Markup(self._factions(own, ladder)),
                since=Markup(format_dt(entry.joined_at, "R")),
                wave=Markup(format_dt(board.next_wave_at, "R") if board.next_wave_at else "…"),
                window=window.of(entry.waves),
                next_window=window.of(entry.waves + 1),
            ),
            self._context.text(
                "searching.board",
                locale,
                waiting=len(board.waiting),
                groups=self._groups(board),
                matches=board.matches,
                seen=board.seen,
            ),
        ]
        if own is not None:
            rule = Rule(ladder.pairing)
            outlook = look_out(own, board.waiting, board.playing, window, rule)
            lines += self._outlook(outlook, board, entry, ladder, locale)
        return Rendering("\n".join(lines), rows=self._rows(str(entry.id), locale))

    def _factions(self, own: Candidate | None, ladder: LadderConfig) -> str:
        choices = own.choices if own is not None else ()
        return ", ".join(f"**{ladder.faction_label(choice.faction)}**" for choice in choices) or "…"

    def _groups(self, board: Board) -> Markup:
        """How many wait by group, where there is more than one."""
        if len(board.by_group) < 2:
            return Markup("")
        counts = " · ".join(f"{group.upper()} {n}" for group, n in board.by_group.items())
        return Markup(f" ({counts})")

    def _outlook(
        self,
        outlook: Outlook,
        board: Board,
        entry: QueueEntry,
        ladder: LadderConfig,
        locale: str,
    ) -> list[str]:
        """How long it will take, and why."""
        now = self._context.clock.now()
        seconds = estimate(
            outlook,
            wave_seconds=ladder.wave_seconds,
            until_wave=_seconds(now, board.next_wave_at),
            waited=_seconds(entry.joined_at, now),
            usual=board.usual_wait_seconds,
        )
        say = self._context.text
        if seconds is None:
            lines = [say("searching.estimate_unknown", locale)]
        else:
            minutes = max(1, round(seconds / 60))
            lines = [say("searching.estimate", locale, minutes=minutes)]
        reasons = [
            say(f"searching.why.{name}", locale, count=count)
            for name, count in (
                ("suitable", outlook.suitable),
                ("too_far", outlook.too_far),
                ("same_group", outlook.same_group),
                ("playing", outlook.playing),
            )
            if count
        ] or [say("searching.why.nobody", locale)]
        if not outlook.suitable and outlook.nearest_gap is not None:
            if outlook.waves_to_go is None:
                reasons.append(say("searching.why.never", locale, gap=outlook.nearest_gap))
            else:
                reasons.append(
                    say(
                        "searching.why.nearest",
                        locale,
                        gap=outlook.nearest_gap,
                        waves=outlook.waves_to_go,
                    )
                )
        return lines + [f"- {reason}" for reason in reasons]

    def _rows(self, key: str, locale: str) -> list[list[Component]]:
        refresh = self.button(
            "refresh", key, self._context.text("searching.button.refresh", locale)
        )
        return [[refresh, self._leave_button(key, locale)]]

    def _leave_button(self, key: str, locale: str) -> Component:
        text = self._context.text("searching.button.leave", locale)
        return self.button("leave", key, text, ButtonStyle.danger)

    async def _matched(self, entry: QueueEntry, locale: str) -> Rendering:
        seat = await MatchParticipant.filter(entry_id=entry.id).order_by("-id").first()
        match = await Match.get_or_none(id=seat.match_id) if seat is not None else None
        room = None
        if match is not None and seat is not None:
            room = match.room_id if match.room_id is not None else seat.dm_id
        if match is None or room is None:
            return Rendering(self._context.text("searching.found", locale))
        return Rendering(
            self._context.text("searching.room", locale, number=match.id, room=Markup(f"<#{room}>"))
        )


def _seconds(start: datetime, end: datetime | None) -> float:
    return max(0.0, (end - start).total_seconds()) if end is not None else 0.0
