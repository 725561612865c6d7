"""The view of a wait in the queue: private to the player, with a button to leave."""

from __future__ import annotations

from disnake import ButtonStyle
from disnake.utils import format_dt

from core.errors import Refused
from core.plugin import PluginContext
from core.text import Markup
from core.views import DurableView, Press, Rendering, action
from plugins.queue.config import QueueConfig
from plugins.queue.models import EntryState, Match, MatchParticipant, QueueEntry, QueueMember
from plugins.queue.service import QueueService

__all__ = ["SearchingView"]


class SearchingView(DurableView):
    """One a queue entry; its key is the entry's id."""

    name = "searching"

    def __init__(self, context: PluginContext[QueueConfig], queue: QueueService) -> None:
        self._context = context
        self._queue = queue

    async def render(self, key: str, locale: str) -> Rendering | None:
        entry = await QueueEntry.get_or_none(id=int(key))
        if entry is None:
            return None
        if entry.state is EntryState.ENDED:
            return Rendering(self._context.text("searching.left", locale))
        if entry.state is EntryState.MATCHED:
            return await self._matched(entry, locale)
        return await self._waiting(entry, locale)

    @action
    async def leave(self, press: Press) -> None:
        """Leave the queue."""
        if not await self._queue.end_wait(int(press.key)):
            raise Refused(self._context.text("searching.too_late", press.locale))
        await press.refresh(self)

    @action
    async def refresh(self, press: Press) -> None:
        """Show the wait as it is now. Each press brings a token for another fifteen minutes."""
        await press.refresh(self)

    async def _waiting(self, entry: QueueEntry, locale: str) -> Rendering:
        member = await QueueMember.get(entry_id=entry.id)
        ladder = self._context.config.ladder(entry.ladder)
        window = ladder.window.base + ladder.window.growth * entry.waves if ladder else 0
        text = self._context.text(
            "searching.waiting",
            locale,
            ladder=entry.ladder,
            faction=member.faction,
            since=Markup(format_dt(entry.joined_at, "R")),
            waiting=await self._queue.waiting(entry.ladder),
            window=window,
        )
        key = str(entry.id)
        return Rendering(
            text,
            rows=[
                [
                    self.button(
                        "refresh", key, self._context.text("searching.button.refresh", locale)
                    ),
                    self.button(
                        "leave",
                        key,
                        self._context.text("searching.button.leave", locale),
                        ButtonStyle.danger,
                    ),
                ]
            ],
        )

    async def _matched(self, entry: QueueEntry, locale: str) -> Rendering:
        seat = await MatchParticipant.filter(entry_id=entry.id).order_by("-id").first()
        match = await Match.get_or_none(id=seat.match_id) if seat is not None else None
        if match is None or match.room_id is None:
            return Rendering(self._context.text("searching.found", locale))
        return Rendering(
            self._context.text(
                "searching.room", locale, number=match.id, room=Markup(f"<#{match.room_id}>")
            )
        )
