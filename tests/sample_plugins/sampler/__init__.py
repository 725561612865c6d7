"""A plugin whose views do what a test tells them, and which keeps a diary of how they ended."""

import asyncio
from typing import Any

import disnake
from disnake.ext import commands

from ladderkeeper.api import (
    Closing,
    DurableView,
    Plugin,
    PluginContext,
    Press,
    Rendering,
    ShortView,
    action,
    hookimpl,
    transaction,
)

ended: list[Closing] = []
"""Every view that has ended, in order."""

behaviour = {"on_close": "well", "press": "well"}
"""What the views do: "well", "raise", "hang", "swap" for another view."""

release = asyncio.Event()
"""Set to let a press that hangs go on."""


class Board(DurableView):
    """Shared by everybody in a channel."""

    name = "board"

    async def render(self, key: str, locale: str) -> Rendering | None:
        if key == "nothing":
            return None
        return Rendering(f"board {key}", rows=[[self.button("poke", key, "Poke")]])

    async def on_close(self, closing: Closing) -> Rendering | None:
        ended.append(closing)
        await misbehave("on_close")
        return Rendering(f"board {closing.key} is closed: {closing.reason}")

    @action
    async def poke(self, press: Press) -> None:
        await misbehave("press")
        if behaviour["press"] == "swap":
            await press.interaction.response.edit_message("sure?", view=Sure())
            return
        await press.answer("poked")


class Fleeting(Board):
    """The same with an end in time."""

    name = "fleeting"
    idle_seconds = 30
    limit_seconds = 100


class Sure(ShortView):
    """An are-you-sure."""

    name = "sure"
    idle_seconds = 30
    limit_seconds = 100

    async def on_close(self, closing: Closing) -> Rendering | None:
        ended.append(closing)
        return Rendering(f"sure is closed: {closing.reason}")

    @disnake.ui.button(label="Yes")  # pyright: ignore[reportUnknownMemberType]
    async def yes(
        self, button: disnake.ui.Button[Any], inter: disnake.MessageInteraction[Any]
    ) -> None:
        await inter.response.send_message("yes", ephemeral=True)


async def misbehave(where: str) -> None:
    if behaviour[where] == "raise":
        raise RuntimeError(f"raised on purpose in {where}")
    if behaviour[where] == "hang":
        await release.wait()


class SamplerCog(commands.Cog, name="Sampler"):
    def __init__(self, context: PluginContext[Any], views: dict[str, DurableView]) -> None:
        self.context = context
        self.views = views

    @commands.slash_command(name="post")
    async def post(
        self,
        inter: disnake.ApplicationCommandInteraction[Any],
        view: str,
        key: str,
        scope: str = "",
    ) -> None:
        """Post a view in this channel."""
        async with transaction():
            await self.context.views.post(
                self.views[view],
                key,
                inter.channel_id,
                scope=scope or None,
                guild_id=inter.guild_id,
            )
        await inter.response.send_message("posted", ephemeral=True)

    @commands.slash_command(name="open")
    async def open(
        self,
        inter: disnake.ApplicationCommandInteraction[Any],
        view: str,
        key: str,
        private: bool = True,
    ) -> None:
        """Open a view as the answer."""
        record = await self.context.views.open(
            self.views[view],
            key,
            channel_id=inter.channel_id,
            ephemeral=private,
            user_id=inter.author.id if private else None,
        )
        await self.context.views.answer(inter, record)

    @commands.slash_command(name="sure")
    async def sure(
        self, inter: disnake.ApplicationCommandInteraction[Any], stopped: bool = False
    ) -> None:
        """Open a short view."""
        view = Sure()
        if stopped:
            view.stop()
        await self.context.views.show(inter, view, Rendering("sure?"))


class Sampler(Plugin):
    name = "sampler"
    summary = "Views to look at"

    @hookimpl
    async def load(self, context: PluginContext[Any]) -> None:
        views: dict[str, DurableView] = {"board": Board(), "fleeting": Fleeting()}
        context.views.register(*views.values())
        context.add_cog(SamplerCog(context, views))


plugin = Sampler
