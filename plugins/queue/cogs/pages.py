"""The commands that show what was played, and how players stand."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Any

import disnake
from disnake.ext import commands

from core.completion import matching
from core.errors import Refused
from core.plugin import PluginContext
from core.worker import WorkerLost
from plugins.queue.cogs.ladders import named_ladder
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain import countries
from plugins.queue.models import Player
from plugins.queue.pictures import Pictures
from plugins.queue.service.history import ratings_over_time
from plugins.queue.service.reading import read_match
from plugins.queue.service.standings import Filters, countries_of
from plugins.queue.views.history import HistoryView
from plugins.queue.views.leaderboard import LeaderboardView
from plugins.queue.views.match_history import match_history
from plugins.queue.views.profile import profile

__all__ = ["PagesCog"]

Inter = disnake.ApplicationCommandInteraction[Any]

PICTURE = "ratings.png"


class PagesCog(commands.Cog, name="Pages"):
    """``/profile``, ``/leaderboard``, ``/history`` and ``/match``."""

    def __init__(self, context: PluginContext[QueueConfig], pictures: Pictures) -> None:
        self._context = context
        self._pictures = pictures

    @commands.slash_command(name="profile")
    async def profile(
        self, inter: Inter, player: disnake.User | None = None, ladder: str = ""
    ) -> None:
        """How a player stands, and their last matches.

        Parameters
        ----------
        player: Whose; yours when left out
        ladder: Which ladder; this server's first when left out
        """
        chosen = named_ladder(self._context, inter, ladder)
        known = await self._known(inter, player)
        own = known.discord_id == inter.author.id
        embed = await profile(self._context, chosen, known, own=own, locale=inter.locale)
        await inter.response.send_message(embed=embed, ephemeral=True)
        await self._add_picture(inter, chosen, known, embed)

    @commands.slash_command(name="leaderboard")
    async def leaderboard(
        self, inter: Inter, ladder: str = "", faction: str = "", country: str = "", rank: str = ""
    ) -> None:
        """Who stands where.

        Parameters
        ----------
        ladder: Which ladder; this server's first when left out
        faction: Only ratings with this faction
        country: Only players from this country
        rank: Only this rank
        """
        chosen = named_ladder(self._context, inter, ladder)
        filters = Filters(
            faction=self._faction(inter, chosen, faction),
            country=self._country(inter, country),
            rank=self._rank(inter, chosen, rank),
        )
        view = LeaderboardView(self._context, chosen, filters, inter.locale)
        narrowed = filters != Filters()
        key = "leaderboard.nobody_like_that" if narrowed else "leaderboard.nobody"
        await view.open(inter, self._context.text(key, inter.locale, ladder=chosen.name))

    @commands.slash_command(name="history")
    async def history(
        self, inter: Inter, player: disnake.User | None = None, ladder: str = ""
    ) -> None:
        """The matches of a player, newest first.

        Parameters
        ----------
        player: Whose; yours when left out
        ladder: Which ladder; this server's first when left out
        """
        chosen = named_ladder(self._context, inter, ladder)
        known = await self._known(inter, player)
        view = HistoryView(self._context, chosen, known, inter.locale)
        none = self._context.text("history.none", inter.locale, name=known.name, ladder=chosen.name)
        await view.open(inter, none)

    @commands.slash_command(name="match")
    async def match(
        self,
        inter: Inter,
        number: int = commands.Param(ge=1, le=2**53 - 1),  # pyright: ignore[reportUnknownMemberType]
    ) -> None:
        """Everything about one match.

        Parameters
        ----------
        number: Its number
        """
        named_ladder(self._context, inter, "")  # the sentence for where there is no ladder
        page = await read_match(number)
        if page is None or page.match.guild_id != inter.guild_id:
            raise Refused(self._context.text("history.no_match", inter.locale, number=number))
        embed = await match_history(self._context, page, str(inter.locale))
        await inter.response.send_message(embed=embed, ephemeral=True)

    @profile.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    @leaderboard.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    @history.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    async def complete_ladder(self, inter: Inter, typed: str) -> list[str]:
        """The ladders of this server."""
        ladders = self._context.config.of_guild(inter.guild_id)
        return matching((ladder.name for ladder in ladders), typed)

    @leaderboard.autocomplete("faction")  # pyright: ignore[reportUnknownMemberType]
    async def complete_faction(self, inter: Inter, typed: str) -> list[str]:
        """The factions of the ladder."""
        factions = (f.name for ladder in self._typed_ladder(inter) for f in ladder.factions)
        return matching(factions, typed)

    @leaderboard.autocomplete("rank")  # pyright: ignore[reportUnknownMemberType]
    async def complete_rank(self, inter: Inter, typed: str) -> list[str]:
        """The ranks of the ladder."""
        ranks = (rank.name for ladder in self._typed_ladder(inter) for rank in ladder.ranks)
        return matching(ranks, typed)

    @leaderboard.autocomplete("country")  # pyright: ignore[reportUnknownMemberType]
    async def complete_country(self, inter: Inter, typed: str) -> list[disnake.OptionChoice]:
        """The countries that players of the ladder come from."""
        there = [
            code for ladder in self._typed_ladder(inter) for code in await countries_of(ladder)
        ]
        wanted = typed.strip().casefold()
        return [
            disnake.OptionChoice(f"{countries.flag(code)} {countries.name(code)}", code)
            for code in there
            if wanted in countries.name(code).casefold() or wanted == code.casefold()
        ][: countries.CHOICES]

    async def _add_picture(
        self, inter: Inter, ladder: LadderConfig, player: Player, embed: disnake.Embed
    ) -> None:
        """Drawing takes a second when it has not been done for a while: the profile does not wait
        for it, and is whole without it."""
        lines = await ratings_over_time(ladder, player.id)
        if not lines:
            return
        named = {
            faction.name
            if (faction := ladder.faction_by_code.get(code)) is not None
            else code: line
            for code, line in lines.items()
        }
        axis = self._context.text("profile.axis", inter.locale)
        try:
            picture = await self._pictures.ratings(named, axis)
        except WorkerLost as error:
            self._context.log.warning("a profile has no picture: {}", error)
            return
        embed.set_image(file=disnake.File(BytesIO(picture), PICTURE))
        with suppress(disnake.NotFound):  # they have dismissed it
            await inter.edit_original_response(embed=embed)

    async def _known(self, inter: Inter, user: disnake.User | disnake.Member | None) -> Player:
        found = await Player.get_or_none(discord_id=(user or inter.author).id)
        if found is not None:
            return found
        if user is None or user.id == inter.author.id:
            raise Refused(self._context.text("profile.you_are_unknown", inter.locale))
        raise Refused(self._context.text("profile.unknown", inter.locale, name=user.display_name))

    def _typed_ladder(self, inter: Inter) -> list[LadderConfig]:
        """The ladder that was typed before, or all of this server."""
        named = str(inter.filled_options.get("ladder", "")).casefold()
        ladders = self._context.config.of_guild(inter.guild_id)
        return [ladder for ladder in ladders if named in ("", ladder.name.casefold())]

    def _faction(self, inter: Inter, ladder: LadderConfig, typed: str) -> str:
        for faction in ladder.factions:
            if typed.casefold() in (faction.code.casefold(), faction.name.casefold()):
                return faction.code
        if not typed:
            return ""
        names = ", ".join(faction.name for faction in ladder.factions)
        raise Refused(
            self._context.text("queue.no_faction", inter.locale, name=typed, factions=names)
        )

    def _country(self, inter: Inter, typed: str) -> str:
        if not typed:
            return ""
        found = countries.find(typed)
        if found is None:
            raise Refused(self._context.text("leaderboard.no_country", inter.locale, name=typed))
        return found.code

    def _rank(self, inter: Inter, ladder: LadderConfig, typed: str) -> str:
        for rank in ladder.ranks:
            if typed.casefold() == rank.name.casefold():
                return rank.name
        if not typed:
            return ""
        names = ", ".join(rank.name for rank in ladder.ranks)
        raise Refused(self._context.text("ranks.no_rank", inter.locale, name=typed, ranks=names))
