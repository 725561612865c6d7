# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
"""The same on hikari, which parses every payload strictly: API_URL TOKEN."""

import json
import logging
import sys

import hikari
from hikari.impl import special_endpoints


def tell(what: str, **more: object) -> None:
    print(json.dumps({"what": what, **more}), flush=True)  # noqa: T201


class Complaints(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        tell("complaint", text=self.format(record))


def buttons() -> special_endpoints.MessageActionRowBuilder:
    row = special_endpoints.MessageActionRowBuilder()
    row.add_interactive_button(hikari.ButtonStyle.SUCCESS, "confirm", label="Confirm")
    return row


def main() -> None:
    api_url, token = sys.argv[1:]
    intents = hikari.Intents.GUILDS | hikari.Intents.GUILD_MESSAGES
    bot = hikari.GatewayBot(token, rest_url=api_url, intents=intents, banner=None, logs=None)
    complaints = Complaints(logging.WARNING)
    logging.getLogger("hikari").addHandler(complaints)

    @bot.listen()
    async def starting(event: hikari.StartingEvent) -> None:
        application = await bot.rest.fetch_application()
        queue = bot.rest.slash_command_builder("queue", "The queue")
        kind = hikari.OptionType.STRING
        queue.add_option(
            hikari.CommandOption(
                type=kind, name="faction", description="Your faction", is_required=True
            )
        )
        room = bot.rest.slash_command_builder("room", "A room")
        room.add_option(
            hikari.CommandOption(
                type=hikari.OptionType.USER, name="member", description="Who", is_required=True
            )
        )
        made = await bot.rest.set_application_commands(application.id, [queue, room])
        tell("synced", commands=[command.name for command in made])

    @bot.listen()
    async def guild(event: hikari.GuildAvailableEvent) -> None:
        me = event.guild.get_my_member()
        tell(
            "ready",
            guild=str(event.guild.id),
            channels=sorted(channel.name for channel in event.channels.values()),
            me=me.username if me else None,
        )

    @bot.listen()
    async def resumed(event: hikari.ShardResumedEvent) -> None:
        tell("resumed")

    @bot.listen()
    async def message(event: hikari.GuildMessageCreateEvent) -> None:
        tell("message", content=event.content or "", author=event.author.username)

    @bot.listen()
    async def thread(event: hikari.GuildThreadUpdateEvent) -> None:
        tell("thread", archived=event.thread.is_archived)

    @bot.listen()
    async def channel(event: hikari.GuildChannelCreateEvent) -> None:
        tell("channel", name=event.channel.name)

    @bot.listen()
    async def interaction(event: hikari.InteractionCreateEvent) -> None:
        inter = event.interaction
        if isinstance(inter, hikari.ComponentInteraction):
            kind = hikari.ResponseType.MESSAGE_UPDATE
            content = f"confirmed by {inter.user.username}"
            await inter.create_initial_response(kind, content, components=[])
            await inter.execute("a word in private", flags=hikari.MessageFlag.EPHEMERAL)
        elif isinstance(inter, hikari.CommandInteraction) and inter.options:
            option = inter.options[0]
            if inter.command_name == "queue":
                await inter.create_initial_response(
                    hikari.ResponseType.MESSAGE_CREATE,
                    f"queued as {option.value}",
                    component=buttons(),
                )
            else:
                await make_room(inter, hikari.Snowflake(option.value))

    async def make_room(inter: hikari.CommandInteraction, member: hikari.Snowflake) -> None:
        await inter.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
        private = hikari.ChannelType.GUILD_PRIVATE_THREAD
        thread = await bot.rest.create_thread(inter.channel_id, private, "match 1")
        await bot.rest.add_thread_member(thread, member)
        sent = await bot.rest.create_message(thread, f"<@{member}> go")
        await bot.rest.edit_message(thread, sent, "gone")
        await bot.rest.edit_channel(thread, archived=True, locked=True)
        await inter.edit_initial_response(f"made {thread.name}")

    bot.run(check_for_updates=False)


main()
