"""The queue panel: posted in a channel by an owner, for everybody to join and leave by."""

from __future__ import annotations

from disnake import ButtonStyle
from disnake.utils import format_dt

from core.errors import Refused
from core.interactions import reply
from core.plugin import PluginContext
from core.text import Markup
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
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.models import Panel
from plugins.queue.service.board import Boards
from plugins.queue.service.entries import QueueService
from plugins.queue.service.panels import POST_ANEW
from plugins.queue.views.join import Joining

__all__ = ["PanelView"]

TRY_AGAIN_SECONDS = 60.0


class PanelView(DurableView):
    """Its key is the panel's id. Everybody may press it; what they see is theirs alone."""

    name = "panel"

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        boards: Boards,
        queue: QueueService,
        joining: Joining,
    ) -> None:
        self._context = context
        self._boards = boards
        self._queue = queue
        self._joining = joining

    async def render(self, key: str, locale: str) -> Rendering | None:
        panel = await Panel.get_or_none(id=int(key))
        ladder = self._context.config.ladder(panel.ladder) if panel is not None else None
        if ladder is None:
            return None
        board = await self._boards.of(ladder)
        groups = " · ".join(f"{group.upper()} {n}" for group, n in board.by_group.items())
        text = self._context.text(
            "panel.text",
            locale,
            ladder=ladder.name,
            waiting=len(board.waiting),
            groups=Markup(f" ({groups})" if len(board.by_group) > 1 else ""),
            matches=board.matches,
            seen=board.seen,
            wave=Markup(format_dt(board.next_wave_at, "R") if board.next_wave_at else "…"),
        )
        return Rendering(text, rows=self._rows(key, locale))

    async def on_close(self, closing: Closing) -> Rendering | DeleteMessage | None:
        """A panel that was posted anew, or is removed, takes its message away."""
        if closing.reason in (CloseReason.REPLACED, CloseReason.SCOPE_END):
            return DeleteMessage()
        if closing.reason is CloseReason.ERROR:
            # Discord was away for longer than its message could wait: it is posted anew.
            await self._context.jobs.put(POST_ANEW, closing.key, after=TRY_AGAIN_SECONDS)
            return None
        if closing.reason is not CloseReason.UNLOAD:
            await Panel.filter(id=int(closing.key)).delete()  # nobody sees it any more
            return None
        return await super().on_close(closing)

    @action
    async def join(self, press: Press) -> None:
        """Into the queue of its ladder."""
        await self._joining.begin(press.interaction, await self._ladder(press))

    @action
    async def leave(self, press: Press) -> None:
        """Out of every queue."""
        await self._queue.leave(press.user_id, press.locale)
        await reply(press.interaction, self._context.text("queue.left", press.locale))

    async def _ladder(self, press: Press) -> LadderConfig:
        panel = await Panel.get_or_none(id=int(press.key))
        ladder = self._context.config.ladder(panel.ladder) if panel is not None else None
        if ladder is None:
            raise Refused(self._context.text("panel.no_ladder", press.locale))
        return ladder

    def _rows(self, key: str, locale: str) -> list[list[Component]]:
        say = self._context.text
        return [
            [
                self.button("join", key, say("panel.button.join", locale), ButtonStyle.success),
                self.button("leave", key, say("panel.button.leave", locale)),
            ]
        ]
