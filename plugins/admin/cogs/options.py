"""What stands in the options of admins' commands: read, and completed while it is typed."""

from __future__ import annotations

from typing import Any

import disnake
from disnake.ext import commands

from core.completion import CHOICES, matching
from core.errors import Refused
from core.plugin import PluginContext
from plugins.admin.config import AdminConfig
from plugins.admin.domain.times import FOR_EVER, Unreadable, duration
from plugins.admin.service.deeds import OUTCOMES
from plugins.admin.service.naming import label_of, named_player
from plugins.admin.service.rights import Rights
from plugins.admin.service.wording import LONGEST_REASON
from plugins.queue.api import (
    LadderConfig,
    MatchPage,
    PlayerFacts,
    QueueApi,
    read_match,
    suggest_players,
)

__all__ = ["MATCH", "OUTCOME", "POINTS", "REASON", "Inter", "Options"]

Inter = disnake.ApplicationCommandInteraction[Any]

LONGEST_CHOICE = 100
"""Discord shows so many characters of a choice."""

REASON: Any = commands.Param(min_length=1, max_length=LONGEST_REASON)  # pyright: ignore[reportUnknownMemberType]
MATCH: Any = commands.Param(ge=1, le=2**53 - 1)  # pyright: ignore[reportUnknownMemberType]
POINTS: Any = commands.Param(ge=-5000, le=5000)  # pyright: ignore[reportUnknownMemberType]
OUTCOME: Any = commands.Param(  # pyright: ignore[reportUnknownMemberType]
    choices=[
        disnake.OptionChoice(name, value)
        for name, value in zip(
            ("Player A won", "Player B won", "Draw", "It does not count"), OUTCOMES, strict=True
        )
    ]
)

DURATIONS = ("1 hour", "1 day", "3 days", "1 week", "1 month", "1 year", FOR_EVER)


class Options:
    """Reads options, for an interaction whose user may use them."""

    def __init__(
        self, context: PluginContext[AdminConfig], queue: QueueApi, rights: Rights
    ) -> None:
        self._context = context
        self._queue = queue
        self._rights = rights

    async def player(self, inter: Inter, called: str) -> PlayerFacts:
        """The player called that."""
        return await named_player(self._context, called, inter.locale)

    def ladder(self, inter: Inter, name: str) -> LadderConfig:
        """The ladder of that name on this server; its first for no name."""
        for ladder in self._queue.ladders_of(inter.guild_id):
            if name.casefold() in ("", ladder.name.casefold()):
                return ladder
        raise self.refused("no_ladder", inter, name=name)

    def faction(self, inter: Inter, ladder: LadderConfig, name: str) -> str:
        """The code of the faction of that name or code."""
        for faction in ladder.factions:
            if name.casefold() in (faction.code.casefold(), faction.name.casefold()):
                return faction.code
        names = ", ".join(faction.name for faction in ladder.factions)
        raise self.refused("no_faction", inter, name=name, factions=names)

    async def match(self, inter: Inter, number: int) -> MatchPage:
        """The match of that number, if it is of this server."""
        page = await read_match(number)
        if page is None or page.match.guild_id != inter.guild_id:
            raise self.refused("no_match", inter, match=number)
        return page

    def until(self, inter: Inter, typed: str) -> Any:
        """When so long a time ends that begins now; None for ever."""
        try:
            lasts = duration(typed)
        except Unreadable:
            raise self.refused("no_duration", inter, typed=typed) from None
        return self._context.clock.now() + lasts if lasts is not None else None

    def refused(self, key: str, inter: Inter, /, **values: Any) -> Refused:
        """A refusal, with the sentence of that key."""
        return Refused(self._context.text(f"refused.{key}", inter.locale, **values))

    async def complete_player(self, inter: Inter, typed: str) -> list[disnake.OptionChoice]:
        """Players in whose names that stands. Only admins are told who there is."""
        try:
            await self._rights.require_here(inter)
        except Refused:
            return []
        return [
            disnake.OptionChoice(label_of(player)[:LONGEST_CHOICE], str(player.discord_id))
            for player in await suggest_players(typed.removeprefix("@"), limit=CHOICES)
        ]

    def complete_ladder(self, inter: Inter, typed: str) -> list[str]:
        """The ladders of this server."""
        return matching((ladder.name for ladder in self._queue.ladders_of(inter.guild_id)), typed)

    def complete_faction(self, inter: Inter, typed: str) -> list[str]:
        """The factions of the ladder that was typed before, or of all."""
        named = str(inter.filled_options.get("ladder", "")).casefold()
        ladders = self._queue.ladders_of(inter.guild_id)
        return matching(
            (f.name for one in ladders if named in ("", one.name.casefold()) for f in one.factions),
            typed,
        )

    def complete_duration(self, typed: str) -> list[str]:
        """Some durations, and what was typed if it is one."""
        offered = matching(DURATIONS, typed)
        if not offered:
            try:
                duration(typed)
            except Unreadable:
                return []
            offered = [typed]
        return offered
