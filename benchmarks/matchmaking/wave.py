"""A real wave on a real database, and how long it holds the event loop."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from tortoise.models import Model

from benchmarks.matchmaking.crowd import crowd
from core.clock import Clock
from core.db import AppModels, Database, execute
from core.db.database import CORE_MODELS
from core.jobs import JobQueue, JobRunner
from core.plugin import PluginContext
from core.plugin.announcements import Announcements
from core.plugin.context import Host
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.matchmaker import Matchmaker
from plugins.queue.models import MemberFaction, Player, QueueEntry, QueueMember, Rating
from plugins.queue.service.board import Boards
from plugins.queue.service.entries import QueueService
from plugins.queue.service.players import PlayerService
from plugins.queue.service.waves import WaveService

__all__ = ["Ladder", "LoopStall"]

QUEUE_MODELS = AppModels("queue", "plugins.queue.models", "plugins.queue.migrations")

BEAT_SECONDS = 0.002

ROWS = 500
"""So many are written in one statement when the queue is filled."""

TABLES = ("core_job", "queue_match_event", "queue_match_participant", "queue_match")


class LoopStall:
    """How late the loop turns, at the worst, while the block runs.

    Attributes:
        longest_ms: that.
        collection_ms: how long the longest garbage collection took, which holds the loop too.
    """

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self.collection_ms = 0.0
        self._collecting_since = 0.0

    async def __aenter__(self) -> LoopStall:
        gc.callbacks.append(self._collecting)
        self._beats = asyncio.create_task(self._beat())
        await asyncio.sleep(BEAT_SECONDS)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(2 * BEAT_SECONDS)  # so that the last hold is seen
        gc.callbacks.remove(self._collecting)
        self._beats.cancel()
        await asyncio.wait([self._beats])

    async def _beat(self) -> None:
        while True:
            due = time.perf_counter() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            self.longest_ms = max(self.longest_ms, (time.perf_counter() - due) * 1000)

    def _collecting(self, phase: str, _: dict[str, int]) -> None:
        now = time.perf_counter()
        if phase == "start":
            self._collecting_since = now
        else:
            self.collection_ms = max(self.collection_ms, (now - self._collecting_since) * 1000)


class Ladder:
    """A ladder with its queue in a SQLite file, the plugin's own service for the waves, and no
    Discord: rooms and announcements are owed as ever, and nobody carries them out."""

    def __init__(self, waves: WaveService, config: LadderConfig) -> None:
        self._waves = waves
        self._config = config

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, matchmaker: Matchmaker) -> AsyncGenerator[Ladder]:
        """One with nobody in the queue."""
        database = Database(f"sqlite://{folder / 'bench.sqlite3'}", [CORE_MODELS, QUEUE_MODELS])
        await database.open()
        try:
            await database.migrate(["core", "queue"])
            config = LadderConfig.model_validate(
                {
                    "name": "Ladder",
                    "guild_id": 1,
                    "room_channel_id": 2,
                    "pairing": "cross",
                    "factions": [{"code": g, "name": g, "group": g} for g in ("BW", "SC2")],
                }
            )
            context = PluginContext("queue", QueueConfig(ladders=(config,)), _host())
            boards = Boards(context)
            queue = QueueService(context, PlayerService(context), boards)
            waves = WaveService(
                context, queue, matchmaker, boards=boards, after_wave=lambda _: None
            )
            yield cls(waves, config)
        finally:
            await database.close()

    async def fill(self, waiting: int, seed: int) -> None:
        """Have so many wait, and nobody else."""
        for table in TABLES:
            await execute(f"DELETE FROM {table}")  # noqa: S608  constants
        for model in (Rating, MemberFaction, QueueMember, QueueEntry, Player):
            await model.all().delete()
        ladder, now = self._config.name, Clock().now()
        candidates = crowd(waiting, seed)
        played = [(c, choice) for c in candidates for choice in c.choices]
        await _insert(
            [
                Player(id=c.player_id, discord_id=c.player_id, name=f"Player {c.player_id}")
                for c in candidates
            ]
        )
        await _insert(
            [
                QueueEntry(id=c.entry_id, ladder=ladder, guild_id=1, joined_at=now, waves=c.waves)
                for c in candidates
            ]
        )
        await _insert(
            [
                QueueMember(
                    id=c.entry_id,
                    entry_id=c.entry_id,
                    ladder=ladder,
                    player_id=c.player_id,
                    vetoes=[],
                )
                for c in candidates
            ]
        )
        await _insert(
            [MemberFaction(member_id=c.entry_id, faction=choice.faction) for c, choice in played]
        )
        await _insert(
            [
                Rating(
                    ladder=ladder,
                    player_id=c.player_id,
                    faction=choice.faction,
                    value=choice.rating,
                )
                for c, choice in played
            ]
        )

    async def run_wave(self) -> int:
        """Run one, from reading the rows to writing the matches. Returns how many those are."""
        return len(await self._waves.run(self._config))


async def _insert(rows: Sequence[Model]) -> None:
    for at in range(0, len(rows), ROWS):
        part = rows[at : at + ROWS]
        await type(part[0]).bulk_create(part)


def _host() -> Host:
    clock = Clock()
    jobs = JobQueue(clock)
    runner = JobRunner(jobs, clock, process="bench", on_failure=_failed)
    unused = cast("Any", None)  # of the rest, a wave touches nothing
    return Host(
        bot=unused,
        api=unused,
        clock=clock,
        jobs=jobs,
        runner=runner,
        outbox=unused,
        views=unused,
        catalogue=unused,
        services=unused,
        announcements=Announcements(jobs, runner, unused),
        tasks=unused,
        owners=frozenset(),
        on_failure=_failed,
    )


def _failed(plugin: str, where: str, error: Exception) -> None:
    raise RuntimeError(f"{plugin}: {where} failed") from error
