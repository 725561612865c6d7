"""``/admin``, and those of its commands that only show something."""

from __future__ import annotations

import disnake
from disnake.ext import commands

from core.completion import matching
from core.plugin import PluginContext
from plugins.admin.cogs.looking import Looking
from plugins.admin.cogs.options import MATCH, Inter, Options
from plugins.admin.config import AdminConfig
from plugins.admin.service.audit import ACTIONS
from plugins.admin.service.rights import Rights
from plugins.admin.views.confirmation import Asking
from plugins.queue.api import QueueApi

__all__ = ["AdminGroup"]


class AdminGroup(commands.Cog):
    """The commands of admins. Discord hides them from those without Manage Server; each of them
    asks :class:`Rights` all the same."""

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        rights: Rights,
        asking: Asking,
        looking: Looking,
    ) -> None:
        self.given = (context, queue)
        self.rights = rights
        self.asking = asking
        self._looking = looking
        self.options = Options(context, queue, rights)

    @commands.slash_command(
        name="admin",
        default_member_permissions=disnake.Permissions(manage_guild=True),
        contexts=disnake.InteractionContextTypes(guild=True),
    )
    async def admin(self, inter: Inter) -> None:
        """Look after the ladder."""

    @admin.sub_command(name="snapshot")
    async def snapshot(self, inter: Inter, ladder: str = "") -> None:
        """How everything stands now: queue, matches, conflicts, views, database, gateway.

        Parameters
        ----------
        ladder: Which ladder; this server's first when left out
        """
        await self.rights.require_here(inter)
        await self._looking.snapshot(inter, self.options.ladder(inter, ladder))

    @admin.sub_command(name="player")
    async def player(self, inter: Inter, player: str, ladder: str = "") -> None:
        """Everything about a player.

        Parameters
        ----------
        player: A mention, an id, a Discord name or a ladder name
        ladder: Which ladder; this server's first when left out
        """
        guild_id = await self.rights.require_here(inter)
        chosen = self.options.ladder(inter, ladder)
        await self._looking.player(
            inter, guild_id, await self.options.player(inter, player), chosen
        )

    @admin.sub_command(name="match")
    async def match(self, inter: Inter, number: int = MATCH) -> None:
        """Everything about a match.

        Parameters
        ----------
        number: Its number
        """
        await self.rights.require_here(inter)
        await self._looking.match(inter, await self.options.match(inter, number))

    @admin.sub_command(name="audit")
    async def audit(
        self,
        inter: Inter,
        admin: disnake.User | None = None,
        player: str = "",
        action: str = "",
        since: str = "",
    ) -> None:
        """Who changed what, and why.

        Parameters
        ----------
        admin: Only what this admin did
        player: Only what concerned this player
        action: Only this kind
        since: A day as 2026-01-31, or so long ago, as 3d
        """
        guild_id = await self.rights.require_here(inter)
        who = await self.options.player(inter, player) if player else None
        await self._looking.audit(
            inter,
            guild_id,
            admin_id=admin.id if admin is not None else None,
            player_id=who.id if who is not None else None,
            action=action,
            since=since,
        )

    @player.autocomplete("player")  # pyright: ignore[reportUnknownMemberType]
    @audit.autocomplete("player")  # pyright: ignore[reportUnknownMemberType]
    async def complete_known(self, inter: Inter, typed: str) -> list[disnake.OptionChoice]:
        """Players, by each of their names."""
        return await self.options.complete_player(inter, typed)

    @snapshot.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    @player.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    async def complete_shown(self, inter: Inter, typed: str) -> list[str]:
        """The ladders of this server."""
        return self.options.complete_ladder(inter, typed)

    @audit.autocomplete("action")  # pyright: ignore[reportUnknownMemberType]
    async def complete_action(self, inter: Inter, typed: str) -> list[str]:
        """What an admin can do."""
        del inter
        return matching(ACTIONS, typed)
