"""`/setup` beyond its options: the modal, and another try when something in it was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import disnake

from core.errors import Refused
from core.interactions import AnyInteraction
from core.plugin import PluginContext
from core.text import Markup
from core.views import Rendering, ShortView
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain import countries
from plugins.queue.domain.profile import Typed
from plugins.queue.models import Player
from plugins.queue.service.players import PlayerService, region_names
from plugins.queue.views.setup_modal import SetupModal
from plugins.queue.views.steps import StepButton, next_step

__all__ = ["Setup", "setup_text"]


@dataclass(frozen=True, slots=True)
class Setup:
    """Set up a player by modal.

    Attributes:
        ladders: whose regions there are to choose from.
        shown: what the modal's fields hold.
    """

    context: PluginContext[QueueConfig]
    players: PlayerService
    ladders: Sequence[LadderConfig]
    shown: Typed

    async def open(self, inter: AnyInteraction) -> None:
        """Open the modal; the interaction must not have been answered."""
        regions = region_names(self.ladders)
        modal = SetupModal(self.context, self.shown, regions, self._submitted, inter.locale)
        await inter.response.send_modal(modal)

    async def _submitted(self, inter: disnake.ModalInteraction[Any], typed: Typed) -> None:
        player_id = await self.players.know(inter.author, inter.locale)
        try:
            player = await self.players.set_up(player_id, typed, self.ladders, inter.locale)
        except Refused as refused:
            again = Setup(self.context, self.players, self.ladders, typed)
            label = self.context.text("setup.button.again", inter.locale)
            await next_step(self.context, inter, Rendering(str(refused)), SetupAgain(again, label))
            return
        text = setup_text(self.context, player, self.ladders, inter.locale)
        await next_step(self.context, inter, Rendering(text))


class SetupAgain(ShortView):
    """What was wrong, and a button that opens the modal with what was typed."""

    name: ClassVar[str] = "setup"
    idle_seconds: ClassVar[float | None] = None

    def __init__(self, setup: Setup, label: str) -> None:
        super().__init__()
        self.add_item(StepButton(label, setup.open, disnake.ButtonStyle.primary))


def setup_text(
    context: PluginContext[QueueConfig],
    player: Player,
    ladders: Sequence[LadderConfig],
    locale: object,
) -> str:
    """What is kept of a player, for themselves to read."""
    lines = [
        context.text("setup.stored.heading", locale),
        context.text("setup.stored.name", locale, value=player.name),
    ]
    if player.account is not None:
        lines.append(context.text("setup.stored.account", locale, value=player.account))
    if player.country is not None:
        country = Markup(f"{countries.flag(player.country)} {countries.name(player.country)}")
        lines.append(context.text("setup.stored.country", locale, value=country))
    region = region_names(ladders).get(player.region or "")
    if region is not None:
        lines.append(context.text("setup.stored.region", locale, value=region))
    if any(ladder.room == "dm" for ladder in ladders):
        room = context.text(f"setup.room.{player.room.value}", locale)
        lines.append(context.text("setup.stored.room", locale, value=room))
    return "\n".join(lines)
