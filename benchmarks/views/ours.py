"""Ladderkeeper's side: its own bot, supervisor and tables, taken apart to be timed in pieces."""

# The pieces are the supervisor's own, and private to it.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, cast

from disnake.webhook.async_ import AsyncWebhookAdapter, async_context
from loguru import logger

import core
from benchmarks.views import payloads
from benchmarks.views.survey import Survey
from core.bot import LadderBot
from core.clock import MovableClock
from core.db import Database
from core.db.database import CORE_MODELS
from core.discord_api import DiscordApi
from core.disnake_private import state_of
from core.interactions import ErrorDesk
from core.jobs import JobQueue, JobRunner
from core.limits import RequestLimiter
from core.models import ViewRecord
from core.task_ledger import TaskLedger
from core.text import Catalogue
from core.views import ViewSupervisor

__all__ = ["PLUGIN", "Ours"]

PLUGIN = "bench"
PROCESS = "bench"


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
        self._time_reads()

    @classmethod
    @asynccontextmanager
    async def with_database(cls, folder: Path) -> AsyncGenerator[Ours]:
        """One with a SQLite file in `folder`."""
        database = Database(f"sqlite://{folder / 'bench.sqlite3'}", [CORE_MODELS])
        await database.open()
        answered = async_context.set(cast("AsyncWebhookAdapter", _SilentDiscord()))
        try:
            await database.migrate(["core"])
            yield cls()
        finally:
            async_context.reset(answered)
            await database.close()

    def take_loop(self) -> None:
        """Have the loop make tasks as in a running bot, which notes whose each is."""
        self._tasks.install()

    def opened(self, record: ViewRecord) -> None:
        """What memory learns of a view once its record is written: counters, and the deadline."""
        self.opener._opened(record)

    @contextmanager
    def memory_only(self) -> Generator[None]:
        """Close without the hook and without the database: routes, presses, counters, cycles."""
        closer = vars(self.closer)
        closer["_hook"] = closer["_note_end"] = _nothing
        try:
            yield
        finally:
            del closer["_hook"], closer["_note_end"]

    def _time_reads(self) -> None:
        """Have the probe note when a press on a durable view reads its record."""
        read, probe = self.router._open_record, self.durable.probe

        async def timed(*arguments: Any) -> ViewRecord | None:
            probe.read_begin()
            record = await read(*arguments)
            probe.read_end()
            return record

        vars(self.router)["_open_record"] = timed


class _SilentDiscord:
    """Takes the place of disnake's way to the interaction endpoints: answers at once."""

    async def create_interaction_response(self, *_: Any, **__: Any) -> None: ...

    async def get_original_interaction_response(self, **_: Any) -> payloads.Payload:
        return payloads.message(3 * 10**17, ["a", "b", "c"], answers=1)


async def _nothing(*_: Any) -> dict[str, Any]:
    return {}


def _failed(plugin: str, where: str, error: Exception) -> None:
    logger.opt(exception=error).error("{}: {} failed", plugin, where)
