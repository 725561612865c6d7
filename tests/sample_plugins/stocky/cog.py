"""A third party's cog, which opens views in every way that disnake has."""

# The decorators of disnake are generic in types that it leaves open.
# pyright: reportUnknownMemberType=false

import asyncio
from typing import Any

import disnake
from disnake.ext import commands, tasks

from .library import ask, ask_later  # noqa: TID252
from .views import Form, Inner, Panel, Stock  # noqa: TID252

__all__ = ["StockyCog"]

Inter = disnake.ApplicationCommandInteraction[Any]


class StockyCog(commands.Cog, name="Stocky"):
    """Nothing here is undone when it is removed: that is how most cogs are written."""

    greets = False
    """Whether it shows a view as soon as it is loaded."""

    def __init__(self, bot: commands.InteractionBot) -> None:
        self.bot = bot
        self.heard = 0
        self.background: list[asyncio.Task[Any]] = []

    async def cog_load(self) -> None:
        self.bot.add_view(Panel())
        self.heartbeat.start()
        self.background.append(asyncio.create_task(asyncio.Event().wait(), name="stocky waits"))
        if self.greets:
            await self.bot.guilds[0].text_channels[0].send("loaded", view=Stock())

    @tasks.loop(hours=1)
    async def heartbeat(self) -> None:
        """Does nothing, for ever."""

    @tasks.loop(hours=1)
    async def ticker(self, channel: disnake.TextChannel) -> None:
        await channel.send("looped", view=Stock())

    @commands.Cog.listener()
    async def on_message(self, message: disnake.Message) -> None:
        self.heard += 1
        if not message.author.bot:
            await message.channel.send("listened", view=Stock())

    @commands.Cog.listener()
    async def on_button_click(self, inter: disnake.MessageInteraction[Any]) -> None:
        if inter.component.custom_id == "stocky-heard":
            await inter.response.send_message("heard", view=Stock())

    @commands.slash_command()
    async def stocky(self, inter: Inter) -> None:
        pass

    @stocky.sub_command()
    async def command(self, inter: Inter, private: bool = False) -> None:
        """Show a view as the answer."""
        await inter.response.send_message("commanded", view=Stock(), ephemeral=private)

    @stocky.sub_command()
    async def followup(self, inter: Inter, private: bool = False) -> None:
        """Show a view as a follow-up."""
        await inter.response.send_message("wait", ephemeral=True)
        await inter.followup.send("followed", view=Stock(), ephemeral=private)

    @stocky.sub_command()
    async def deferred(self, inter: Inter) -> None:
        """Show a view when it is ready."""
        await inter.response.defer()
        await inter.edit_original_response("deferred", view=Stock())

    @stocky.sub_command()
    async def channel(self, inter: Inter) -> None:
        """Show a view in the channel."""
        await inter.channel.send("channelled", view=Stock())
        await inter.response.send_message("done", ephemeral=True)

    @stocky.sub_command()
    async def task(self, inter: Inter) -> None:
        """Show a view from a task."""
        self.background.append(asyncio.create_task(inter.channel.send("tasked", view=Stock())))
        await inter.response.send_message("done", ephemeral=True)

    @stocky.sub_command()
    async def library(self, inter: Inter, later: bool = False) -> None:
        """Have a library show a view."""
        if later:
            ask_later(inter.channel, "asked", Stock())
        else:
            await ask(inter.channel, "asked", Stock())
        await inter.response.send_message("done", ephemeral=True)

    @stocky.sub_command()
    async def loop(self, inter: Inter) -> None:
        """Show a view every hour."""
        self.ticker.start(inter.channel)
        await inter.response.send_message("done", ephemeral=True)

    @stocky.sub_command()
    async def edit(self, inter: Inter) -> None:
        """Show a view in the place of another, on a message of the bot's own."""
        message = await inter.channel.send("before", view=Stock("before pressed"))
        await message.edit("edited", view=Inner("edited pressed"))
        await inter.response.send_message("done", ephemeral=True)

    @stocky.sub_command()
    async def edit_answer(self, inter: Inter, private: bool = False) -> None:
        """Show a view in the place of another, on the answer."""
        await inter.response.send_message("before", view=Stock("before pressed"), ephemeral=private)
        await inter.edit_original_response("edited", view=Inner("edited pressed"))

    @stocky.sub_command()
    async def share(self, inter: Inter) -> None:
        """Show one view on three messages."""
        view = Stock("shared pressed")
        for number in (1, 2, 3):
            await inter.channel.send(f"shared {number}", view=view)
        await inter.response.send_message("done", ephemeral=True)

    @stocky.sub_command()
    async def thread(self, inter: Inter) -> None:
        """Show a view in a thread."""
        assert isinstance(inter.channel, disnake.TextChannel)
        thread = await inter.channel.create_thread(
            name="stocky", type=disnake.ChannelType.public_thread
        )
        await thread.send("threaded", view=Stock())
        await inter.response.send_message("done", ephemeral=True)

    @stocky.sub_command()
    async def inner(self, inter: Inter, says: str) -> None:
        """Show a view whose custom_id is always the same."""
        await inter.response.send_message(f"inner {says}", view=Inner(says))

    @stocky.sub_command()
    async def gone(self, inter: Inter, how: str) -> None:
        """Show a view and take it away."""
        await inter.response.send_message("gone soon", view=Stock())
        message = await inter.original_response()
        if how == "edit_answer_away":
            await inter.edit_original_response(view=None)
        elif how == "edit":
            await message.edit(view=None)
        else:
            await message.edit(components=[disnake.ui.Button(label="Else", custom_id="else")])

    @stocky.sub_command()
    async def stopped(self, inter: Inter, how: str) -> None:
        """Show a view that was stopped before."""
        view = Stock()
        view.stop()
        if how == "answer":
            await inter.response.send_message("stopped before", view=view)
            return
        await inter.response.send_message("at first")
        if how == "answer edited":
            await inter.edit_original_response("stopped before", view=view)
        elif how == "follow-up":
            await inter.followup.send("stopped before", view=view)
        elif how == "channel":
            await inter.channel.send("stopped before", view=view)
        else:
            message = await inter.channel.send("at first", view=Stock())
            await message.edit("stopped before", view=view)

    @stocky.sub_command()
    async def darkened(self, inter: Inter) -> None:
        """Show a view that was stopped and disabled, as disnake's guide does at a timeout."""
        view = Inner("never")
        await inter.response.send_message("at first", view=view)
        view.children[0].disabled = True  # pyright: ignore[reportAttributeAccessIssue]
        view.stop()
        await inter.edit_original_response("darkened", view=view)

    @stocky.sub_command()
    async def fails(self, inter: Inter, message: str) -> None:
        """Try to take a view away."""
        await inter.response.defer(ephemeral=True)
        try:
            await inter.channel.get_partial_message(int(message)).edit(view=None)
        except disnake.Forbidden:
            await inter.edit_original_response("not allowed")

    @stocky.sub_command()
    async def form(self, inter: Inter) -> None:
        """Open a modal."""
        await inter.response.send_modal(Form())

    @stocky.sub_command()
    async def waits(self, inter: Inter) -> None:
        """Wait for a message, and never for long enough."""
        await inter.response.send_message("say something", ephemeral=True)
        await self.bot.wait_for("typing", check=lambda *_: False)

    @stocky.sub_command()
    async def clicks(self, inter: Inter) -> None:
        """Wait for a press on a button without a view, and answer it with a view."""
        await inter.response.send_message(
            "go?", components=[disnake.ui.Button(label="Go", custom_id="stocky-go")]
        )

        def is_go(press: disnake.MessageInteraction[Any]) -> bool:
            return press.component.custom_id == "stocky-go"

        press: disnake.MessageInteraction[Any] = await self.bot.wait_for(
            "button_click", check=is_go
        )
        await press.response.send_message("clicked", view=Stock())

    @stocky.sub_command()
    async def buttons(self, inter: Inter) -> None:
        """Show the buttons that have no view of this process."""
        await inter.response.send_message(
            "old ones",
            components=[
                disnake.ui.Button(label="Heard", custom_id="stocky-heard"),
                disnake.ui.Button(label="Panel", custom_id="stocky-panel"),
            ],
        )
