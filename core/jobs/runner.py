"""Carry out what is owed: claim a job by compare-and-set, run it, delete its row.

A process that dies leaves its claims behind; they expire, and a process of the same name clears
them when it starts. So every job runs at least once, and its handler must bear a second run.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from loguru import logger

from core.clock import Clock
from core.context import acting_for
from core.db import execute, fetch
from core.jobs.queue import JobQueue, Priority
from core.models import Job
from core.tasks import bounded, cancel_all, spawn

__all__ = ["GiveUp", "JobHandler", "JobRunner", "Later", "OwedJob"]

POLL_SECONDS = 5.0
"""The longest sleep: what another process put is seen after it, LISTEN or not."""

CONCURRENCY = 16
LAST_EDITS_AT_ONCE = CONCURRENCY // 2
"""Ten thousand closing views must leave room for a match."""

HANDLER_SECONDS = 60.0
CLAIM_SECONDS = 90.0
"""Longer than a handler may take: an expired claim means that its process is gone."""

FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 300.0


class GiveUp(Exception):
    """Raised by a handler: trying again will not help. The handler's `on_give_up` is called."""


class Later(Exception):
    """Raised by a handler: not yet, and no failure. It runs again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class OwedJob:
    """What a handler is given."""

    key: str
    payload: dict[str, Any]
    attempt: int
    """1 the first time. Above 1 an earlier try may have done part or all of it."""
    due_at: datetime


@dataclass(frozen=True, slots=True)
class JobHandler:
    """How jobs of one kind are carried out."""

    run: Callable[[OwedJob], Awaitable[None]]
    on_give_up: Callable[[OwedJob, Exception], Awaitable[None]] | None = None
    """What to do instead when it cannot be done; itself retried until it succeeds."""
    max_attempts: int | None = None
    """None tries for ever, at most every five minutes."""


class JobRunner:
    """Runs the jobs whose handlers are registered in this process.

    Args:
        process: this process's name, the same after a restart.
        on_failure: told of each failed run, with the plugin's name, the kind and the error.
    """

    def __init__(
        self,
        queue: JobQueue,
        clock: Clock,
        *,
        process: str,
        on_failure: Callable[[str, str, Exception], None],
    ) -> None:
        self._queue = queue
        self._clock = clock
        self._process = process
        self._on_failure = on_failure
        self._handlers: dict[tuple[str, str], JobHandler] = {}
        self._running: dict[asyncio.Task[None], Job] = {}

    def register(self, plugin: str, kind: str, handler: JobHandler) -> None:
        """Carry out jobs of this kind from now on.

        Raises:
            ValueError: when the kind has a handler already.
        """
        if (plugin, kind) in self._handlers:
            raise ValueError(f"plugin {plugin} has two handlers for jobs of kind {kind}")
        self._handlers[plugin, kind] = handler
        self._queue.changed.set()

    async def unregister(self, plugin: str, kind: str) -> None:
        """Leave jobs of this kind where they are, and end those that run."""
        self._handlers.pop((plugin, kind), None)
        await cancel_all(
            task for task, job in self._running.items() if (job.plugin, job.kind) == (plugin, kind)
        )

    async def run(self) -> None:
        """Carry out jobs until cancelled; then end those that run. Their rows stay owed."""
        await self._clear_own_claims()
        try:
            while True:
                self._queue.changed.clear()
                try:
                    seconds = await self._start_due()
                except Exception as error:
                    logger.opt(exception=error).error("the job queue cannot be read, trying again")
                    seconds = POLL_SECONDS
                await self._clock.wait(self._queue.changed, seconds)
        finally:
            await cancel_all(list(self._running))

    async def settle(self) -> None:
        """Wait until nothing is due and nothing runs. For orderly ends and for tests."""
        while self._running or await self._due(self._clock.now(), limit=1):
            if self._running:
                await asyncio.wait(list(self._running))
            else:
                await asyncio.sleep(0.01)

    async def _clear_own_claims(self) -> None:
        await execute(
            "UPDATE core_job SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = $1",
            self._process,
        )

    async def _start_due(self) -> float:
        """Start what is due and there is room for. Returns the seconds until it is worth a look."""
        now = self._clock.now()
        for job in await self._claim(now):
            task = spawn(self._carry_out(job), name=f"job {job.plugin}.{job.kind} {job.key}")
            self._running[task] = job
            task.add_done_callback(self._ended)
        if not self._handlers:
            return POLL_SECONDS
        kinds, values = self._kinds(1)
        rows = await fetch(
            "SELECT min(due_at) AS due_at FROM core_job WHERE due_at > $1"
            f" AND plugin || '/' || kind IN ({kinds})",
            now,
            *values,
        )
        due_at = rows[0]["due_at"]
        if due_at is None:
            return POLL_SECONDS
        if isinstance(due_at, str):
            due_at = datetime.fromisoformat(due_at)
        return min(POLL_SECONDS, (due_at - self._clock.now()).total_seconds())

    async def _claim(self, now: datetime) -> list[Job]:
        last_edits = sum(j.priority >= Priority.LAST_EDIT for j in self._running.values())
        room = CONCURRENCY - len(self._running)
        ids = await self._due(now, limit=room, highest=Priority.LAST_EDIT - 1)
        room = min(room - len(ids), LAST_EDITS_AT_ONCE - last_edits)
        ids += await self._due(now, limit=room, lowest=Priority.LAST_EDIT)
        if not ids:
            return []
        marks = ", ".join(f"${i}" for i in range(4, 4 + len(ids)))
        claimed = await fetch(
            "UPDATE core_job SET claimed_by = $1, claimed_until = $2, attempts = attempts + 1"
            f" WHERE id IN ({marks}) AND (claimed_until IS NULL OR claimed_until < $3)"
            " RETURNING id",
            self._process,
            now + timedelta(seconds=CLAIM_SECONDS),
            now,
            *ids,
        )
        return await Job.filter(id__in=[row["id"] for row in claimed])

    async def _due(
        self,
        now: datetime,
        *,
        limit: int,
        lowest: int = Priority.MATCH,
        highest: int = Priority.LAST_EDIT,
    ) -> list[int]:
        """Unclaimed jobs that may run now: the head of each lane only."""
        if limit <= 0 or not self._handlers:
            return []
        kinds, values = self._kinds(1)
        rows = await fetch(
            "SELECT id FROM core_job j WHERE due_at <= $1"
            f" AND priority BETWEEN {int(lowest)} AND {int(highest)}"
            " AND (claimed_until IS NULL OR claimed_until < $1)"
            f" AND plugin || '/' || kind IN ({kinds})"
            " AND NOT EXISTS (SELECT 1 FROM core_job e WHERE e.lane = j.lane AND e.id < j.id)"
            f" ORDER BY priority, due_at, id LIMIT {limit}",
            now,
            *values,
        )
        return [row["id"] for row in rows]

    def _kinds(self, taken: int) -> tuple[str, list[str]]:
        values = [f"{plugin}/{kind}" for plugin, kind in self._handlers]
        marks = ", ".join(f"${i}" for i in range(taken + 1, taken + 1 + len(values)))
        return marks, values

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._queue.changed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.opt(exception=error).error("the outcome of a job could not be written")

    async def _carry_out(self, job: Job) -> None:
        handler = self._handlers[job.plugin, job.kind]
        owed = OwedJob(job.key, job.payload, job.attempts, job.due_at)
        with acting_for(job.plugin):
            try:
                await self._attempt(handler, owed, name=f"{job.plugin}.{job.kind}")
            except Later as later:
                await self._again(job, later.seconds, error=None)
            except Exception as error:
                self._on_failure(job.plugin, f"job {job.kind}", error)
                await self._again(job, _backoff(job.attempts), error=error)
            else:
                await self._done(job)

    async def _attempt(self, handler: JobHandler, owed: OwedJob, *, name: str) -> None:
        try:
            await bounded(_await(handler.run(owed)), HANDLER_SECONDS, name=f"job {name}")
        except Later:
            raise
        except Exception as error:
            spent = handler.max_attempts is not None and owed.attempt >= handler.max_attempts
            if not (spent or isinstance(error, GiveUp)):
                raise
            logger.warning("job {} {} is given up: {}", name, owed.key, error)
            if handler.on_give_up is not None:
                await bounded(
                    _await(handler.on_give_up(owed, error)), HANDLER_SECONDS, name=f"give up {name}"
                )

    async def _done(self, job: Job) -> None:
        deleted = await execute(
            "DELETE FROM core_job WHERE id = $1 AND generation = $2", job.id, job.generation
        )
        if not deleted:  # put again while it ran
            await self._release([job.id])

    async def _again(self, job: Job, seconds: float, *, error: Exception | None) -> None:
        changed = await execute(
            "UPDATE core_job SET claimed_by = NULL, claimed_until = NULL, due_at = $1,"
            " last_error = $2, attempts = attempts - $3 WHERE id = $4 AND generation = $5",
            self._clock.now() + timedelta(seconds=seconds),
            None if error is None else repr(error)[:300],
            0 if error else 1,
            job.id,
            job.generation,
        )
        if not changed:
            await self._release([job.id])

    async def _release(self, ids: Iterable[int]) -> None:
        for job_id in ids:
            await execute(
                "UPDATE core_job SET claimed_by = NULL, claimed_until = NULL WHERE id = $1", job_id
            )


def _backoff(attempts: int) -> float:
    """Exponential with full jitter above a floor of half, in seconds."""
    longest = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** min(attempts - 1, 16))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  jitter, no secret


async def _await(awaitable: Awaitable[None]) -> None:
    await awaitable
