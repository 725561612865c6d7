"""The commands with which players say who they are, and what may be known of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from io import BytesIO
from typing import Any

import disnake
from disnake.ext import commands

from core.errors import Refused
from core.interactions import reply
from core.plugin import PluginContext
from core.views import Rendering
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain import countries
from plugins.queue.domain.profile import Typed, one_line
from plugins.queue.models import Ban, Player
from plugins.queue.service.players import PlayerService, is_set_up, region_names
from plugins.queue.views.deletion import DeletionView
from plugins.queue.views.setup import Setup, setup_text
from plugins.queue.views.setup_modal import as_typed

__all__ = ["PlayersCog"]

Inter = disnake.ApplicationCommandInteraction[Any]

ROOMS = [
    disnake.OptionChoice("A thread on the server", "thread"),
    disnake.OptionChoice("Direct messages, where the opponent wants them too", "dm"),
]


class PlayersCog(commands.Cog, name="Players"):
    """``/setup`` and ``/privacy``.

    Args:
        leave: takes a player out of every queue; joins the open transaction.
    """

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        players: PlayerService,
        leave: Callable[[int], Awaitable[object]],
    ) -> None:
        self._context = context
        self._players = players
        self._leave = leave

    @commands.slash_command(name="setup")
    async def setup(
        self,
        inter: Inter,
        name: str | None = None,
        account: str | None = None,
        country: str | None = None,
        region: str | None = None,
        room: str | None = commands.Param(None, choices=ROOMS),  # pyright: ignore[reportUnknownMemberType]
    ) -> None:
        """Say how others find you; what you leave out stays as it is.

        Parameters
        ----------
        name: Your name on the ladder
        account: Your name in the game, as opponents have to type it
        country: Where you are from
        region: Where you play from; decides on which server
        room: Where you would rather play, on ladders that offer both
        """
        ladders = self._ladders(inter)
        typed = Typed(name, account, country, region, room)
        player_id = await self._players.know(inter.author, inter.locale)
        player = await self._players.set_up(player_id, typed, ladders, inter.locale)
        if typed.is_empty or not is_set_up(player, ladders):
            await Setup(self._context, self._players, ladders, as_typed(player)).open(inter)
        else:
            await reply(inter, setup_text(self._context, player, ladders, inter.locale))

    @setup.autocomplete("country")  # pyright: ignore[reportUnknownMemberType]
    async def complete_country(self, inter: Inter, typed: str) -> list[disnake.OptionChoice]:
        """The countries, by name or code."""
        del inter
        return [
            disnake.OptionChoice(f"{countries.flag(country.code)} {country.name}", country.code)
            for country in countries.complete(typed)
        ]

    @setup.autocomplete("region")  # pyright: ignore[reportUnknownMemberType]
    async def complete_region(self, inter: Inter, typed: str) -> list[disnake.OptionChoice]:
        """The regions of the ladders of this server."""
        wanted = one_line(typed).casefold()
        return [
            disnake.OptionChoice(name, code)
            for code, name in region_names(self._ladders(inter)).items()
            if wanted in name.casefold() or wanted == code.casefold()
        ][: countries.CHOICES]

    @commands.slash_command(name="privacy")
    async def privacy(self, inter: Inter) -> None:
        """What is stored about you, and who sees it."""

    @privacy.sub_command(name="export")
    async def export(self, inter: Inter) -> None:
        """Get all that is stored about you, as a file."""
        player = await self._known(inter)
        stored = await self._players.export(player.id)
        body = json.dumps(stored, ensure_ascii=False, indent=1).encode()
        await inter.response.send_message(
            self._context.text("privacy.export", inter.locale),
            file=disnake.File(BytesIO(body), f"ladder-player-{player.id}.json"),
            ephemeral=True,
        )

    @privacy.sub_command(name="hide")
    async def hide(self, inter: Inter) -> None:
        """Do not appear on the leaderboard."""
        await self._set_listed(inter, False)

    @privacy.sub_command(name="show")
    async def show(self, inter: Inter) -> None:
        """Appear on the leaderboard again."""
        await self._set_listed(inter, True)

    @privacy.sub_command(name="delete")
    async def delete(self, inter: Inter) -> None:
        """Have what is stored about you deleted."""
        player = await self._known(inter)
        view = DeletionView(self._context, self._players, self._leave, inter.locale)
        text = self._context.text("privacy.sure", inter.locale)
        if await Ban.filter(player_id=player.id).exists():
            text += f"\n{self._context.text('privacy.while_banned', inter.locale)}"
        await self._context.views.show(inter, view, Rendering(text))

    async def _set_listed(self, inter: Inter, listed: bool) -> None:
        player = await self._known(inter)
        await self._players.set_listed(player.id, listed)
        key = "privacy.shown" if listed else "privacy.hidden"
        await reply(inter, self._context.text(key, inter.locale))

    async def _known(self, inter: Inter) -> Player:
        player = await self._players.find(inter.author.id)
        if player is None:
            raise Refused(self._context.text("privacy.unknown", inter.locale))
        return player

    def _ladders(self, inter: Inter) -> Sequence[LadderConfig]:
        """Those of this server; elsewhere, as in direct messages, all there are."""
        config = self._context.config
        return config.of_guild(inter.guild_id) or config.ladders
