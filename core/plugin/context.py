"""What a plugin is given: all it acquires goes through its context, and is released with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from disnake.ext import commands
from loguru import logger

from core.clock import Clock
from core.context import acting_for
from core.db import forbid_in_transaction
from core.discord_api import DiscordApi
from core.figures import Figures
from core.hookspecs import MatchFacts
from core.interactions import AnyInteraction
from core.jobs import JobHandler, JobQueue, JobRunner, OwedJob
from core.models import ViewRecord
from core.outbox import Outbox
from core.plugin.figures import PluginFigures
from core.plugin.services import Services
from core.task_ledger import TaskLedger
from core.tasks import bounded, cancel_all, spawn
from core.text import Catalogue
from core.views import (
    CloseReason,
    DurableView,
    Leak,
    Rendering,
    ShortView,
    ViewStatistics,
    ViewSupervisor,
)

if TYPE_CHECKING:
    from core.bot import LadderBot
    from core.plugin.announcements import Announcements

__all__ = ["ConfigT", "Host", "PluginContext", "PluginJobs", "PluginViews"]

ConfigT = TypeVar("ConfigT")
ServiceT = TypeVar("ServiceT")

RELEASE_SECONDS = 5.0
"""How long releasing one thing may take."""


class Host:
    """The parts of the core that contexts are made of. One of a process."""

    def __init__(
        self,
        *,
        bot: LadderBot,
        api: DiscordApi,
        clock: Clock,
        jobs: JobQueue,
        runner: JobRunner,
        outbox: Outbox,
        views: ViewSupervisor,
        catalogue: Catalogue,
        services: Services,
        announcements: Announcements,
        tasks: TaskLedger,
        owners: frozenset[int],
        on_failure: Callable[[str, str, Exception], None],
        alerts_channel_id: int | None = None,
        figures: Figures | None = None,
    ) -> None:
        self.bot = bot
        self.api = api
        self.clock = clock
        self.jobs = jobs
        self.runner = runner
        self.outbox = outbox
        self.views = views
        self.catalogue = catalogue
        self.services = services
        self.announcements = announcements
        self.tasks = tasks
        self.owners = owners
        self.on_failure = on_failure
        self.alerts_channel_id = alerts_channel_id
        self.figures = figures or Figures()


class PluginContext(Generic[ConfigT]):
    """One plugin's hold on the core, from its load to its unload.

    Attributes:
        name: the plugin's name.
        config: its validated section of config.toml.
        log: a logger that carries the plugin's name.
        bot: disnake's client.
        api: requests beyond those of disnake's objects.
        clock: what time it is.
        outbox: plain messages, sent after the commit.
        owners: the user ids of the bot's owners, from config.toml.
        alerts_channel_id: where the bot's owner wants to be told, if anywhere.
        figures: what it counts of itself, and how to read what everybody does.
        views: its views.
        jobs: its deadlines and effects still owed.
    """

    def __init__(self, name: str, config: ConfigT, host: Host) -> None:
        self.name = name
        self.config = config
        self.log = logger.bind(plugin=name)
        self.bot = host.bot
        self.api = host.api
        self.clock = host.clock
        self.outbox = host.outbox
        self.owners = host.owners
        self.alerts_channel_id = host.alerts_channel_id
        self.figures = PluginFigures(name, host.figures, self.on_release)
        self.views = PluginViews(self, host)
        self.jobs = PluginJobs(self, host)
        self.cogs: list[commands.Cog] = []
        self._host = host
        self._releases: list[tuple[str, Callable[[], Awaitable[object] | object]]] = []

    def text(self, key: str, locale: object = "en", /, **values: Any) -> str:
        """The plugin's sentence `key`, from its folder ``sentences``, with `values` escaped.

        Raises:
            KeyError: when there is no such sentence.
        """
        return self._host.catalogue.say(f"{self.name}.{key}", locale, **values)

    def guild_locale(self, guild_id: int) -> str:
        """The language of what a guild's members share; English while the guild is unknown."""
        guild = self.bot.get_guild(guild_id)
        return str(guild.preferred_locale) if guild is not None else "en-US"

    def add_cog(self, cog: commands.Cog) -> None:
        """Add the plugin's commands. They appear on Discord once it is loaded."""
        with acting_for(self.name):
            self.bot.add_plugin_cog(self.name, cog)
        self.cogs.append(cog)
        self.on_release(f"cog {cog.qualified_name}", lambda: self.bot.remove_plugin_cog(cog))

    def listen(self, event: str, listener: Callable[..., Awaitable[None]]) -> None:
        """Call `listener` on one of disnake's events, such as ``on_raw_message_delete``."""

        async def isolated(*arguments: Any) -> None:
            with acting_for(self.name):
                try:
                    await listener(*arguments)
                except Exception as error:
                    self.failed(f"listener of {event}", error)

        self.bot.add_listener(isolated, event)
        self.on_release(f"listener {event}", lambda: self.bot.remove_listener(isolated, event))

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """Run `work` in the background until it ends or the plugin unloads."""
        with acting_for(self.name):
            task = spawn(work, name=f"{self.name}: {name}")
        task.add_done_callback(self._task_ended)

    def provide(self, service: object) -> None:
        """Offer `service` to the plugins that require this one. Its class is its name, and stands
        in this plugin's ``api`` module."""
        self._host.services.add(self.name, service)
        self.on_release("services", lambda: self._host.services.remove(self.name))

    def service(self, kind: type[ServiceT]) -> ServiceT:
        """What a required plugin offers under the class `kind`.

        Raises:
            LookupError: when no loaded plugin offers it.
        """
        return self._host.services.get(kind)

    async def announce(self, hook: str, match: MatchFacts) -> None:
        """Call one of the match hooks on every plugin, after the commit of the open transaction,
        at least once, and in the order of the match's announcements."""
        await self._host.announcements.owe(hook, match)

    def on_release(self, what: str, release: Callable[[], Awaitable[object] | object]) -> None:
        """Have `release` called when the plugin unloads, last acquired first."""
        self._releases.append((what, release))

    def failed(self, where: str, error: Exception) -> None:
        """Log a failure of the plugin and count it."""
        self.log.opt(exception=error).error("plugin {}: {} failed", self.name, where)
        self._host.on_failure(self.name, where, error)

    async def release(self) -> None:
        """Release everything acquired, in reverse, whatever raises or hangs. Idempotent.

        Tasks end first, those too that the plugin started past its context.
        """
        await cancel_all(self._host.tasks.of(self.name))
        while self._releases:
            what, release = self._releases.pop()
            try:
                await bounded(
                    _call(release), RELEASE_SECONDS, name=f"release of {self.name}'s {what}"
                )
            except Exception as error:
                self.failed(f"release of its {what}", error)

    def _task_ended(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self.failed(f"task {task.get_name()}", error)


class PluginViews:
    """The views of one plugin."""

    def __init__(self, context: PluginContext[Any], host: Host) -> None:
        self._context = context
        self._supervisor = host.views

    def register(self, *views: DurableView) -> None:
        """Let presses on these durable views reach them."""
        for view in views:
            self._supervisor.register(self._context.name, view)

    async def open(self, view: DurableView, key: str, **opening: Any) -> ViewRecord:
        """Write that a view is open; see ``Opener.open``."""
        return await self._supervisor.opener.open(view, key, **opening)

    async def answer(self, inter: AnyInteraction, record: ViewRecord) -> None:
        """Show an opened view as the answer to an interaction."""
        await self._supervisor.opener.answer(inter, record)

    async def post(self, view: DurableView, key: str, channel_id: int, **opening: Any) -> None:
        """Open a view on a message of its own, after the commit; see ``Opener.post``."""
        await self._supervisor.opener.post(view, key, channel_id, **opening)

    async def record(self, view: DurableView, key: str) -> ViewRecord | None:
        """The newest record of a view, until its last edit is made: whom it is for, and where."""
        named = ViewRecord.filter(plugin=view.plugin, view=view.name, key=key)
        return await named.order_by("-id").first()

    async def show(
        self,
        inter: AnyInteraction,
        view: ShortView,
        rendering: Rendering,
        *,
        scope: str | None = None,
    ) -> None:
        """Show a short view to whoever caused the interaction."""
        await self._supervisor.opener.show(
            inter, view, rendering, plugin=self._context.name, scope=scope
        )

    async def redraw(self, view: DurableView, *keys: str, by_bot: bool = False) -> int:
        """Show the open views of those keys as they are now; see ``Redrawing.redraw``."""
        return await self._supervisor.redrawing.redraw(view, keys, by_bot=by_bot)

    async def close(self, record_id: int, reason: CloseReason = CloseReason.DISMISSED) -> bool:
        """End one view."""
        return await self._supervisor.close(record_id, reason)

    async def owe_scope_end(self, scope: str) -> None:
        """Have everything opened in a scope end after the commit of the open transaction."""
        await self._supervisor.owe_scope_end(scope)

    def stats(self) -> ViewStatistics:
        """How the views of the whole bot stand, in constant time."""
        return self._supervisor.stats()

    def audit(self) -> int:
        """Look for closed views that are still reachable, and say how many there are."""
        return self._supervisor.leaks.check()

    def leaks(self) -> list[Leak]:
        """The latest closed views that were found reachable, newest last."""
        return list(self._supervisor.leaks.found)


class PluginJobs:
    """The deadlines and the effects still owed of one plugin."""

    def __init__(self, context: PluginContext[Any], host: Host) -> None:
        self._context = context
        self._runner = host.runner
        self.put = partial(host.jobs.put, context.name)
        """Owe a job; see ``JobQueue.put``."""
        self.cancel = partial(host.jobs.cancel, context.name)
        """Take a job back; see ``JobQueue.cancel``."""

    def handle(
        self,
        kind: str,
        run: Callable[[OwedJob], Coroutine[Any, Any, None]],
        *,
        on_give_up: Callable[[OwedJob, Exception], Coroutine[Any, Any, None]] | None = None,
        max_attempts: int | None = None,
    ) -> None:
        """Carry out jobs of `kind` with `run` while the plugin is loaded."""
        name = self._context.name
        self._runner.register(name, kind, JobHandler(run, on_give_up, max_attempts))
        self._context.on_release(f"job handler {kind}", lambda: self._runner.unregister(name, kind))


async def _call(release: Callable[[], Awaitable[object] | object]) -> None:
    forbid_in_transaction("releasing a plugin")
    result = release()
    if isinstance(result, Awaitable):
        await result
