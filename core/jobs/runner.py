"""Carry out what is owed: claim a job by compare-and-set, run it, delete its row.

A process that dies leaves its claims behind: they expire, and a process of the same name clears
them when it starts. So every job runs at least once, and its handler must bear a second run.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from loguru import logger

from core.clock import Clock
from core.context import acting_for
from core.db import until_written
from core.jobs.claims import Claims, Kind
from core.jobs.queue import JobQueue, Priority
from core.models import Job
from core.tasks import bounded, cancel_all, spawn

__all__ = ["GiveUp", "JobHandler", "JobRunner", "Later", "OwedJob"]

POLL_SECONDS = 5.0
"""The longest sleep: what another process put is seen after it, LISTEN or not."""

CONCURRENCY = 16
OF_ONE_PLUGIN = CONCURRENCY // 2
"""A plugin whose jobs hang must leave room for the others'."""

LAST_EDITS_AT_ONCE = CONCURRENCY // 2
"""Ten thousand closing views must leave room for a match."""

HANDLER_SECONDS = 60.0
LAST_OUTCOMES_SECONDS = 2.0
"""How long the end may wait for a database that is away; the jobs then run once more."""

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

    run: Callable[[OwedJob], Coroutine[Any, Any, None]]
    on_give_up: Callable[[OwedJob, Exception], Coroutine[Any, Any, None]] | None = None
    """What to do instead when it cannot be done; itself retried until it succeeds."""
    max_attempts: int | None = None
    """None tries for ever, at most every five minutes."""


class JobRunner:
    """Runs the jobs whose handlers are registered in this process.

    Args:
        process: this process's name, the same after a restart.
        on_failure: told of each failed run, with the plugin's name, the kind and the error.
        handler_seconds: how long a handler may take, at most a minute.
    """

    def __init__(
        self,
        queue: JobQueue,
        clock: Clock,
        *,
        process: str,
        on_failure: Callable[[str, str, Exception], None],
        handler_seconds: float = HANDLER_SECONDS,
    ) -> None:
        self._queue = queue
        self._clock = clock
        self._claims = Claims(clock, process=process)
        self._on_failure = on_failure
        self._handler_seconds = handler_seconds
        self._handlers: dict[Kind, JobHandler] = {}
        self._running: dict[asyncio.Task[None], Job] = {}
        self._outcomes: set[asyncio.Task[None]] = set()
        self._looking = False
        self._ended_so_far = 0

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
        await self._claims.clear()
        try:
            while True:
                self._queue.changed.clear()
                seconds = await self._look()
                await self._clock.wait(self._queue.changed, seconds)
        finally:
            await cancel_all(list(self._running))
            if self._outcomes:
                await asyncio.wait(self._outcomes, timeout=LAST_OUTCOMES_SECONDS)
                await cancel_all(self._outcomes)
            await self._claims.clear()  # one may have been claimed and not started

    async def settle(self) -> None:
        """Wait, while :meth:`run` runs, until nothing is due and nothing is being carried out."""
        while not await self.is_settled():
            if self._running:
                await asyncio.wait(list(self._running))
            else:
                await asyncio.sleep(0.01)

    async def is_settled(self) -> bool:
        """Whether nothing is due and nothing is being carried out."""
        ended = self._ended_so_far
        due = await self._claims.due(self._handlers, self._clock.now(), limit=1)
        return not (due or self._looking or self._running or ended != self._ended_so_far)

    async def _look(self) -> float:
        """Start what is due. Returns the seconds until it is worth another look."""
        self._looking = True
        try:
            now = self._clock.now()
            await self._start_due(now)
            due_at = await self._claims.next_due(self._handlers, now)
        except Exception as error:
            logger.opt(exception=error).error("the job queue cannot be read, trying again")
            return POLL_SECONDS
        finally:
            self._looking = False
        if due_at is None:
            return POLL_SECONDS
        return min(POLL_SECONDS, (due_at - self._clock.now()).total_seconds())

    async def _start_due(self, now: datetime) -> None:
        ids = await self._due_with_room(now)
        jobs = await self._claims.take(ids)
        if len(jobs) < len(ids):  # another process was quicker: there may be more
            self._queue.changed.set()
        for job in jobs:
            handler = self._handlers.get((job.plugin, job.kind))
            if handler is None:  # unregistered meanwhile
                await self._claims.release(job)
                continue
            task = spawn(
                self._carry_out(job, handler), name=f"job {job.plugin}.{job.kind} {job.key}"
            )
            self._running[task] = job
            task.add_done_callback(self._ended)

    async def _due_with_room(self, now: datetime) -> list[int]:
        """What is due and there is room for, without those whose claim expired while they run."""
        running = {job.id for job in self._running.values()}
        tidying_up = [j for j in self._running.values() if j.priority >= Priority.LAST_EDIT]
        busy = Counter(j.plugin for j in self._running.values() if j not in tidying_up)
        room = CONCURRENCY - len(running)
        kinds = [kind for kind in self._handlers if busy[kind[0]] < OF_ONE_PLUGIN]
        urgent = await self._claims.due(kinds, now, limit=room, highest=Priority.LAST_EDIT - 1)
        chosen: list[int] = []
        for job in urgent:
            if busy[job.plugin] < OF_ONE_PLUGIN:
                busy[job.plugin] += 1
                chosen.append(job.id)
        left = min(room - len(chosen), LAST_EDITS_AT_ONCE - len(tidying_up))
        tidying = await self._claims.due(self._handlers, now, limit=left, lowest=Priority.LAST_EDIT)
        return [job_id for job_id in (*chosen, *(j.id for j in tidying)) if job_id not in running]

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._ended_so_far += 1
        self._queue.changed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.opt(exception=error).error("the outcome of a job could not be written")

    async def _carry_out(self, job: Job, handler: JobHandler) -> None:
        owed = OwedJob(job.key, job.payload, job.attempts, job.due_at)
        with acting_for(job.plugin):
            try:
                await self._attempt(job, handler, owed)
            except Later as later:
                await self._write(partial(self._claims.again, job, later.seconds, error=None))
            except Exception as error:
                seconds = _backoff(job.attempts)
                self._failed(job, error, f"trying again in {seconds:.0f} s")
                await self._write(partial(self._claims.again, job, seconds, error=error))
            except asyncio.CancelledError:
                await self._write(partial(self._claims.release, job))
                raise
            else:
                await self._write(partial(self._claims.done, job))

    async def _write(self, outcome: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Write what became of a job, though its plugin is unloaded or the database is away: a job
        left claimed would hold up its lane, and run again once the claim expires."""
        work = until_written(outcome, what="the outcome of a job")
        task = spawn(work, name="outcome of a job")
        self._outcomes.add(task)
        task.add_done_callback(self._outcomes.discard)
        await asyncio.shield(task)

    async def _attempt(self, job: Job, handler: JobHandler, owed: OwedJob) -> None:
        name = f"job {job.plugin}.{job.kind}"
        try:
            await bounded(handler.run(owed), self._handler_seconds, name=name)
            return
        except Later:
            raise
        except GiveUp as error:
            reason: Exception = error
            logger.warning("{} {} is given up: {}", name, owed.key, error)
        except Exception as error:
            if handler.max_attempts is None or owed.attempt < handler.max_attempts:
                raise
            reason = error
            self._failed(job, error, "giving up")
        if handler.on_give_up is not None:
            await bounded(
                handler.on_give_up(owed, reason),
                self._handler_seconds,
                name=f"giving up {name}",
            )

    def _failed(self, job: Job, error: Exception, what_now: str) -> None:
        logger.bind(plugin=job.plugin).opt(exception=error).error(
            "job {}.{} {} failed at attempt {}, {}: {}",
            job.plugin,
            job.kind,
            job.key,
            job.attempts,
            what_now,
            error,
        )
        self._on_failure(job.plugin, f"job {job.kind}", error)


def _backoff(attempts: int) -> float:
    """Exponential with full jitter above a floor of half, in seconds."""
    longest = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** min(attempts - 1, 16))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  jitter, no secret
