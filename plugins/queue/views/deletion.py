"""`/privacy delete`: says what goes and what stays, and asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import disnake

from core.plugin import PluginContext
from core.views import Rendering, ShortView
from plugins.queue.config import QueueConfig
from plugins.queue.service.players import PlayerService
from plugins.queue.views.steps import StepButton, next_step

__all__ = ["DeletionView"]


class DeletionView(ShortView):
    """An are-you-sure.

    Args:
        leave: takes a player out of every queue; joins the open transaction.
    """

    name: ClassVar[str] = "deletion"

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        players: PlayerService,
        leave: Callable[[int], Awaitable[object]],
        locale: object,
    ) -> None:
        super().__init__()
        self._context = context
        self._players = players
        self._leave = leave
        delete, keep = (
            context.text(f"privacy.button.{button}", locale) for button in ("delete", "keep")
        )
        self.add_item(StepButton(delete, self._delete, disnake.ButtonStyle.danger))
        self.add_item(StepButton(keep, self._keep))

    async def _delete(self, inter: disnake.MessageInteraction[Any]) -> None:
        player = await self._players.find(inter.author.id)
        if player is not None:
            await self._players.delete(player.id, inter.locale, self._leave)
        await self._end(inter, "deleted")

    async def _keep(self, inter: disnake.MessageInteraction[Any]) -> None:
        await self._end(inter, "kept")

    async def _end(self, inter: disnake.MessageInteraction[Any], outcome: str) -> None:
        text = self._context.text(f"privacy.{outcome}", inter.locale)
        await next_step(self._context, inter, Rendering(text))
