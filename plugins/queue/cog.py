"""The commands of the queue."""

from __future__ import annotations

from typing import Any

import disnake
from disnake.ext import commands

from core.errors import Refused
from core.interactions import reply
from core.plugin import PluginContext
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.service import QueueService
from plugins.queue.service.entries import Joiner
from plugins.queue.views import SearchingView

__all__ = ["QueueCog"]

Inter = disnake.ApplicationCommandInteraction[Any]

CHOICES = 25
"""Discord shows so many at most."""


class QueueCog(commands.Cog, name="Queue"):
    """``/queue join`` and ``/queue leave``."""

    def __init__(
        self, context: PluginContext[QueueConfig], queue: QueueService, searching: SearchingView
    ) -> None:
        self._context = context
        self._queue = queue
        self._searching = searching

    @commands.slash_command(name="queue")
    async def queue(self, inter: Inter) -> None:
        """The ladder's queue."""

    @queue.sub_command(name="join")
    async def join(self, inter: Inter, faction: str = "", ladder: str = "") -> None:
        """Wait for an opponent.

        Parameters
        ----------
        faction: What you play as; the ladder's first when left out
        ladder: Which ladder; this server's first when left out
        """
        chosen = self._ladder(inter, ladder)
        record = await self._queue.join(
            Joiner(inter.author.id, inter.author.display_name, str(inter.locale)),
            chosen,
            self._faction(inter, chosen, faction),
            self._searching,
            inter.channel_id,
        )
        await self._context.views.answer(inter, record)

    @queue.sub_command(name="leave")
    async def leave(self, inter: Inter) -> None:
        """Leave every queue you wait in."""
        await self._queue.leave(inter.author.id, str(inter.locale))
        await reply(inter, self._context.text("queue.left", inter.locale))

    @join.autocomplete("faction")  # pyright: ignore[reportUnknownMemberType]
    async def complete_faction(self, inter: Inter, typed: str) -> list[str]:
        """The factions of the ladders of this server."""
        named = str(inter.filled_options.get("ladder", ""))
        ladders = [lad for lad in self._ladders(inter) if named in ("", lad.name)]
        return _matching((faction for ladder in ladders for faction in ladder.factions), typed)

    @join.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    async def complete_ladder(self, inter: Inter, typed: str) -> list[str]:
        """The ladders of this server."""
        return _matching((ladder.name for ladder in self._ladders(inter)), typed)

    def _ladders(self, inter: Inter) -> list[LadderConfig]:
        return [lad for lad in self._context.config.ladders if lad.guild_id == inter.guild_id]

    def _ladder(self, inter: Inter, name: str) -> LadderConfig:
        ladders = self._ladders(inter)
        if not ladders:
            raise Refused(self._context.text("queue.wrong_guild", inter.locale))
        wanted = [lad for lad in ladders if name.casefold() in ("", lad.name.casefold())]
        if not wanted:
            raise Refused(self._context.text("queue.no_ladder", inter.locale, name=name))
        return wanted[0]

    def _faction(self, inter: Inter, ladder: LadderConfig, name: str) -> str:
        if not name:
            return ladder.factions[0]
        for faction in ladder.factions:
            if faction.casefold() == name.casefold():
                return faction
        raise Refused(
            self._context.text(
                "queue.no_faction", inter.locale, name=name, factions=", ".join(ladder.factions)
            )
        )


def _matching(names: Any, typed: str) -> list[str]:
    found = dict.fromkeys(name for name in names if typed.casefold() in name.casefold())
    return list(found)[:CHOICES]
