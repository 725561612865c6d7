"""Are you sure: a report counts once it is confirmed."""

from __future__ import annotations

from typing import Any

import disnake
from disnake import ButtonStyle

from core.plugin import PluginContext
from core.text import Markup
from core.views import Closing, DeleteMessage, Rendering, ShortView
from plugins.queue.config import QueueConfig
from plugins.queue.domain.match import MatchState, Report, Result, Snapshot
from plugins.queue.service.matches import MatchService
from plugins.queue.service.reading import MatchPage, read_match
from plugins.queue.views.match_text import MatchText
from plugins.queue.views.steps import StepButton

__all__ = ["ReportView"]


class ReportView(ShortView):
    """Shown to whoever has chosen a result."""

    name = "report"

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        matches: MatchService,
        text: MatchText,
        match_id: int,
        result: Result,
        locale: str,
    ) -> None:
        super().__init__()
        self._context = context
        self._matches = matches
        self._text = text
        self._match_id = match_id
        self._result = result
        self._locale = locale
        confirm, cancel = (
            context.text(f"report.button.{button}", locale) for button in ("confirm", "cancel")
        )
        self.add_item(StepButton(confirm, self._confirm, ButtonStyle.success))
        self.add_item(StepButton(cancel, self._cancel))

    def rendering(self) -> Rendering:
        """What it asks."""
        return Rendering(self._context.text(f"report.sure.{self._result}", self._locale))

    async def on_close(self, closing: Closing) -> DeleteMessage:
        """It has nothing more to say: the match's own message does."""
        return DeleteMessage()

    async def _confirm(self, inter: disnake.MessageInteraction[Any]) -> None:
        """That is how it ended."""
        await inter.response.defer()
        after = await self._matches.act(
            self._match_id,
            inter.author.id,
            self._locale,
            lambda side: Report(side, self._result),
        )
        self.stop()
        page = await read_match(self._match_id)
        if page is not None and page.match.room_id is not None:
            await inter.followup.send(**self._told(page, after, inter.author.id).as_kwargs())

    async def _cancel(self, inter: disnake.MessageInteraction[Any]) -> None:
        """A slip of the finger."""
        await inter.response.defer()
        self.stop()

    def _told(self, page: MatchPage, after: Snapshot, by: int) -> Rendering:
        """What the room is told, by the interaction: it counts towards no limit."""
        locale = self._context.guild_locale(page.match.guild_id)
        reporter = page.seat_of(by)
        others = [seat.discord_id for seat in page.seats if seat.discord_id != by]
        mentions = [user_id for user_id in others if user_id is not None]
        who = Markup(" ".join(f"<@{user_id}>" for user_id in mentions))
        if after.state is MatchState.COMPLETED:
            text = f"{who} {self._text.result(page, locale)}"
        elif after.state is MatchState.CONFLICT:
            text = self._context.text("match.told.conflict", locale, who=who)
        else:
            name = reporter.name if reporter is not None else "?"
            text = self._context.text(f"match.told.{self._result}", locale, who=who, name=name)
        return Rendering(text, mentions=mentions)
