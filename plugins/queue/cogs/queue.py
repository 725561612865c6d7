"""The commands of the queue."""

from __future__ import annotations

from typing import Any

import disnake
from disnake.ext import commands

from core.completion import matching
from core.errors import Refused
from core.interactions import reply
from core.plugin import PluginContext
from plugins.queue.cogs.ladders import named_ladder
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.service.entries import QueueService
from plugins.queue.service.panels import PanelService
from plugins.queue.views.join import Joining

__all__ = ["QueueCog"]

Inter = disnake.ApplicationCommandInteraction[Any]


class QueueCog(commands.Cog, name="Queue"):
    """``/queue join``, ``/queue leave`` and ``/panel``."""

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        queue: QueueService,
        joining: Joining,
        panels: PanelService,
    ) -> None:
        self._context = context
        self._queue = queue
        self._joining = joining
        self._panels = panels

    @commands.slash_command(name="queue")
    async def queue(self, inter: Inter) -> None:
        """The ladder's queue."""

    @queue.sub_command(name="join")
    async def join(self, inter: Inter, faction: str = "", ladder: str = "") -> None:
        """Wait for an opponent, or see how your wait stands.

        Parameters
        ----------
        faction: Join at once with it; without one you choose
        ladder: Which ladder; this server's first when left out
        """
        chosen = named_ladder(self._context, inter, ladder)
        factions = [self._faction(inter, chosen, faction)] if faction else []
        await self._joining.begin(inter, chosen, factions)

    @queue.sub_command(name="leave")
    async def leave(self, inter: Inter) -> None:
        """Leave every queue you wait in."""
        await self._queue.leave(inter.author.id, str(inter.locale))
        await reply(inter, self._context.text("queue.left", inter.locale))

    @commands.slash_command(
        name="panel",
        default_member_permissions=disnake.Permissions(manage_guild=True),
        contexts=disnake.InteractionContextTypes(guild=True),
    )
    async def panel(self, inter: Inter) -> None:
        """The queue panel."""

    @panel.sub_command(name="post")
    async def post(self, inter: Inter, ladder: str = "") -> None:
        """Post a ladder's panel in this channel, with buttons to join and leave.

        Parameters
        ----------
        ladder: Which ladder; this server's first when left out
        """
        self._require_manager(inter)
        await self._panels.post(named_ladder(self._context, inter, ladder), inter.channel_id)
        await reply(inter, self._context.text("panel.posted", inter.locale))

    @panel.sub_command(name="remove")
    async def remove(self, inter: Inter, ladder: str = "") -> None:
        """Take a ladder's panel out of this channel.

        Parameters
        ----------
        ladder: Which ladder; this server's first when left out
        """
        self._require_manager(inter)
        chosen = named_ladder(self._context, inter, ladder)
        removed = await self._panels.remove(chosen, inter.channel_id)
        key = "panel.removed" if removed else "panel.none"
        await reply(inter, self._context.text(key, inter.locale))

    @join.autocomplete("faction")  # pyright: ignore[reportUnknownMemberType]
    async def complete_faction(self, inter: Inter, typed: str) -> list[str]:
        """The factions of the ladders of this server."""
        named = str(inter.filled_options.get("ladder", ""))
        ladders = [
            ladder
            for ladder in self._context.config.of_guild(inter.guild_id)
            if named in ("", ladder.name)
        ]
        return matching((f.name for ladder in ladders for f in ladder.factions), typed)

    @join.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    @post.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    @remove.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    async def complete_ladder(self, inter: Inter, typed: str) -> list[str]:
        """The ladders of this server."""
        ladders = self._context.config.of_guild(inter.guild_id)
        return matching((ladder.name for ladder in ladders), typed)

    def _faction(self, inter: Inter, ladder: LadderConfig, name: str) -> str:
        for faction in ladder.factions:
            if name.casefold() in (faction.name.casefold(), faction.code.casefold()):
                return faction.code
        raise Refused(
            self._context.text(
                "queue.no_faction",
                inter.locale,
                name=name,
                factions=", ".join(faction.name for faction in ladder.factions),
            )
        )

    def _require_manager(self, inter: Inter) -> None:
        """Discord hides the command from others; a server can show it to them all the same."""
        is_owner = inter.author.id in self._context.owners
        if not (inter.permissions.manage_guild or is_owner):
            raise Refused(self._context.text("panel.not_allowed", inter.locale))
