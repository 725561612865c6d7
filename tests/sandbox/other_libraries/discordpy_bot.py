# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
"""A bot on discord.py, run by the Python of an environment that has it: API_URL TOKEN.

Prints a line of JSON for each thing that happens, and anything the library complains of.
"""

import json
import logging
import sys

import discord
import discord.gateway
import discord.http
import yarl
from discord import app_commands


def tell(what: str, **more: object) -> None:
    print(json.dumps({"what": what, **more}), flush=True)  # noqa: T201


class Complaints(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        tell("complaint", text=self.format(record))


class Buttons(discord.ui.View):
    @discord.ui.button(label="Confirm", custom_id="confirm", style=discord.ButtonStyle.green)
    async def confirm(self, inter: discord.Interaction, button: object) -> None:
        await inter.response.edit_message(content=f"confirmed by {inter.user.name}", view=None)
        await inter.followup.send("a word in private", ephemeral=True)


class OtherBot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        @self.tree.command(name="queue", description="The queue")
        @app_commands.describe(faction="Your faction")
        async def queue(inter: discord.Interaction, faction: str) -> None:
            await inter.response.send_message(f"queued as {faction}", view=Buttons())

        @self.tree.command(name="room", description="A room")
        async def room(inter: discord.Interaction, member: discord.Member) -> None:
            await inter.response.defer()
            assert isinstance(inter.channel, discord.TextChannel)
            thread = await inter.channel.create_thread(name="match 1")
            await thread.add_user(member)
            message = await thread.send(f"{member.mention} go")
            await message.edit(content="gone")
            await thread.edit(archived=True, locked=True)
            await inter.edit_original_response(content=f"made {thread.name}")

        tell("synced", commands=[command.name for command in await self.tree.sync()])

    async def on_ready(self) -> None:
        guild = self.guilds[0]
        tell(
            "ready",
            guild=str(guild.id),
            channels=sorted(channel.name for channel in guild.channels),
            me=guild.me.name,
        )

    async def on_resumed(self) -> None:
        tell("resumed")

    async def on_message(self, message: discord.Message) -> None:
        tell("message", content=message.content, author=message.author.name)

    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        tell("thread", archived=after.archived)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        tell("channel", name=channel.name)


def main() -> None:
    api_url, token = sys.argv[1:]
    discord.http.Route.BASE = api_url
    gateway = api_url.replace("http", "ws", 1).replace("/api/v10", "/gateway")
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    complaints = Complaints(logging.WARNING)
    logging.getLogger("discord").addHandler(complaints)
    OtherBot().run(token, log_handler=None)


main()
