"""The rows of the queue: which may run, who runs them, and what becomes of them.

Each step is one statement, and its row count decides: of two processes one has the job.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from core.clock import Clock
from core.db import execute, fetch
from core.jobs.queue import Priority
from core.log import redact
from core.models import Job

__all__ = ["Claims", "Due", "Kind"]

CLAIM_SECONDS = 150.0
"""Longer than a handler and its `on_give_up` may take together: an expired claim means that its
process is gone."""

Kind = tuple[str, str]
"""The name of the plugin, and of the kind of job."""


class Due(NamedTuple):
    """A job that may run now."""

    id: int
    plugin: str


class Claims:
    """One process's hold on the rows of the queue."""

    def __init__(self, clock: Clock, *, process: str) -> None:
        self._clock = clock
        self._process = process

    async def clear(self) -> None:
        """Give back what a process of this name had claimed when it died."""
        await execute(
            "UPDATE core_job SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = $1",
            self._process,
        )

    async def due(
        self,
        kinds: Collection[Kind],
        now: datetime,
        *,
        limit: int,
        lowest: int = Priority.MATCH,
        highest: int = Priority.LAST_EDIT,
    ) -> list[Due]:
        """Unclaimed jobs that may run now, most urgent first: the head of each lane only."""
        if limit <= 0 or not kinds:
            return []
        rows = await fetch(
            "SELECT id, plugin FROM core_job j"  # noqa: S608  only placeholders are put in
            " WHERE due_at <= $1 AND priority BETWEEN $2 AND $3"
            " AND (claimed_until IS NULL OR claimed_until < $1)"
            f" AND plugin || '/' || kind IN ({_marks(5, kinds)})"
            # The first in its lane, and no other of it running: rows of transactions that overlap
            # need not appear in the order of their ids.
            " AND NOT EXISTS (SELECT 1 FROM core_job e WHERE e.lane = j.lane"
            " AND (e.id < j.id OR e.claimed_until >= $1))"
            " ORDER BY priority, due_at, id LIMIT $4",
            now,
            int(lowest),
            int(highest),
            limit,
            *_names(kinds),
        )
        return [Due(row["id"], row["plugin"]) for row in rows]

    async def take(self, ids: Sequence[int]) -> list[Job]:
        """Claim jobs. Returns those that nobody else has claimed meanwhile, in the order given."""
        if not ids:
            return []
        now = self._clock.now()
        claimed = await fetch(
            "UPDATE core_job SET"  # noqa: S608  only placeholders are put in
            " claimed_by = $1, claimed_until = $2, attempts = attempts + 1"
            " WHERE (claimed_until IS NULL OR claimed_until < $3) AND due_at <= $3"
            f" AND id IN ({_marks(4, ids)}) RETURNING id",
            self._process,
            now + timedelta(seconds=CLAIM_SECONDS),
            now,
            *ids,
        )
        jobs = await Job.filter(id__in=[row["id"] for row in claimed])
        return sorted(jobs, key=lambda job: ids.index(job.id))

    async def next_due(self, kinds: Collection[Kind], now: datetime) -> datetime | None:
        """When the nearest job becomes due that was not due at `now`: the moment that :meth:`due`
        was asked for, lest one that becomes due in between is in neither answer."""
        if not kinds:
            return None
        rows = await fetch(
            "SELECT min(due_at) AS due_at"  # noqa: S608  only placeholders are put in
            " FROM core_job WHERE due_at > $1"
            f" AND plugin || '/' || kind IN ({_marks(2, kinds)})",
            now,
            *_names(kinds),
        )
        due_at = rows[0]["due_at"]
        return datetime.fromisoformat(due_at) if isinstance(due_at, str) else due_at

    async def done(self, job: Job) -> None:
        """Delete a job that was carried out, unless it was put again while it ran."""
        if not await execute(
            "DELETE FROM core_job WHERE id = $1 AND generation = $2", job.id, job.generation
        ):
            await self.release(job)

    async def again(self, job: Job, seconds: float, *, error: Exception | None) -> None:
        """Let a job run again after `seconds`; one without an error was no attempt."""
        if not await execute(
            "UPDATE core_job SET claimed_by = NULL, claimed_until = NULL, due_at = $1,"
            " last_error = $2, attempts = attempts - $3"
            " WHERE id = $4 AND generation = $5 AND claimed_by = $6",
            self._clock.now() + timedelta(seconds=seconds),
            None if error is None else redact(repr(error))[:300],
            0 if error else 1,
            job.id,
            job.generation,
            self._process,
        ):
            await self.release(job)

    async def release(self, job: Job) -> None:
        """Give a job back as it is."""
        await execute(
            "UPDATE core_job SET claimed_by = NULL, claimed_until = NULL"
            " WHERE id = $1 AND claimed_by = $2",
            job.id,
            self._process,
        )


def _names(kinds: Collection[Kind]) -> list[str]:
    return [f"{plugin}/{kind}" for plugin, kind in kinds]


def _marks(first: int, values: Collection[object]) -> str:
    return ", ".join(f"${number}" for number in range(first, first + len(values)))
