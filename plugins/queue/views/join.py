"""On the way into the queue: what is left to do, then the choice of factions and vetoes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import disnake
from disnake import ButtonStyle, SelectOption

from core.interactions import AnyInteraction
from core.plugin import PluginContext
from core.views import Closing, DeleteMessage, Rendering, ShortView
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.service.entries import Choices, Joiner, QueueService
from plugins.queue.service.players import PlayerService
from plugins.queue.views.searching import SearchingView
from plugins.queue.views.start_here import Requirements
from plugins.queue.views.steps import StepButton

__all__ = ["JoinView", "Joining"]


class Joining:
    """Leads a player into a ladder's queue, from a command or from the panel."""

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        players: PlayerService,
        queue: QueueService,
        requirements: Requirements,
        searching: SearchingView,
    ) -> None:
        self._context = context
        self._players = players
        self._queue = queue
        self._requirements = requirements
        self._searching = searching

    async def begin(
        self, inter: AnyInteraction, ladder: LadderConfig, factions: Sequence[str] = ()
    ) -> None:
        """Answer with the wait when the player waits already; else lead them through what is
        missing to the choice of factions and vetoes.

        Args:
            factions: what they chose already: they join with it, and with their last vetoes.
        """
        player_id = await self._players.know(inter.author, inter.locale)
        joiner = self._joiner(inter, ladder, player_id)
        waiting = await self._queue.show_again(joiner, ladder, self._searching)
        if waiting is not None:
            await self._context.views.answer(inter, waiting)
            return
        await self._queue.require_free(joiner, ladder)
        await self._requirements.show(
            inter, player_id, ladder, partial(self._choose, player_id, ladder, factions)
        )

    async def join(
        self, inter: AnyInteraction, player_id: int, ladder: LadderConfig, choices: Choices
    ) -> None:
        """Enter the queue, and answer with the wait.

        Raises:
            Refused: when they may not.
        """
        joiner = self._joiner(inter, ladder, player_id)
        record = await self._queue.join(joiner, ladder, choices, self._searching)
        await self._context.views.answer(inter, record)

    async def _choose(
        self,
        player_id: int,
        ladder: LadderConfig,
        factions: Sequence[str],
        inter: AnyInteraction,
    ) -> None:
        last = await self._queue.last_choices(player_id, ladder)
        if factions:
            await self.join(inter, player_id, ladder, Choices(factions, last.vetoes))
            return
        view = JoinView(self._context, self, player_id, ladder, last, str(inter.locale))
        await self._context.views.show(inter, view, view.rendering())

    def _joiner(self, inter: AnyInteraction, ladder: LadderConfig, player_id: int) -> Joiner:
        return Joiner(
            player_id,
            inter.author.id,
            str(inter.locale),
            inter.channel_id or 0,
            self._sees_rooms(inter.author, ladder),
        )

    def _sees_rooms(self, user: disnake.User | disnake.Member, ladder: LadderConfig) -> bool:
        """Whether it is sure that they see the channel under which rooms are made: their roles
        come with the interaction, the overwrites are known. A mention that does not bring somebody
        in cannot fail visibly."""
        channel = self._context.bot.get_channel(ladder.room_channel_id)
        return (
            isinstance(user, disnake.Member)
            and isinstance(channel, disnake.TextChannel)
            and channel.permissions_for(user).view_channel
        )


class JoinView(ShortView):
    """The choice of factions and vetoes, with the last choices set."""

    name = "join"

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        joining: Joining,
        player_id: int,
        ladder: LadderConfig,
        choices: Choices,
        locale: str,
    ) -> None:
        super().__init__()
        self._context = context
        self._joining = joining
        self._player_id = player_id
        self._ladder = ladder
        self._locale = locale
        factions = [
            SelectOption(label=faction.name, value=faction.code, emoji=faction.emoji or None)
            for faction in ladder.factions
        ]
        maps = [SelectOption(label=one.name, value=one.short) for one in ladder.maps]
        say = partial(self._say, locale)
        self._factions = Menu(say("factions"), factions, choices.factions, most=len(factions))
        self._vetoes = Menu(say("vetoes"), maps, choices.vetoes, most=ladder.vetoes)
        self.add_item(self._factions)
        if ladder.vetoes:
            self.add_item(self._vetoes)
        self.add_item(StepButton(say("button.join"), self._join, ButtonStyle.success))
        self.add_item(StepButton(say("button.clear"), self._clear))
        self.add_item(StepButton(say("button.cancel"), self._cancel))

    def rendering(self) -> Rendering:
        """What stands above the menus."""
        return Rendering(
            self._context.text(
                "join.heading" if self._ladder.vetoes else "join.heading_without_maps",
                self._locale,
                ladder=self._ladder.name,
                most=self._ladder.vetoes,
            )
        )

    async def on_close(self, closing: Closing) -> DeleteMessage:
        """The wait is shown in a message of its own."""
        return DeleteMessage()

    async def _join(self, inter: disnake.MessageInteraction[Any]) -> None:
        choices = Choices(self._factions.chosen, self._vetoes.chosen)
        await self._joining.join(inter, self._player_id, self._ladder, choices)
        self.stop()

    async def _clear(self, inter: disnake.MessageInteraction[Any]) -> None:
        self._factions.choose(())
        self._vetoes.choose(())
        await inter.response.edit_message(view=self)

    async def _cancel(self, inter: disnake.MessageInteraction[Any]) -> None:
        await inter.response.defer()
        self.stop()

    def _say(self, locale: str, key: str) -> str:
        return self._context.text(f"join.{key}", locale, most=self._ladder.vetoes)


class Menu(disnake.ui.StringSelect[Any]):
    """A select that remembers what is chosen, and shows it as chosen.

    Attributes:
        chosen: the values, in the order of the options.
    """

    def __init__(
        self, placeholder: str, options: list[SelectOption], chosen: Sequence[str], *, most: int
    ) -> None:
        super().__init__(
            placeholder=placeholder, options=options, min_values=0, max_values=max(1, most)
        )
        self.choose(chosen)

    def choose(self, values: Sequence[str]) -> None:
        """Have these chosen and no others."""
        self.chosen = [option.value for option in self.options if option.value in values]
        for option in self.options:
            option.default = option.value in self.chosen

    async def callback(self, interaction: disnake.MessageInteraction[Any], /) -> None:
        """Remember the choice."""
        self.choose(interaction.values or ())
        await interaction.response.defer()
