"""What admins look at; nothing here changes anything."""

from __future__ import annotations

from typing import Any

import disnake
from disnake.utils import format_dt

from core.errors import Refused
from core.plugin import PluginContext
from core.text import Markup
from plugins.admin.cogs.options import Inter
from plugins.admin.config import AdminConfig
from plugins.admin.domain.times import Unreadable, since
from plugins.admin.models import AuditEntry
from plugins.admin.service.audit import ACTIONS, AuditFilters, read_audit
from plugins.admin.service.snapshot import SnapshotService
from plugins.admin.service.wording import Wording, whole
from plugins.admin.views.pages import AuditPages, SnapshotPages
from plugins.queue.api import LadderConfig, MatchPage, PlayerFacts, QueueApi, embed_of

__all__ = ["Looking"]

ENTRIES = 5
"""Of the audit, shown with a player or a match."""

LONGEST_EMBEDS = 6000
"""Of all embeds of a message together, as Discord has it."""


class Looking:
    """Answers with what is asked for, to the admin alone."""

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        wording: Wording,
        snapshots: SnapshotService,
    ) -> None:
        self._context = context
        self._queue = queue
        self._wording = wording
        self._snapshots = snapshots

    async def snapshot(self, inter: Inter, ladder: LadderConfig) -> None:
        """How a ladder and the bot stand."""
        view = SnapshotPages(self._context, self._snapshots, ladder, inter.locale)
        await view.open(inter, "")

    async def player(
        self, inter: Inter, guild_id: int, player: PlayerFacts, ladder: LadderConfig
    ) -> None:
        """A player: their profile, and what only admins see."""
        profile = await self._queue.profile_embed(ladder, player.id, inter.locale)
        lines = [
            self._say(
                "player.who",
                inter,
                mention=Markup(f"<@{player.discord_id}>"),
                discord=player.discord_name,
                number=player.id,
                account=player.account or "?",
            ),
            await self._state(inter, player),
            await self._ban(inter, player, guild_id),
            self._say(
                "player.aborts",
                inter,
                used=await self._queue.used_aborts(ladder, player.id),
                most=ladder.aborts_a_month,
            ),
            *[
                self._say("player.wrong", inter, what=Markup(self._repair(repair.kind, inter, n)))
                for repair in await self._queue.wrong_with(player.id)
                if (n := repair.number)
            ],
        ]
        filters = AuditFilters(player_id=player.id)
        entries, _ = await read_audit(guild_id, filters, offset=0, limit=ENTRIES)
        lines += [await self._wording.entry(entry, inter.locale, brief=True) for entry in entries]
        embeds = [profile, *_beside(profile, self._say("player.heading", inter), lines)]
        await inter.response.send_message(embeds=embeds, ephemeral=True)

    async def match(self, inter: Inter, page: MatchPage) -> None:
        """A match, and what admins did with it."""
        shown = await self._queue.match_embed(page, inter.locale)
        match = page.match
        lines: list[str] = []
        if match.room_id is not None:
            lines.append(self._say("match.room", inter, room=Markup(f"<#{match.room_id}>")))
        entries = AuditEntry.filter(match_id=match.id).order_by("-id").limit(ENTRIES)
        lines += [
            await self._wording.entry(entry, inter.locale, brief=True) for entry in await entries
        ]
        embeds = [shown, *_beside(shown, self._say("match.heading", inter), lines)]
        await inter.response.send_message(embeds=embeds, ephemeral=True)

    async def audit(
        self,
        inter: Inter,
        guild_id: int,
        *,
        admin_id: int | None,
        player_id: int | None,
        action: str,
        since: str,
    ) -> None:
        """The audit of a server, narrowed."""
        if action and action not in ACTIONS:
            values = {"name": action, "actions": Markup(", ".join(f"`{a}`" for a in ACTIONS))}
            raise Refused(self._say("refused.no_action", inter, **values))
        filters = AuditFilters(admin_id, player_id, action or None, self._since(inter, since))
        view = AuditPages(self._context, self._wording, guild_id, filters, inter.locale)
        await view.open(inter, self._say("audit.empty", inter))

    def _since(self, inter: Inter, typed: str) -> Any:
        if not typed:
            return None
        try:
            return since(typed, self._context.clock.now())
        except (Unreadable, OverflowError):
            raise Refused(self._say("refused.no_since", inter, typed=typed)) from None

    async def _state(self, inter: Inter, player: PlayerFacts) -> str:
        match_id = await self._queue.match_of(player.id)
        if match_id is not None:
            return self._say("player.in_match", inter, match=match_id)
        waits = await self._queue.waiting(player_id=player.id)
        if waits:
            ladders = ", ".join(wait.ladder for wait in waits)
            since_when = Markup(format_dt(waits[0].joined_at, "R"))
            return self._say("player.waits", inter, ladders=ladders, since=since_when)
        return self._say("player.free", inter)

    async def _ban(self, inter: Inter, player: PlayerFacts, guild_id: int) -> str:
        ban = await self._queue.ban(player, guild_id)
        if ban is None:
            return self._say("player.not_banned", inter)
        if ban.until is None:
            return self._say("player.banned_for_ever", inter, reason=whole(ban.reason))
        until = Markup(format_dt(ban.until, "f"))
        return self._say("player.banned", inter, until=until, reason=whole(ban.reason))

    def _repair(self, kind: str, inter: Inter, number: int) -> str:
        return self._say(f"repair.{kind}", inter, number=number)

    def _say(self, key: str, inter: disnake.Interaction[Any], /, **values: Any) -> str:
        return self._context.text(key, inter.locale, **values)


def _beside(other: disnake.Embed, heading: str, lines: list[str]) -> list[disnake.Embed]:
    """An embed of as many of the lines as fit into one message with the other one."""
    while lines:
        own = embed_of(heading, lines)
        if len(own) + len(other) <= LONGEST_EMBEDS:
            return [own]
        lines = lines[:-1]
    return []
