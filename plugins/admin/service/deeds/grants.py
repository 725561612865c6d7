"""Make somebody an admin, or take it from them. For owners."""

from __future__ import annotations

from typing import ClassVar

from core.db import execute
from core.plugin import PluginContext
from core.text import Markup
from plugins.admin.config import AdminConfig
from plugins.admin.models import Grant
from plugins.admin.service.deeds.deed import By, Change, Deed
from plugins.queue.api import QueueApi

__all__ = ["GrantAdmin", "RevokeAdmin"]


class _OfGrant(Deed):
    owners_only = True

    def __init__(
        self, context: PluginContext[AdminConfig], queue: QueueApi, guild_id: int, user_id: int
    ) -> None:
        super().__init__(context, queue, guild_id)
        self.user_id = self.whom = user_id

    def question(self, locale: object) -> str:
        return self.say(f"question.{self.action}", locale, who=self.mention)

    @property
    def mention(self) -> Markup:
        """Of the one whom it concerns."""
        return Markup(f"<@{self.whom}>")


class GrantAdmin(_OfGrant):
    """Make somebody an admin."""

    action: ClassVar[str] = "grant"

    async def foresee(self, locale: object) -> Change:
        if await Grant.exists(discord_id=self.whom):
            raise self.refused("admin_already", locale, who=self.mention)
        return Change({"admin": False}, {"admin": True})

    async def carry_out(self, by: By) -> Change:
        granted = await execute(
            "INSERT INTO admin_grant (discord_id, by_discord_id, at) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING",
            self.whom,
            by.admin_id,
            self.context.clock.now(),
        )
        if not granted:
            raise self.refused("admin_already", by.locale, who=self.mention)
        return Change({"admin": False}, {"admin": True})


class RevokeAdmin(_OfGrant):
    """Take it from them."""

    action: ClassVar[str] = "revoke"

    async def foresee(self, locale: object) -> Change:
        if not await Grant.exists(discord_id=self.whom):
            raise self.refused("no_admin", locale, who=self.mention)
        return Change({"admin": True}, {"admin": False})

    async def carry_out(self, by: By) -> Change:
        if not await Grant.filter(discord_id=self.whom).delete():
            raise self.refused("no_admin", by.locale, who=self.mention)
        return Change({"admin": True}, {"admin": False})
