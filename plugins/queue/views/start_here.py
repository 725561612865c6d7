"""Whoever may not play yet is told what is left to do, with a button for each of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import disnake

from core.errors import Refused
from core.interactions import AnyInteraction
from core.plugin import PluginContext
from core.views import Rendering, ShortView
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.profile import Typed
from plugins.queue.models import Player
from plugins.queue.service.players import PlayerService, Requirement, region_names
from plugins.queue.views.setup_modal import SetupModal, as_typed
from plugins.queue.views.steps import StepButton, next_step

__all__ = ["OnReady", "Requirements", "StartHere"]

OnReady = Callable[[AnyInteraction], Awaitable[None]]

DONE, LEFT = "✅", "⬜"


class Requirements:
    """Lets those go on who have done all that a ladder asks for first."""

    def __init__(self, context: PluginContext[QueueConfig], players: PlayerService) -> None:
        self._context = context
        self._players = players

    async def show(
        self, inter: AnyInteraction, player_id: int, ladder: LadderConfig, on_ready: OnReady
    ) -> None:
        """Call `on_ready`: at once, or once the player has done what was missing.

        Args:
            inter: what they pressed or typed. Unless something is missing, it is not answered
                here.
            on_ready: goes on with what the player wanted. It is given `inter` or a later
                interaction of the same player, which may have been answered: it shows what it has
                to show through ``context.views`` or ``reply``, which look. What it raises reaches
                the player as after a press.
        """
        missing = await self._players.missing(player_id, ladder)
        if not missing:
            await on_ready(inter)
            return
        steps = _Steps(self._context, self._players, ladder, on_ready)
        view = StartHere(steps, missing, inter.locale)
        await self._context.views.show(inter, view, steps.rendering(missing, inter.locale))


@dataclass(frozen=True, slots=True)
class _Steps:
    """A player on the way to be allowed to play. What is done already, the database says.

    Attributes:
        typed: what stood in the modal when it could not be kept.
        mistake: why.
    """

    context: PluginContext[QueueConfig]
    players: PlayerService
    ladder: LadderConfig
    on_ready: OnReady
    typed: Typed | None = None
    mistake: str = ""

    def rendering(self, missing: Sequence[Requirement], locale: object) -> Rendering:
        """The steps, those that are done ticked off."""
        lines = [self.context.text("requirements.heading", locale, ladder=self.ladder.name)]
        for requirement in _asked_for(self.ladder):
            sign = LEFT if requirement in missing else DONE
            lines.append(f"{sign} {self.context.text(f'requirements.{requirement}', locale)}")
        if self.mistake:
            lines = [self.mistake, "", *lines]
        return Rendering("\n".join(lines))

    async def set_up(self, inter: disnake.MessageInteraction[Any]) -> None:
        """Open the modal, with what was there or what was typed last."""
        shown = self.typed
        if shown is None:
            player_id = await self.players.know(inter.author, inter.locale)
            shown = as_typed(await Player.get(id=player_id))
        modal = SetupModal(
            self.context, shown, region_names([self.ladder]), self._submitted, inter.locale
        )
        await inter.response.send_modal(modal)

    async def acknowledge(self, link: str, inter: disnake.MessageInteraction[Any]) -> None:
        """Note that the player knows what is behind the link."""
        player_id = await self.players.know(inter.author, inter.locale)
        await self.players.acknowledge(player_id, link)
        await self._go_on(inter, player_id)

    async def _submitted(self, inter: disnake.ModalInteraction[Any], typed: Typed) -> None:
        player_id = await self.players.know(inter.author, inter.locale)
        try:
            await self.players.set_up(player_id, typed, [self.ladder], inter.locale)
        except Refused as refused:
            await replace(self, typed=typed, mistake=str(refused))._go_on(inter, player_id)
        else:
            await replace(self, typed=None, mistake="")._go_on(inter, player_id)

    async def _go_on(self, inter: AnyInteraction, player_id: int) -> None:
        missing = await self.players.missing(player_id, self.ladder)
        if missing or self.mistake:
            view = StartHere(self, missing, inter.locale)
            await next_step(self.context, inter, self.rendering(missing, inter.locale), view)
            return
        ready = self.context.text("requirements.ready", inter.locale, ladder=self.ladder.name)
        await next_step(self.context, inter, Rendering(ready))
        await self.on_ready(inter)


class StartHere(ShortView):
    """What is left to do before a player can play on a ladder."""

    name: ClassVar[str] = "start_here"
    idle_seconds: ClassVar[float | None] = None  # whoever reads the terms presses nothing

    def __init__(self, steps: _Steps, missing: Sequence[Requirement], locale: object) -> None:
        super().__init__()
        text = steps.context.text
        if Requirement.SETUP in missing or steps.mistake:
            key = "setup.button.again" if steps.mistake else "requirements.button.setup"
            label = text(key, locale)
            self.add_item(StepButton(label, steps.set_up, disnake.ButtonStyle.primary))
        for row, (requirement, link) in enumerate(_links(steps.ladder), start=1):
            if requirement not in missing:
                continue
            self.add_item(
                disnake.ui.Button(
                    label=text(f"requirements.button.{requirement}_link", locale), url=link, row=row
                )
            )
            agree = StepButton(
                text(f"requirements.button.{requirement}", locale),
                partial(steps.acknowledge, link),
                disnake.ButtonStyle.success,
            )
            agree.row = row
            self.add_item(agree)


def _links(ladder: LadderConfig) -> list[tuple[Requirement, str]]:
    links = ((Requirement.TERMS, ladder.terms_url), (Requirement.GUIDE, ladder.guide_url))
    return [(requirement, link) for requirement, link in links if link is not None]


def _asked_for(ladder: LadderConfig) -> list[Requirement]:
    return [Requirement.SETUP, *(requirement for requirement, _ in _links(ladder))]
