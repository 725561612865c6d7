"""The view in a match's room: confirm, abort, report; one message from found to result."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from disnake import ButtonStyle, SelectOption

from core.plugin import PluginContext
from core.views import (
    CloseReason,
    Closing,
    Component,
    DeleteMessage,
    DurableView,
    Press,
    Rendering,
    action,
)
from plugins.queue.config import QueueConfig
from plugins.queue.domain.match import (
    Abort,
    Confirm,
    Event,
    Illegal,
    Report,
    Result,
    RoomLost,
    Snapshot,
)
from plugins.queue.service.keys import MatchKey
from plugins.queue.service.matches import MatchService, Stale, match_scope
from plugins.queue.service.reading import MatchPage, read_match
from plugins.queue.service.rooms import RoomService
from plugins.queue.views.match_text import MatchText
from plugins.queue.views.report import ReportView

__all__ = ["MatchView"]

ROOM_LOST = frozenset({CloseReason.MESSAGE_DELETED, CloseReason.UNREACHABLE, CloseReason.ERROR})


class MatchView(DurableView):
    """One in a thread, which both players share, or one in each one's direct messages; see
    :class:`MatchKey`."""

    name = "match"

    rooms: RoomService
    """Set once both are made: each needs the other."""

    def __init__(self, context: PluginContext[QueueConfig], matches: MatchService) -> None:
        self._context = context
        self._matches = matches
        self._text = MatchText(context)

    async def render(self, key: str, locale: str) -> Rendering | None:
        page = await read_match(MatchKey.parse(key).match_id)
        if page is None:
            return None
        state = page.snapshot.state
        present = [seat.discord_id for seat in page.seats if seat.discord_id is not None]
        return Rendering(
            await self._text.full(page, locale),
            rows=self._rows(page, key, locale),
            # Being mentioned is what brings both players into the room.
            mentions=[] if state.is_over else present,
        )

    async def on_close(self, closing: Closing) -> Rendering | DeleteMessage | None:
        """A match whose room is gone cannot go on: it is void, and its players are free. Direct
        messages that cannot be written are replaced by a thread."""
        key = MatchKey.parse(closing.key)
        if closing.reason in ROOM_LOST:
            if key.side is not None:
                await self.rooms.dm_refused(key.match_id)
            else:
                with suppress(Illegal):  # it may have been over already
                    await self._matches.apply(key.match_id, RoomLost())
        page = await read_match(key.match_id)
        moved = key.side is not None and closing.reason is not CloseReason.UNLOAD
        if moved and page is not None and not page.snapshot.state.is_over:
            return Rendering(self._context.text("match.moved", closing.locale, number=key.match_id))
        return await super().on_close(closing)

    @action
    async def confirm(self, press: Press) -> None:
        """Ready to play."""
        await self._act(press, Confirm)

    @action
    async def abort(self, press: Press) -> None:
        """No match, please."""
        await self._act(press, Abort)

    @action
    async def report(self, press: Press) -> None:
        """How it ended, as the presser says; asked once more before it counts."""
        match_id = MatchKey.parse(press.key).match_id
        result = Result(press.values[0])
        try:
            await self._matches.check(
                match_id, press.user_id, press.locale, lambda side: Report(side, result)
            )
        except Stale:
            await press.refresh(self)
            raise
        # This press brings a token with which the shared message can be edited afterwards.
        await press.acknowledge()
        view = ReportView(self._context, self._matches, self._text, match_id, result, press.locale)
        await self._context.views.show(
            press.interaction, view, view.rendering(), scope=match_scope(match_id)
        )

    async def _act(self, press: Press, event_of: Callable[[int], Event]) -> Snapshot:
        key = MatchKey.parse(press.key)
        try:
            after = await self._matches.act(key.match_id, press.user_id, press.locale, event_of)
        except Stale:
            await press.refresh(self)
            raise
        await press.refresh(self)
        if key.side is not None:
            # By the token of their own press, if they pressed lately; else their next press does.
            await self._context.views.redraw(self, str(MatchKey(key.match_id, 1 - key.side)))
        return after

    def _rows(self, page: MatchPage, key: str, locale: str) -> list[list[Component]]:
        say = self._context.text
        state = page.snapshot.state
        if state.is_unstarted:
            return [
                [
                    self.button(
                        "confirm", key, say("match.button.confirm", locale), ButtonStyle.success
                    ),
                    self.button(
                        "abort", key, say("match.button.abort", locale), ButtonStyle.danger
                    ),
                ]
            ]
        if state.is_over:
            return []
        options = [
            SelectOption(label=say(f"match.result.{result}", locale), value=result)
            for result in Result
        ]
        return [[self.select("report", key, say("match.select", locale), options)]]
