"""Who may do what an admin does. Asked anew at each command and at each press."""

from __future__ import annotations

from typing import Any

import disnake

from core.errors import Refused
from core.plugin import PluginContext
from plugins.admin.config import AdminConfig
from plugins.admin.models import Grant
from plugins.queue.api import QueueApi

__all__ = ["Rights"]

Inter = disnake.Interaction[Any]


class Rights:
    """Owners stand in config.toml. Admins are owners, those whom an owner made one, and, on the
    server that is a ladder's home, whoever has the role of config.toml."""

    def __init__(self, context: PluginContext[AdminConfig], queue: QueueApi) -> None:
        self._context = context
        self._queue = queue

    async def require_here(self, inter: Inter) -> int:
        """The server of the interaction, if it is the home of a ladder and the user an admin there.

        Raises:
            Refused: otherwise.
        """
        guild_id = inter.guild_id
        if guild_id is None or not self._queue.ladders_of(guild_id):
            raise self._refused("not_here", inter)
        await self.require(inter, guild_id)
        return guild_id

    async def require(self, inter: Inter, guild_id: int) -> None:
        """Raises Refused unless the user may look after the ladders of that server."""
        user = inter.author
        if self.is_owner(user.id) or await Grant.exists(discord_id=user.id):
            return
        role_id = self._context.config.role_id
        # The role counts for the server it is of, which the interaction must come from.
        if (
            role_id is not None
            and inter.guild_id == guild_id
            and isinstance(user, disnake.Member)
            and user.get_role(role_id) is not None
        ):
            return
        raise self._refused("not_admin", inter)

    def require_owner(self, inter: Inter) -> None:
        """Raises Refused unless the user is an owner."""
        if not self.is_owner(inter.author.id):
            raise self._refused("not_owner", inter)

    def is_owner(self, user_id: int) -> bool:
        """Whether they are an owner, by config.toml."""
        return user_id in self._context.owners

    def _refused(self, why: str, inter: Inter) -> Refused:
        return Refused(self._context.text(f"refused.{why}", inter.locale))
