"""Ladderkeeper's side: its own bot, supervisor and tables, taken apart to be timed in pieces."""

# The pieces are the supervisor's own, and private to it.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from disnake.http import Route
from disnake.webhook.async_ import AsyncWebhookAdapter
from loguru import logger

import core
from benchmarks.views import payloads
from benchmarks.views.survey import Survey
from core.bot import LadderBot
from core.clock import MovableClock
from core.db import Database, fetch
from core.db.database import CORE_MODELS
from core.discord_api import DiscordApi
from core.disnake_private import state_of
from core.interactions import ErrorDesk
from core.jobs import JobQueue, JobRunner
from core.limits import RequestLimiter
from core.models import Job, ViewRecord, ViewState
from core.task_ledger import TaskLedger
from core.text import Catalogue
from core.views import ViewSupervisor

__all__ = ["PLUGIN", "Ours"]

PLUGIN = "bench"
PROCESS = "bench"

POLL_SECONDS = 0.01

Read = Callable[..., Coroutine[Any, Any, Any]]


class Ours:
    """A bot with a supervisor and a database, and no Discord behind it.

    Attributes:
        clock: the bot's.
        durable: the one durable view that is registered.
    """

    def __init__(self) -> None:
        self.clock = MovableClock()
        catalogue = Catalogue()
        catalogue.add("core", Path(core.__file__).parent / "sentences")
        desk = ErrorDesk(catalogue, _failed)
        self.bot = LadderBot(desk=desk, catalogue=catalogue)
        self.state = state_of(self.bot)
        self.state._add_guild_from_data(payloads.guild())
        jobs = JobQueue(self.clock)
        api = DiscordApi(self.bot, RequestLimiter())
        self.supervisor = ViewSupervisor(
            clock=self.clock,
            jobs=jobs,
            api=api,
            runner=JobRunner(jobs, self.clock, process=PROCESS, on_failure=_failed),
            desk=desk,
            catalogue=catalogue,
            process=PROCESS,
            unowned="adopt",
            on_failure=_failed,
        )
        self.bot.supervisor = self.supervisor
        self.supervisor.attach(self.state)
        self.durable = Survey()
        self.supervisor.register(PLUGIN, self.durable)
        self.opener = self.supervisor.opener
        self.live = self.supervisor._live
        self.closer = self.supervisor._closer
        self.router = self.supervisor._router
        self._tasks = TaskLedger()
        vars(self.router)["_open_record"] = self._noting_the_read(self.router._open_record)

    @classmethod
    @asynccontextmanager
    async def with_database(cls, folder: Path) -> AsyncGenerator[Ours]:
        """One with a SQLite file in `folder`."""
        database = Database(f"sqlite://{folder / 'bench.sqlite3'}", [CORE_MODELS])
        await database.open()
        try:
            await database.migrate(["core"])
            with _silent_discord():
                yield cls()
        finally:
            await database.close()

    def take_loop(self) -> None:
        """Have the loop make tasks as in a running bot, which notes whose each is."""
        self._tasks.install()

    async def settle(self) -> None:
        """Wait until presses are answered and noted."""
        await asyncio.sleep(0)
        while tasks := self.router._tasks:
            await asyncio.wait(tasks)

    async def tidy(self) -> None:
        """Have SQLite take what was written at once into the file, as it does bit by bit when
        views are opened one by one: else the next writes pay for it."""
        await fetch("PRAGMA wal_checkpoint(TRUNCATE)")

    async def forget_closed(self) -> None:
        """Delete the rows of what was closed, and the last edits owed to a Discord that is not."""
        await ViewRecord.filter(state=ViewState.CLOSED).delete()
        await Job.all().delete()

    async def until_all_are_closed(self) -> None:
        """Wait until no view is open and every hook has run."""
        while self.supervisor.stats().open_total:  # noqa: ASYNC110  a counter announces nothing
            await asyncio.sleep(POLL_SECONDS)
        await self.closer.settle()

    def opened(self, record: ViewRecord) -> None:
        """What memory learns of a view once its record is written: counters, and the deadline."""
        self.opener._opened(record)

    @contextmanager
    def memory_only(self) -> Generator[None]:
        """Let the database rest: presses read and note no record, closes run no hook and write
        nothing. What is left is parsing, routes, tasks, presses in flight, counters, cycles."""
        record = ViewRecord(id=1, plugin=PLUGIN, view=self.durable.name, key="1", version=1)
        left_out = {
            self.router: {
                "_open_record": self._noting_the_read(_returning(record)),
                "_note_press": _returning(None),
                "_put_off": _returning(None),
            },
            self.closer: {"_hook": _returning({})},
            self.closer._ends: {"write": _returning(None)},
        }
        before = [(owner, dict(vars(owner))) for owner in left_out]
        for owner, methods in left_out.items():
            assert all(hasattr(owner, name) for name in methods)
            vars(owner).update(methods)
        try:
            yield
        finally:
            for owner, attributes in before:
                vars(owner).clear()
                vars(owner).update(attributes)

    def _noting_the_read(self, read: Read) -> Read:
        """The read of the record of a durable view, with the time of its beginning and end."""
        probe = self.durable.probe

        async def noted(*arguments: Any) -> Any:
            probe.read_begin()
            record = await read(*arguments)
            probe.read_end()
            return record

        return noted


@contextmanager
def _silent_discord() -> Generator[None]:
    """Answer what is sent to the interaction endpoints at once, in Discord's place."""
    messages = count(3 * 10**17)

    async def request(_adapter: Any, route: Route, _session: Any, **_: Any) -> payloads.Payload:
        # Sent as an answer it is a new message; asked for afterwards it is the last one.
        answered = next(messages) if route.method == "POST" else sent[-1]
        sent[:] = [answered]
        message = payloads.message(answered, ["a", "b", "c"], answers=1)
        return {"resource": {"message": message}} if route.method == "POST" else message

    sent = [next(messages)]
    with patch.object(AsyncWebhookAdapter, "request", request):
        yield


def _returning(value: object) -> Read:
    async def method(*_: Any) -> Any:
        return value

    return method


def _failed(plugin: str, where: str, error: Exception) -> None:
    logger.opt(exception=error).error("{}: {} failed", plugin, where)
