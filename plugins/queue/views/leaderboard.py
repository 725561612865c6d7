"""`/leaderboard`: who stands where, a page at a time."""

from __future__ import annotations

from typing import Any, ClassVar

import disnake

from core.errors import Refused
from core.plugin import PluginContext
from core.text import Markup
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain import countries
from plugins.queue.models import Player
from plugins.queue.service.standings import Filters, Line, leaderboard, lines_above
from plugins.queue.views.paging import LINES, PageView, Part
from plugins.queue.views.steps import StepButton

__all__ = ["LeaderboardView"]


class LeaderboardView(PageView):
    """The leaderboard of a ladder, whole or narrowed."""

    name: ClassVar[str] = "leaderboard"

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        ladder: LadderConfig,
        filters: Filters,
        locale: object,
    ) -> None:
        super().__init__(context, _heading(context, ladder, filters, locale), locale)
        self._ladder = ladder
        self._filters = filters
        find = context.text("leaderboard.button.find_me", locale)
        self.add_item(StepButton(find, self._find_me))

    async def read(self, offset: int, limit: int) -> Part:
        lines, total = await leaderboard(self._ladder, self._filters, offset=offset, limit=limit)
        return Part([self._shown(line) for line in lines], total)

    async def _find_me(self, inter: disnake.MessageInteraction[Any]) -> None:
        player = await Player.get_or_none(discord_id=inter.author.id)
        above = None
        if player is not None:
            above = await lines_above(self._ladder, self._filters, player.id)
        if above is None:
            hidden = player is not None and not player.listed
            key = "leaderboard.you_are_hidden" if hidden else "leaderboard.you_are_not_on_it"
            raise Refused(self.context.text(key, inter.locale))
        await self.turn_to(inter, above // LINES)

    def _shown(self, line: Line) -> str:
        return self.context.text(
            "leaderboard.line",
            self.locale,
            position=line.position,
            rank=line.rank,
            flag=Markup(countries.flag(line.country) if line.country else "🏳️"),
            name=line.name,
            faction=Markup(self._ladder.faction_label(line.faction)),
            rating=line.value,
            games=line.games,
            rate=line.win_rate,
        )


def _heading(
    context: PluginContext[QueueConfig], ladder: LadderConfig, filters: Filters, locale: object
) -> str:
    narrowed: list[str] = []
    if filters.faction:
        narrowed.append(ladder.faction_label(filters.faction))
    if filters.country:
        flag = countries.flag(filters.country)
        narrowed.append(f"{flag} {countries.name(filters.country)}")
    if filters.rank:
        narrowed.append(context.text("leaderboard.of_rank", locale, rank=filters.rank))
    heading = context.text("leaderboard.heading", locale, ladder=ladder.name)
    return " · ".join((heading, *narrowed))
