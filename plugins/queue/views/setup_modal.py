"""The modal in which a player says who they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import disnake
from disnake.ui import Label, StringSelect, TextInput

from core.plugin import PluginContext
from plugins.queue.config import QueueConfig
from plugins.queue.domain import countries
from plugins.queue.domain.profile import LONGEST_ACCOUNT, LONGEST_NAME, Typed
from plugins.queue.models import Player

__all__ = ["SetupModal", "as_typed"]

LONGEST_COUNTRY = 64


class SetupModal(disnake.ui.Modal):
    """Every field holds what was there, or what was typed last.

    Args:
        shown: what the fields hold.
        regions: the regions to choose from, names by code; none leaves the field out.
        submitted: told what was typed.
    """

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        shown: Typed,
        regions: Mapping[str, str],
        submitted: Callable[[disnake.ModalInteraction[Any], Typed], Awaitable[None]],
        locale: object,
    ) -> None:
        self._context = context
        self._submitted = submitted
        self._locale = locale
        fields: list[Label] = [
            self._text_input("name", shown.name, LONGEST_NAME),
            self._text_input("account", shown.account, LONGEST_ACCOUNT),
            self._text_input("country", shown.country, LONGEST_COUNTRY),
        ]
        if regions:
            fields.append(self._region(shown.region, regions))
        super().__init__(title=self._text("title"), components=fields)

    async def callback(self, interaction: disnake.ModalInteraction[Any], /) -> None:
        """Hand on what was typed."""
        values = interaction.values
        regions = values.get("region") or [None]
        typed = Typed(values["name"], values["account"], values["country"], regions[0])
        await self._submitted(interaction, typed)

    def _text_input(self, field: str, value: str | None, longest: int) -> Label:
        text_input = TextInput(
            custom_id=field,
            value=(value or "")[:longest] or None,
            placeholder=self._text(f"{field}.placeholder"),
            min_length=1,
            max_length=longest,
        )
        return Label(self._text(f"{field}.label"), text_input, description=self._hint(field))

    def _region(self, value: str | None, regions: Mapping[str, str]) -> Label:
        options = [
            disnake.SelectOption(label=name, value=code, default=value in (code, name))
            for code, name in regions.items()
        ]
        select: StringSelect[Any] = StringSelect(
            custom_id="region",
            placeholder=self._text("region.placeholder"),
            options=options[: countries.CHOICES],
        )
        return Label(self._text("region.label"), select, description=self._hint("region"))

    def _hint(self, field: str) -> str:
        return self._text(f"{field}.hint")

    def _text(self, key: str) -> str:
        return self._context.text(f"setup.modal.{key}", self._locale)


def as_typed(player: Player) -> Typed:
    """What the fields hold for a player who has typed nothing yet."""
    country = countries.name(player.country) if player.country is not None else None
    return Typed(player.name, player.account, country, player.region)
