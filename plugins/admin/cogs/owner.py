"""``/owner``: who is an admin."""

from __future__ import annotations

import disnake
from disnake.ext import commands
from disnake.utils import format_dt

from core.errors import Refused
from core.interactions import reply
from core.plugin import PluginContext
from core.text import Markup
from plugins.admin.cogs.options import REASON, Inter
from plugins.admin.config import AdminConfig
from plugins.admin.models import Grant
from plugins.admin.service.deeds import GrantAdmin, RevokeAdmin
from plugins.admin.service.rights import Rights
from plugins.admin.views.confirmation import Asking
from plugins.queue.api import QueueApi

__all__ = ["OwnerCog"]

SHOWN = 30


class OwnerCog(commands.Cog, name="Owner"):
    """The commands of owners, who stand in config.toml."""

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        rights: Rights,
        asking: Asking,
    ) -> None:
        self._context = context
        self._queue = queue
        self._rights = rights
        self._asking = asking

    @commands.slash_command(
        name="owner",
        default_member_permissions=disnake.Permissions(manage_guild=True),
        contexts=disnake.InteractionContextTypes(guild=True),
    )
    async def owner(self, inter: Inter) -> None:
        """What only the bot's owners do."""

    @owner.sub_command_group(name="admin")
    async def admin(self, inter: Inter) -> None:
        """Who is an admin."""

    @admin.sub_command(name="grant")
    async def grant(self, inter: Inter, user: disnake.User, reason: str = REASON) -> None:
        """Make somebody an admin.

        Parameters
        ----------
        user: Whom
        reason: Why
        """
        guild_id = await self._require(inter)
        if user.bot:
            raise Refused(self._context.text("refused.bot", inter.locale))
        await self._asking.ask(
            inter, GrantAdmin(self._context, self._queue, guild_id, user.id), reason
        )

    @admin.sub_command(name="revoke")
    async def revoke(self, inter: Inter, user: disnake.User, reason: str = REASON) -> None:
        """Have somebody be an admin no more.

        Parameters
        ----------
        user: Whom
        reason: Why
        """
        guild_id = await self._require(inter)
        await self._asking.ask(
            inter, RevokeAdmin(self._context, self._queue, guild_id, user.id), reason
        )

    @admin.sub_command(name="list")
    async def list_admins(self, inter: Inter) -> None:
        """Who is an owner, an admin, or has the role of admins."""
        await self._require(inter)
        say, locale = self._context.text, inter.locale
        owners = ", ".join(f"<@{owner}>" for owner in sorted(self._context.owners))
        lines = [say("owner.owners", locale, owners=Markup(owners))]
        role_id = self._context.config.role_id
        if role_id is not None:
            lines.append(say("owner.role", locale, role=Markup(f"<@&{role_id}>")))
        grants = await Grant.all().order_by("at")
        lines += [
            say(
                "owner.grant",
                locale,
                who=Markup(f"<@{grant.discord_id}>"),
                by=Markup(f"<@{grant.by_discord_id}>"),
                at=Markup(format_dt(grant.at, "d")),
            )
            for grant in grants[:SHOWN]
        ]
        if len(grants) > SHOWN:
            lines.append(say("owner.more", locale, more=len(grants) - SHOWN))
        if not grants:
            lines.append(say("owner.none", locale))
        await reply(inter, "\n".join(lines))

    async def _require(self, inter: Inter) -> int:
        self._rights.require_owner(inter)
        return await self._rights.require_here(inter)
