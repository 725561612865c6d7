"""The modal that asks why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import disnake
from disnake.ui import Label, TextInput

from core.plugin import PluginContext
from plugins.admin.config import AdminConfig
from plugins.admin.service.wording import LONGEST_REASON

__all__ = ["ReasonModal"]


class ReasonModal(disnake.ui.Modal):
    """Asks for the reason of a deed.

    Args:
        given: is told it.
    """

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        given: Callable[[disnake.ModalInteraction[Any], str], Awaitable[None]],
        locale: object,
    ) -> None:
        self._given = given
        reason = TextInput(custom_id="reason", min_length=1, max_length=LONGEST_REASON)
        label = Label(
            context.text("reason.label", locale),
            reason,
            description=context.text("reason.hint", locale),
        )
        super().__init__(title=context.text("reason.title", locale), components=[label])

    async def callback(self, interaction: disnake.ModalInteraction[Any], /) -> None:
        """Hand it on."""
        await self._given(interaction, str(interaction.values["reason"]))
