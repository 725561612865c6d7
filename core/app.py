"""The whole bot, put together: what is built from what, started and stopped in which order."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import disnake
from disnake.http import Route
from loguru import logger

from core.bot import LadderBot
from core.clock import Clock
from core.config import Config, check_plugins, load_config
from core.context import acting_for
from core.db import Database
from core.db.database import CORE_MODELS
from core.db.notify import Listener
from core.db.ownership import owning
from core.discord_api import DiscordApi
from core.disnake_private import check, state_of
from core.errors import ConfigError, LadderkeeperError
from core.figures import Figures
from core.interactions import ErrorDesk
from core.jobs import JobQueue, JobRunner
from core.limits import RequestLimiter
from core.outbox import Outbox
from core.own_figures import show_own_figures
from core.plugin import Found, PluginHost, app_models, discover
from core.plugin.announcements import Announcements
from core.plugin.commands import CommandSync
from core.plugin.context import Host
from core.plugin.failures import FailureLedger
from core.plugin.hooks import HookCaller
from core.plugin.services import Services
from core.task_ledger import TaskLedger
from core.tasks import cancel_all, spawn
from core.text import Catalogue
from core.views import ViewSupervisor
from core.views.abandoned import AbandonedViews
from core.watchdog import LoopWatchdog

__all__ = ["App"]

READY_SECONDS = 60.0
LAST_JOBS_SECONDS = 5.0
CONFIG_POLL_SECONDS = 1.0

JOBS = "jobs"
VIEW_DEADLINES = "view deadlines"
OWNERSHIP = "ownership"
VITAL = frozenset({JOBS, VIEW_DEADLINES, OWNERSHIP})

ENV_FILE = ".env"
"""Beside config.toml; holds what must not stand in it."""


def _process_name(config: Config) -> str:
    shards = config.discord.shard_count
    return "main" if shards == 1 else f"shard-{config.discord.shard_id}-of-{shards}"


class App:
    """One bot process.

    Args:
        process: its name among the processes of one bot, the same after a restart; by default it
            follows from the shard.
    """

    def __init__(
        self,
        config: Config,
        *,
        clock: Clock | None = None,
        process: str | None = None,
    ) -> None:
        self.config = config
        self._process = process or _process_name(config)
        self.clock = clock or Clock()
        self.tasks = TaskLedger()
        self.stopped: asyncio.Future[None]
        self._exit = AsyncExitStack()
        self._stopping: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open the database, load the plugins, connect.

        Raises:
            ConfigError: when something the owner can put right is wrong.
        """
        self.stopped = asyncio.get_running_loop().create_future()
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End everything in reverse order, whatever raises. Durable views stay open.

        Safe to call twice, and twice at once.
        """
        if self._stopping is None or self._stopping.done():
            self._stopping = spawn(self._exit.aclose(), name="stop the bot")
        await asyncio.shield(self._stopping)

    async def _start(self) -> None:
        check()
        token = self.config.discord.token
        if token is None:
            raise ConfigError(
                "There is no bot token. Put it into the environment variable DISCORD_TOKEN, or into"
                f" a file .env beside {self.config.path.name} as DISCORD_TOKEN=..."
            )
        self.tasks.install()
        self._exit.callback(self.tasks.uninstall)
        found = discover(self.config.plugins.folders)
        check_plugins(self.config, found)
        await self._open_database(found)
        self._build(found)

        Route.BASE = self.config.discord.api_url
        self._exit.push_async_callback(self.bot.close)
        await self._log_in(token.get_secret_value())
        self.api.count_responses()
        self.views.attach(state_of(self.bot))
        await self.views.restore()
        self.watchdog.start()
        self._exit.callback(self.watchdog.stop)
        self._exit.push_async_callback(self.host.shutdown)
        self._exit.push_async_callback(self._end_tasks)
        await self.host.apply(self.config)
        await self.views.resume()

        self._exit.push_async_callback(self._last_jobs)
        await self._connect()
        self._run(self.runner.run(), JOBS)
        self._run(self.views.run(), VIEW_DEADLINES)
        abandoned = AbandonedViews(self.clock, self.views.close, process=self._process)
        self._run(abandoned.run(), "abandoned views")
        self._run(self._ownership.keep(), OWNERSHIP)
        self._run(self._watch_config(), "config.toml")
        if self.database.listen_url is not None:
            self._run(Listener(self.database.listen_url, self.jobs.changed.set).run(), "LISTEN")
        loaded = self.host.loaded
        missing = sorted(set(self.config.plugins.enabled) - set(loaded))
        logger.log(
            "WARNING" if missing else "INFO",
            "ready: {} of {} plugins{}, as {}",
            len(loaded),
            len(self.config.plugins.enabled),
            f" (NOT loaded: {', '.join(missing)})" if missing else "",
            self.bot.user,
        )

    async def _open_database(self, found: Mapping[str, Found]) -> None:
        url = self.config.database.url.get_secret_value()
        self.database = Database(
            url,
            [CORE_MODELS, *app_models(found).values()],
            named=self.config.named("database", "url"),
        )
        self._exit.push_async_callback(self.database.close)
        await self.database.open()
        self._ownership = await self._exit.enter_async_context(owning(url, self._process))
        for migration in await self.database.migrate(["core"]):
            logger.info("migration {} applied", migration)

    def _build(self, found: Mapping[str, Found]) -> None:
        settings = self.config.plugins
        failures = FailureLedger(
            self.clock,
            limit=settings.quarantine_after,
            window_seconds=settings.quarantine_window_seconds,
            on_too_many=lambda name: self._run(self.host.quarantine(name), f"quarantine {name}"),
        )
        catalogue = Catalogue()
        catalogue.add("core", Path(__file__).parent / "sentences")
        desk = ErrorDesk(catalogue, failures.failed)
        discord = self.config.discord
        self.bot = LadderBot(
            desk=desk,
            catalogue=catalogue,
            # Without a number of shards, Discord tells of every guild.
            shard_count=discord.shard_count if discord.shard_count > 1 else None,
            shard_id=discord.shard_id if discord.shard_count > 1 else None,
        )
        self.api = DiscordApi(self.bot, RequestLimiter())
        self.jobs = JobQueue(self.clock)
        self.runner = JobRunner(
            self.jobs, self.clock, process=self._process, on_failure=failures.failed
        )
        self.outbox = Outbox(self.api, self.jobs, self.runner)
        self.views = ViewSupervisor(
            clock=self.clock,
            api=self.api,
            jobs=self.jobs,
            runner=self.runner,
            desk=desk,
            catalogue=catalogue,
            process=self._process,
            unowned=self.config.views.unowned,
            on_failure=failures.failed,
        )
        self.bot.supervisor = self.views
        self.bot.on_arrival = self.api.answer_times.arrived
        self.figures = Figures()
        self.hooks = HookCaller(seconds=settings.hook_timeout_seconds, on_failure=failures.failed)
        self.failures = failures
        self.watchdog = LoopWatchdog({n: f.folder for n, f in found.items() if f.folder})
        parts = Host(
            bot=self.bot,
            api=self.api,
            clock=self.clock,
            jobs=self.jobs,
            runner=self.runner,
            outbox=self.outbox,
            views=self.views,
            catalogue=catalogue,
            services=Services(),
            announcements=Announcements(self.jobs, self.runner, self.hooks),
            tasks=self.tasks,
            owners=frozenset(self.config.discord.owners),
            alerts_channel_id=self.config.discord.alerts_channel_id,
            figures=self.figures,
            on_failure=failures.failed,
        )
        self.host = PluginHost(
            found,
            database=self.database,
            hooks=self.hooks,
            commands=CommandSync(self.bot, self.jobs, self.runner),
            parts=parts,
            tell_owner=lambda text: self._run(self._tell_owner(text), "tell the owner"),
        )
        show_own_figures(
            self.figures,
            api=self.api,
            failures=failures,
            watchdog=self.watchdog,
            host=self.host,
        )

    async def _log_in(self, token: str) -> None:
        try:
            await self.bot.login(token)
        except disnake.LoginFailure:
            raise ConfigError("DISCORD_TOKEN: Discord does not accept this token") from None
        except (aiohttp.ClientConnectionError, OSError) as error:
            raise ConfigError(
                f"[discord] api_url: {self.config.discord.api_url} cannot be reached"
                f" ({type(error).__name__})"
            ) from None

    async def _connect(self) -> None:
        connection = spawn(self.bot.connect(), name="gateway")
        self._tasks.add(connection)
        connection.add_done_callback(self._disconnected)
        # Not for its "ready", which waits two seconds for guilds that nothing here needs at once.
        ready = spawn(self.bot.wait_until_first_connect(), name="wait for the gateway")
        try:
            await asyncio.wait(
                {connection, ready}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if connection.done():
                await connection
            if not ready.done():
                raise ConfigError(
                    f"[discord] api_url: no gateway answered within {READY_SECONDS:g} s"
                )
        finally:
            await cancel_all([ready])

    def _disconnected(self, task: asyncio.Task[None]) -> None:
        """The gateway is lost for good: disnake reconnects by itself where that can help."""
        self._tasks.discard(task)
        if not self.stopped.done():
            error = None if task.cancelled() else task.exception()
            if error is None:
                self.stopped.set_result(None)
            else:
                self.stopped.set_exception(
                    LadderkeeperError(f"Discord closed the connection: {error}")
                )
                self.stopped.exception()

    def _run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        with acting_for(None):  # whoever asked for it
            task = spawn(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._task_ended)

    def _task_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        reason = error if isinstance(error, LadderkeeperError) else None
        if reason is None:
            logger.opt(exception=error).critical("the core's task {} failed", task.get_name())
        else:
            logger.critical("{}", reason)
        if task.get_name() in VITAL and not self.stopped.done():
            # Whoever watches this process starts it again; a bot without it only looks alive.
            self.stopped.set_exception(
                reason or LadderkeeperError(f"the bot's {task.get_name()} failed")
            )
            self.stopped.exception()

    async def settle(self) -> None:
        """Wait, while the bot runs, until it owes nothing that is due: no answer to a press, no
        view's end, no job."""
        while True:
            await self.runner.settle()
            # What is answered or closed may owe another job before it is done.
            if await self.views.is_settled() and await self.runner.is_settled():
                return
            await asyncio.sleep(0.01)

    async def _last_jobs(self) -> None:
        """Let what is owed this moment go out; what does not is the next start's."""
        self._log_figures()
        try:
            async with asyncio.timeout(LAST_JOBS_SECONDS):
                await self.views.shutdown()
                await self.runner.settle()
        except TimeoutError:
            logger.info("some jobs are left for the next start")

    def _log_figures(self) -> None:
        self.views.leaks.check(grace=timedelta())
        views = self.views.stats()
        logger.bind(
            views_opened=views.opened,
            views_closed=views.closed_total,
            views_open=views.open_total,
            views_leaked=views.leaked,
            hook_failures=sum(self.failures.total.values()),
            requests=self.api.requests_counted,
        ).info("stopping")

    async def _end_tasks(self) -> None:
        await cancel_all(list(self._tasks))

    async def _tell_owner(self, text: str) -> None:
        logger.error(text)
        channel_id = self.config.discord.alerts_channel_id
        if channel_id is not None:
            await self.outbox.send(channel_id, text)

    async def _watch_config(self) -> None:
        """Enable and disable plugins as the owner edits config.toml."""
        path = self.config.path
        seen = _stamp(path)
        while True:
            await asyncio.sleep(CONFIG_POLL_SECONDS)
            if (stamp := _stamp(path)) == seen:
                continue
            seen = stamp
            try:
                config = load_config(path, env_file=path.parent / ENV_FILE)
            except ConfigError as error:
                logger.error("the change of config.toml is not taken over:\n{}", error)
                continue
            try:
                check_plugins(config, self.host.found)
            except ConfigError as error:
                logger.error(
                    "the change of config.toml is not taken over (a plugin that was added since"
                    " the start is found by the next one):\n{}",
                    error,
                )
                continue
            logger.info(
                "config.toml has changed: which plugins are enabled is taken over now, anything"
                " else at the next start, or when its plugin is loaded"
            )
            try:
                await self.host.apply(config)
            except Exception as error:
                logger.opt(exception=error).error("it could not be taken over, trying again")
                seen = None
            else:
                self.config = config


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
