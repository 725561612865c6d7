"""Leaves behind all it can: a task, stock views, a listener, a job handler, a short view."""

import asyncio
from typing import Any

import disnake
from disnake.ext import commands

from ladderkeeper.api import Plugin, PluginContext, Rendering, ShortView, hookimpl


class Stock(disnake.ui.View):
    """A plain view of disnake's, as a third party's cog would open it."""

    @disnake.ui.button(label="Stock")  # pyright: ignore[reportUnknownMemberType]
    async def stock(
        self, button: disnake.ui.Button[Any], inter: disnake.MessageInteraction[Any]
    ) -> None:
        await inter.response.send_message("stock pressed", ephemeral=True)


class Sure(ShortView):
    """An are-you-sure."""

    name = "sure"

    @disnake.ui.button(label="Sure")  # pyright: ignore[reportUnknownMemberType]
    async def sure(
        self, button: disnake.ui.Button[Any], inter: disnake.MessageInteraction[Any]
    ) -> None:
        await inter.response.send_message("sure pressed", ephemeral=True)


class LeavesCog(commands.Cog, name="Leaves"):
    def __init__(self, context: PluginContext[Any]) -> None:
        self.context = context

    @commands.slash_command(name="stock")
    async def stock(self, inter: disnake.ApplicationCommandInteraction[Any]) -> None:
        """Open a stock view."""
        await inter.response.send_message("a stock view", view=Stock(timeout=None))

    @commands.slash_command(name="sure")
    async def sure(self, inter: disnake.ApplicationCommandInteraction[Any]) -> None:
        """Open a short view."""
        await self.context.views.show(inter, Sure(), Rendering("a short view"))

    @commands.slash_command(name="broken")
    async def broken(self, inter: disnake.ApplicationCommandInteraction[Any]) -> None:
        """Raise."""
        raise ValueError("a secret detail")

    @commands.slash_command(name="slow")
    async def slow(self, inter: disnake.ApplicationCommandInteraction[Any]) -> None:
        """Never answer."""
        await asyncio.Event().wait()


class Leaves(Plugin):
    name = "leaves"
    summary = "Leaves everything behind"

    @hookimpl
    async def load(self, context: PluginContext[Any]) -> None:
        context.add_cog(LeavesCog(context))
        context.start(self.forever(), name="forever")
        context.listen("on_typing", self.typed)
        # Not through the context: it inherits whose it is all the same.
        self.stray = asyncio.create_task(self.forever())
        context.on_release("stray task", self.stray.cancel)
        context.on_release("something that raises", self.raise_on_release)

    async def forever(self) -> None:
        await asyncio.Event().wait()

    async def typed(self, *arguments: object) -> None:
        return

    def raise_on_release(self) -> None:
        raise RuntimeError("raised on purpose while it was released")


plugin = Leaves
