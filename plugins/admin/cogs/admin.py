"""Those of the commands of ``/admin`` that put right what went wrong."""

from __future__ import annotations

import disnake

from plugins.admin.cogs.group import AdminGroup
from plugins.admin.cogs.options import MATCH, OUTCOME, POINTS, REASON, Inter
from plugins.admin.models import AuditEntry
from plugins.admin.service.deeds import (
    OUTCOMES,
    Adjust,
    BanPlayer,
    ClearQueue,
    Decide,
    ForgiveAborts,
    RemoveFromQueue,
    UnbanPlayer,
    Unblock,
    undo_of,
)

__all__ = ["AdminCog"]


class AdminCog(AdminGroup, name="Admin"):
    """The commands of admins. Each of them asks before anything is changed."""

    @AdminGroup.admin.sub_command(name="resolve")
    async def resolve(
        self, inter: Inter, number: int = MATCH, outcome: str = OUTCOME, reason: str = REASON
    ) -> None:
        """Decide a match: a conflict, one that is played, or, anew, one that is over.

        Parameters
        ----------
        number: Its number
        outcome: How it ended; A is the player who is named first
        reason: Why; both players are told
        """
        await self.rights.require_here(inter)
        page = await self.options.match(inter, number)
        await self.asking.ask(inter, Decide(*self.given, page, OUTCOMES[outcome]), reason)

    @AdminGroup.admin.sub_command(name="adjust_rating")
    async def adjust_rating(
        self,
        inter: Inter,
        player: str,
        faction: str,
        points: int = POINTS,
        reason: str = REASON,
        ladder: str = "",
    ) -> None:
        """Give points to a player's rating with a faction, or take some from it.

        Parameters
        ----------
        player: A mention, an id, a Discord name or a ladder name
        faction: Of which rating
        points: How many; less than 0 takes them away
        reason: Why; the player is told
        ladder: Which ladder; this server's first when left out
        """
        await self.rights.require_here(inter)
        chosen = self.options.ladder(inter, ladder)
        who = await self.options.player(inter, player)
        code = self.options.faction(inter, chosen, faction)
        await self.asking.ask(inter, Adjust(*self.given, who, chosen, code, points), reason)

    @AdminGroup.admin.sub_command(name="remove_queue")
    async def remove_queue(self, inter: Inter, player: str, reason: str = REASON) -> None:
        """Take a player out of the queue.

        Parameters
        ----------
        player: A mention, an id, a Discord name or a ladder name
        reason: Why; the player is told
        """
        guild_id = await self.rights.require_here(inter)
        who = await self.options.player(inter, player)
        await self.asking.ask(inter, RemoveFromQueue(*self.given, guild_id, who), reason)

    @AdminGroup.admin.sub_command(name="unblock_queue")
    async def unblock_queue(self, inter: Inter, player: str, reason: str = REASON) -> None:
        """Free a player who cannot join though nothing keeps them.

        Parameters
        ----------
        player: A mention, an id, a Discord name or a ladder name
        reason: Why; the player is told
        """
        guild_id = await self.rights.require_here(inter)
        who = await self.options.player(inter, player)
        await self.asking.ask(inter, Unblock(*self.given, guild_id, who), reason)

    @AdminGroup.admin.sub_command(name="clear_queue")
    async def clear_queue(self, inter: Inter, reason: str = REASON, ladder: str = "") -> None:
        """Take everybody out of a ladder's queue.

        Parameters
        ----------
        reason: Why; all of them are told
        ladder: Which ladder; this server's first when left out
        """
        await self.rights.require_here(inter)
        chosen = self.options.ladder(inter, ladder)
        await self.asking.ask(inter, ClearQueue(*self.given, chosen), reason)

    @AdminGroup.admin.sub_command(name="ban")
    async def ban(
        self, inter: Inter, player: str, reason: str = REASON, duration: str = ""
    ) -> None:
        """Keep a player from joining this server's ladders.

        Parameters
        ----------
        player: A mention, an id, a Discord name or a ladder name
        reason: Why; the player is told
        duration: For how long, as 3d or 2 weeks; for ever when left out
        """
        guild_id = await self.rights.require_here(inter)
        who = await self.options.player(inter, player)
        until = self.options.until(inter, duration)
        await self.asking.ask(inter, BanPlayer(*self.given, guild_id, who, until), reason)

    @AdminGroup.admin.sub_command(name="unban")
    async def unban(self, inter: Inter, player: str, reason: str = REASON) -> None:
        """Let a player join again.

        Parameters
        ----------
        player: A mention, an id, a Discord name or a ladder name
        reason: Why; the player is told
        """
        guild_id = await self.rights.require_here(inter)
        who = await self.options.player(inter, player)
        await self.asking.ask(inter, UnbanPlayer(*self.given, guild_id, who), reason)

    @AdminGroup.admin.sub_command(name="reset_aborts")
    async def reset_aborts(
        self, inter: Inter, player: str, reason: str = REASON, ladder: str = ""
    ) -> None:
        """Have this month's aborts of a player count no more.

        Parameters
        ----------
        player: A mention, an id, a Discord name or a ladder name
        reason: Why; the player is told
        ladder: Which ladder; this server's first when left out
        """
        await self.rights.require_here(inter)
        chosen = self.options.ladder(inter, ladder)
        who = await self.options.player(inter, player)
        await self.asking.ask(inter, ForgiveAborts(*self.given, who, chosen), reason)

    @AdminGroup.admin.sub_command(name="undo")
    async def undo(self, inter: Inter, entry: int = MATCH, reason: str = REASON) -> None:
        """Take back what an admin did.

        Parameters
        ----------
        entry: The number of the entry in /admin audit
        reason: Why; the player is told
        """
        guild_id = await self.rights.require_here(inter)
        found = await AuditEntry.get_or_none(id=entry, guild_id=guild_id)
        if found is None:
            raise self.options.refused("no_entry", inter, entry=entry)
        deed = await undo_of(*self.given, found, inter.locale)
        if deed.owners_only:
            self.rights.require_owner(inter)
        await self.asking.ask(inter, deed, reason)

    @adjust_rating.autocomplete("player")  # pyright: ignore[reportUnknownMemberType]
    @remove_queue.autocomplete("player")  # pyright: ignore[reportUnknownMemberType]
    @unblock_queue.autocomplete("player")  # pyright: ignore[reportUnknownMemberType]
    @ban.autocomplete("player")  # pyright: ignore[reportUnknownMemberType]
    @unban.autocomplete("player")  # pyright: ignore[reportUnknownMemberType]
    @reset_aborts.autocomplete("player")  # pyright: ignore[reportUnknownMemberType]
    async def complete_player(self, inter: Inter, typed: str) -> list[disnake.OptionChoice]:
        """Players, by each of their names."""
        return await self.options.complete_player(inter, typed)

    @adjust_rating.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    @clear_queue.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    @reset_aborts.autocomplete("ladder")  # pyright: ignore[reportUnknownMemberType]
    async def complete_ladder(self, inter: Inter, typed: str) -> list[str]:
        """The ladders of this server."""
        return self.options.complete_ladder(inter, typed)

    @adjust_rating.autocomplete("faction")  # pyright: ignore[reportUnknownMemberType]
    async def complete_faction(self, inter: Inter, typed: str) -> list[str]:
        """The factions of the ladder."""
        return self.options.complete_faction(inter, typed)

    @ban.autocomplete("duration")  # pyright: ignore[reportUnknownMemberType]
    async def complete_duration(self, inter: Inter, typed: str) -> list[str]:
        """For how long."""
        del inter
        return self.options.complete_duration(typed)
