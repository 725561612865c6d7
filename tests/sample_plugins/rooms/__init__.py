"""A plugin whose shared view is left by pressing it, and which waits where a test tells it to."""

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
    action,
    hookimpl,
)


class Gates:
    """Where the view waits. All are open until a test closes one."""

    def __init__(self) -> None:
        self.press = asyncio.Event()
        self.hook = asyncio.Event()
        self.press.set()
        self.hook.set()
        self.ended: list[Closing] = []
        """Every view that has ended, in order."""


gates = Gates()


class Room(DurableView):
    """Shared by two players; either ends it."""

    name = "room"

    def __init__(self, context: PluginContext[Any]) -> None:
        self.context = context

    async def render(self, key: str, locale: str) -> Rendering | None:
        buttons = [self.button("poke", key, "Poke"), self.button("leave", key, "Leave")]
        return Rendering(f"room {key}", rows=[buttons])

    async def on_close(self, closing: Closing) -> Rendering | None:
        gates.ended.append(closing)
        await gates.hook.wait()
        return Rendering(f"room {closing.key} is over: {closing.reason}")

    @action
    async def poke(self, press: Press) -> None:
        await gates.press.wait()
        await press.answer("poked")

    @action
    async def leave(self, press: Press) -> None:
        await self.context.views.close(press.record.id)
        await press.answer("you left")


class RoomsCog(commands.Cog, name="Rooms"):
    def __init__(self, context: PluginContext[Any], view: Room) -> None:
        self.context = context
        self.view = view

    @commands.slash_command(name="room")
    async def room(
        self,
        inter: disnake.ApplicationCommandInteraction[Any],
        key: str,
        where: str = "channel",
        scope: str = "",
    ) -> None:
        """Open a room: in the channel, in a thread, or as a public or private answer."""
        options: dict[str, Any] = {"scope": scope or None, "guild_id": inter.guild_id}
        if where in ("answer", "private"):
            record = await self.context.views.open(
                self.view, key, ephemeral=where == "private", **options
            )
            await self.context.views.answer(inter, record)
            return
        channel_id = inter.channel_id
        if where == "thread":
            options["parent_channel_id"] = channel_id
            channel_id = await self.context.api.create_private_thread(channel_id, f"room {key}")
            await self.context.bot.http.add_user_to_thread(channel_id, inter.author.id)
        await self.context.views.post(self.view, key, channel_id, **options)
        await inter.response.send_message("posted", ephemeral=True)


class Rooms(Plugin):
    name = "rooms"
    summary = "Rooms to leave"

    @hookimpl
    async def load(self, context: PluginContext[Any]) -> None:
        view = Room(context)
        context.views.register(view)
        context.add_cog(RoomsCog(context, view))


plugin = Rooms
