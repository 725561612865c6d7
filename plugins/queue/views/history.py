"""`/history`: the matches of a player, newest first, a page at a time."""

from __future__ import annotations

from typing import ClassVar

from disnake.utils import format_dt

from core.plugin import PluginContext
from core.text import Markup
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain import countries
from plugins.queue.models import Player
from plugins.queue.service.history import Played, matches_of
from plugins.queue.views.paging import PageView, Part

__all__ = ["HistoryView", "history_line"]


class HistoryView(PageView):
    """The matches of one player on one ladder."""

    name: ClassVar[str] = "history"

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        ladder: LadderConfig,
        player: Player,
        locale: object,
    ) -> None:
        heading = context.text("history.heading", locale, name=player.name, ladder=ladder.name)
        super().__init__(context, heading, locale)
        self._ladder = ladder
        self._player_id = player.id

    async def read(self, offset: int, limit: int) -> Part:
        played, total = await matches_of(self._ladder, self._player_id, offset=offset, limit=limit)
        lines = [history_line(self.context, self._ladder, one, self.locale) for one in played]
        return Part(lines, total)


def history_line(
    context: PluginContext[QueueConfig], ladder: LadderConfig, played: Played, locale: object
) -> str:
    """A match in one line, as the player sees it."""
    change = ""
    if played.rating_after is not None:
        change = context.text(
            "history.change",
            locale,
            points=played.rating_after - played.rating_before,
            after=played.rating_after,
        )
    played_on = ladder.map_by_name.get(played.map or "")
    flag = countries.flag(played.opponent_country) if played.opponent_country else ""
    return context.text(
        "history.line",
        locale,
        number=played.number,
        at=Markup(format_dt(played.at, "d")),
        outcome=Markup(context.text(f"history.outcome.{played.outcome}", locale)),
        faction=Markup(ladder.faction_label(played.faction)),
        opponent=played.opponent,
        flag=Markup(f"{flag} " if flag else ""),
        opponent_faction=Markup(ladder.faction_label(played.opponent_faction)),
        map=played_on.name if played_on is not None else played.map or "?",
        change=Markup(change),
    )
