"""Disnake's client, with our manners: no privileged intent, no mention, one error boundary."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, cast

import disnake
from disnake.ext import commands
from loguru import logger

from core.answering import Answering
from core.context import acting_for, current_plugin, nothing_shown
from core.disnake_private import cancel_ready, forget_thread
from core.errors import PluginError
from core.interactions import ErrorDesk, reply
from core.tasks import cancel_all, contained, current_task, ending
from core.text import Catalogue
from core.views import ViewSupervisor

__all__ = ["LadderBot", "intents"]

Waiter = tuple[asyncio.Future[Any], Callable[..., bool]]

COMMAND_PATIENCE_SECONDS = 3.0
"""How long commands in flight may go on when their plugin unloads."""


def intents() -> disnake.Intents:
    """What the bot wants to hear of."""
    # Guild messages only to learn that a message with a view was deleted. None is privileged.
    return disnake.Intents(guilds=True, guild_messages=True)


class LadderBot(commands.InteractionBot):
    """The client. Create it inside the running loop."""

    def __init__(
        self,
        *,
        desk: ErrorDesk,
        catalogue: Catalogue,
        shard_count: int | None = None,
        shard_id: int | None = None,
    ) -> None:
        # No ladder speaks: disnake need not warn that it could not.
        disnake.VoiceClient.warn_nacl = disnake.VoiceClient.warn_dave = False
        super().__init__(
            intents=intents(),
            allowed_mentions=disnake.AllowedMentions.none(),
            command_sync_flags=commands.CommandSyncFlags.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=disnake.MemberCacheFlags.none(),
            max_messages=None,
            shard_count=shard_count,
            shard_id=shard_id,
        )
        self._desk = desk
        self._catalogue = catalogue
        self._plugin_of_cog: dict[str, str] = {}
        self._plugin_of_listener: dict[Any, str] = {}
        self._in_flight: dict[str, set[asyncio.Task[Any]]] = {}
        self.supervisor: ViewSupervisor
        self.on_arrival: Callable[[int], None] | None = None
        """Told of each interaction, by its id, when Discord has told of it."""

    def add_plugin_cog(self, plugin: str, cog: commands.Cog) -> None:
        """Add a cog on behalf of a plugin.

        Raises:
            PluginError: when there is a cog or a command of that name already, naming whose it is.
        """
        refused = f"plugin {plugin}: its cog {cog.qualified_name} is refused: "
        if (other := self._plugin_of_cog.get(cog.qualified_name)) is not None:
            raise PluginError(f"{refused}plugin {other} has a cog of that name already")
        try:
            self.add_cog(cog)
        except commands.CommandRegistrationError as error:
            other = self._plugin_with(error.name, cog) or plugin
            raise PluginError(
                f"{refused}plugin {other} has a command {error.name} already"
            ) from error
        self._plugin_of_cog[cog.qualified_name] = plugin

    def remove_plugin_cog(self, cog: commands.Cog) -> None:
        """Remove a cog, and what it listens to."""
        self.remove_cog(cog.qualified_name)
        self._plugin_of_cog.pop(cog.qualified_name, None)

    async def finish_commands(self, plugin: str) -> None:
        """Let the plugin's commands in flight end, then cancel them."""
        tasks = self._in_flight.get(plugin, set()) - {asyncio.current_task()}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=COMMAND_PATIENCE_SECONDS)
            await cancel_all(late)

    async def close(self) -> None:
        cancel_ready(self)
        await super().close()

    async def process_application_commands(
        self, interaction: disnake.ApplicationCommandInteraction[Any]
    ) -> None:
        command = self._command(interaction)
        if command is None:
            # Of a plugin that failed to load: its commands stay on Discord.
            text = self._catalogue.say("core.command.unavailable", interaction.locale)
            await self._desk.guard(
                interaction, reply(interaction, text), plugin=None, where="an unknown command"
            )
            return
        work = super().process_application_commands(interaction)  # pyright: ignore[reportUnknownMemberType]
        plugin = self._plugin(command)
        with acting_for(plugin), Answering(interaction):
            await self._tracked(plugin, work)

    async def process_app_command_autocompletion(
        self, inter: disnake.ApplicationCommandInteraction[Any]
    ) -> None:
        command = self.all_slash_commands.get(inter.data.name)
        if command is None:
            return
        try:
            work = super().process_app_command_autocompletion(inter)  # pyright: ignore[reportUnknownMemberType]
            plugin = self._plugin(command)
            with acting_for(plugin):
                await self._tracked(plugin, work)
        except Exception as error:
            logger.opt(exception=error).error("autocomplete of /{} failed", inter.data.name)

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        if event_name == "interaction" and self.on_arrival is not None:
            self.on_arrival(args[0].id)
        super().dispatch(event_name, *args, **kwargs)  # pyright: ignore[reportUnknownMemberType]

    def add_listener(self, func: Any, name: Any = disnake.utils.MISSING) -> None:
        super().add_listener(func, name)
        plugin = current_plugin.get()
        if plugin is not None:
            self._plugin_of_listener[func] = plugin

    def remove_listener(self, func: Any, name: Any = disnake.utils.MISSING) -> None:
        super().remove_listener(func, name)
        self._plugin_of_listener.pop(func, None)

    def _schedule_event(
        self, coro: Any, event_name: str, *args: Any, **kwargs: Any
    ) -> asyncio.Task[Any]:
        """Run a listener on behalf of the plugin that added it."""
        with acting_for(self._plugin_of_listener.get(coro)):
            schedule = cast("Callable[..., asyncio.Task[Any]]", super()._schedule_event)  # pyright: ignore[reportUnknownMemberType]
            return schedule(coro, event_name, *args, **kwargs)

    def wait_for(
        self,
        event: str | disnake.Event,
        *,
        check: Callable[..., bool] | None = None,
        timeout: float | None = None,
    ) -> Coroutine[Any, Any, Any]:
        """As disnake's, but what waits no more is forgotten at once, not at the next such event."""
        waiting = super().wait_for(event, check=check, timeout=timeout)
        listeners = cast("dict[str, list[Waiter]]", self._listeners)  # pyright: ignore[reportUnknownMemberType]
        name = event.lower() if isinstance(event, str) else event.value
        waiters = listeners[name]
        waiter = waiters[-1]

        def forget() -> None:
            if waiter in waiters:
                waiters.remove(waiter)
            if not waiters and listeners.get(name) is waiters:
                del listeners[name]

        return ending(waiting, forget)

    def add_view(self, view: disnake.ui.View, *, message_id: int | None = None) -> None:
        """As disnake's: a view whose messages were sent before this process started."""
        with nothing_shown():
            super().add_view(view, message_id=message_id)

    async def on_raw_message_delete(self, payload: disnake.RawMessageDeleteEvent) -> None:
        """A message is gone: so is the view on it."""
        await self.supervisor.message_deleted(payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: disnake.RawBulkMessageDeleteEvent) -> None:
        """Many messages are gone."""
        await self.supervisor.message_deleted(*payload.message_ids)

    async def on_guild_channel_delete(self, channel: disnake.abc.GuildChannel) -> None:
        """A channel is gone, with all its messages and threads."""
        await self.supervisor.channel_deleted(channel.id)

    async def on_raw_thread_update(self, after: disnake.Thread) -> None:
        """A thread has gone to sleep, or woken."""
        if after.archived:
            forget_thread(after)

    async def on_raw_thread_delete(self, payload: disnake.RawThreadDeleteEvent) -> None:
        """A thread is gone, with all its messages."""
        await self.supervisor.channel_deleted(payload.thread_id)

    async def on_guild_available(self, guild: disnake.Guild) -> None:
        """A server has listed what it has, at the start or after an outage of Discord's."""
        threads = [thread.id for thread in guild.threads]
        await self.supervisor.guild_listed(guild.id, [c.id for c in guild.channels], threads)

    async def on_guild_remove(self, guild: disnake.Guild) -> None:
        """The bot was removed from a server."""
        await self.supervisor.guild_left(guild.id)

    async def on_slash_command_error(
        self,
        interaction: disnake.ApplicationCommandInteraction[Any],
        exception: commands.CommandError,
    ) -> None:
        await self._report(interaction, exception)

    async def on_user_command_error(
        self,
        interaction: disnake.ApplicationCommandInteraction[Any],
        exception: commands.CommandError,
    ) -> None:
        await self._report(interaction, exception)

    async def on_message_command_error(
        self,
        interaction: disnake.ApplicationCommandInteraction[Any],
        exception: commands.CommandError,
    ) -> None:
        await self._report(interaction, exception)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        error = sys.exception()
        plugin = current_plugin.get()
        logger.opt(exception=error).error("the event {} failed", event_method)
        if plugin is not None and isinstance(error, Exception):
            self._desk.failed(plugin, f"listener of {event_method}", error)

    def _command(
        self, inter: disnake.ApplicationCommandInteraction[Any]
    ) -> commands.InvokableApplicationCommand | None:
        kinds: dict[disnake.ApplicationCommandType, Any] = {
            disnake.ApplicationCommandType.chat_input: self.all_slash_commands,
            disnake.ApplicationCommandType.user: self.all_user_commands,
            disnake.ApplicationCommandType.message: self.all_message_commands,
        }
        return kinds.get(inter.data.type, {}).get(inter.data.name)

    def _plugin_with(self, name: str, cog: commands.Cog) -> str | None:
        """Whose command of that name is in the way of the cog's."""
        kinds = {type(c) for c in cog.get_application_commands() if c.name == name}
        taken = (c for c in self.application_commands if c.name == name and type(c) in kinds)
        return next(map(self._plugin, taken), None)

    def _plugin(self, command: commands.InvokableApplicationCommand) -> str | None:
        return self._plugin_of_cog.get(command.cog.qualified_name) if command.cog else None

    async def _tracked(self, plugin: str | None, work: Coroutine[Any, Any, None]) -> None:
        task = current_task()
        tasks = self._in_flight.setdefault(plugin or "", set())
        tasks.add(task)
        try:
            await contained(work, f"a command of plugin {plugin}")
        finally:
            tasks.discard(task)

    async def _report(
        self, inter: disnake.ApplicationCommandInteraction[Any], error: commands.CommandError
    ) -> None:
        cause = error.original if isinstance(error, commands.CommandInvokeError) else error
        command = inter.application_command
        await self._desk.report(
            inter, cause, plugin=self._plugin(command), where=f"/{command.qualified_name}"
        )
