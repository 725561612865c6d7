"""Short views that follow one another on one private message: each step is a view of its own, so
that no step keeps another one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import disnake

from core.interactions import AnyInteraction
from core.plugin import PluginContext
from core.views import Rendering, ShortView

__all__ = ["Act", "StepButton", "next_step"]

Act = Callable[[disnake.MessageInteraction[Any]], Awaitable[None]]


class StepButton(disnake.ui.Button[Any]):
    """A button that does what it was given."""

    def __init__(
        self, label: str, act: Act, style: disnake.ButtonStyle = disnake.ButtonStyle.secondary
    ) -> None:
        super().__init__(label=label, style=style)
        self._act = act

    async def callback(self, interaction: disnake.MessageInteraction[Any], /) -> None:
        await self._act(interaction)


async def next_step(
    context: PluginContext[Any],
    inter: AnyInteraction,
    rendering: Rendering,
    view: ShortView | None = None,
) -> None:
    """Put a step in the place of the one that was answered, or, after a command, show the first.

    Args:
        inter: a command, or a press on the step before or the modal that it opened.
        view: None when there is nothing left to press.
    """
    steps = (disnake.MessageInteraction, disnake.ModalInteraction)
    if isinstance(inter, steps) and inter.message is not None:
        shown: dict[str, Any] = {**rendering.as_kwargs(), "view": view}
        del shown["components"]
        await inter.response.edit_message(**shown)
    elif view is not None:
        await context.views.show(inter, view, rendering)
    else:
        await inter.response.send_message(rendering.content, ephemeral=True)
