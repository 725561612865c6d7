"""Lists too long for one message: pages of lines, and buttons that turn them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import disnake

from core.interactions import reply
from core.plugin import PluginContext
from core.views import Rendering, ShortView
from plugins.queue.views.steps import StepButton

__all__ = ["LINES", "PageView", "Part", "embed_of"]

LINES = 10
"""Of a page."""

LONGEST_TEXT = 4096
"""Of an embed, as Discord has it."""


class Part(NamedTuple):
    """Some of the lines of a list, and how many it has."""

    lines: Sequence[str]
    total: int


class PageView(ShortView):
    """A list, a page at a time. It is read anew for each page, so it shows what is true now.

    Args:
        heading: what stands above each page.
    """

    sentences: ClassVar[str] = "leaderboard"
    """Where in its plugin's catalogue the words of the pages stand: ``page`` and ``button``."""

    def __init__(self, context: PluginContext[Any], heading: str, locale: object) -> None:
        super().__init__()
        self.context = context
        self.locale = locale
        self._heading = heading
        self._page = 0
        self._first = StepButton(self._label("first"), self._turn_to_first)
        self._previous = StepButton(self._label("previous"), self._turn_back)
        self._next = StepButton(self._label("next"), self._turn_on)
        for button in (self._first, self._previous, self._next):
            self.add_item(button)

    async def read(self, offset: int, limit: int) -> Part:
        """The lines from `offset` on, `limit` at most."""
        raise NotImplementedError

    async def open(self, inter: disnake.ApplicationCommandInteraction[Any], empty: str) -> None:
        """Show the first page, with buttons if there is another one; or say that it is empty."""
        rendering, total = await self._draw()
        if not total:
            await reply(inter, empty)
        elif total <= LINES:
            await inter.response.send_message(embeds=list(rendering.embeds), ephemeral=True)
        else:
            await self.context.views.show(inter, self, rendering)

    async def turn_to(self, inter: disnake.MessageInteraction[Any], page: int) -> None:
        """Show that page in place of this one."""
        self._page = max(0, page)
        rendering, _ = await self._draw()
        await inter.response.edit_message(embeds=list(rendering.embeds), view=self)

    async def _draw(self) -> tuple[Rendering, int]:
        part = await self.read(self._page * LINES, LINES)
        last = max(0, (part.total - 1) // LINES)
        if self._page > last:  # it has become shorter meanwhile
            self._page = last
            part = await self.read(self._page * LINES, LINES)
        self._first.disabled = self._previous.disabled = self._page == 0
        self._next.disabled = self._page >= last
        footer = self.context.text(
            f"{self.sentences}.page",
            self.locale,
            page=self._page + 1,
            pages=last + 1,
            total=part.total,
        )
        return Rendering(embeds=[embed_of(self._heading, part.lines, footer)]), part.total

    async def _turn_to_first(self, inter: disnake.MessageInteraction[Any]) -> None:
        await self.turn_to(inter, 0)

    async def _turn_back(self, inter: disnake.MessageInteraction[Any]) -> None:
        await self.turn_to(inter, self._page - 1)

    async def _turn_on(self, inter: disnake.MessageInteraction[Any]) -> None:
        await self.turn_to(inter, self._page + 1)

    def _label(self, button: str) -> str:
        return self.context.text(f"{self.sentences}.button.{button}", self.locale)


def embed_of(heading: str, lines: Sequence[str], footer: str = "") -> disnake.Embed:
    """An embed of as many of the lines as Discord takes.

    Args:
        heading, lines: escaped already.
    """
    text = ""
    for line in (heading, *lines):
        if len(text) + len(line) + 1 > LONGEST_TEXT:
            break
        text += f"{line}\n"
    embed = disnake.Embed(description=text.rstrip())
    if footer:
        embed.set_footer(text=footer)
    return embed
