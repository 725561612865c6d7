"""Put a job in the queue, in the transaction that causes it, or take it back."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any
from uuid import uuid4

from core.clock import Clock
from core.db import after_commit, execute
from core.db.notify import notify

__all__ = ["JobQueue", "Priority"]


KEEP = (
    "DO UPDATE SET due_at = excluded.due_at, generation = core_job.generation + 1, attempts = 0"
    " WHERE core_job.claimed_by IS NOT NULL"
)
REPLACE = (
    "DO UPDATE SET payload = excluded.payload, due_at = excluded.due_at, lane = excluded.lane,"
    " priority = excluded.priority, generation = core_job.generation + 1, attempts = 0"
)


class Priority(IntEnum):
    """What goes first when Discord's limits make work wait. Lower is sooner."""

    MATCH = 0
    """A player is waiting for it: rooms, confirmations, results."""
    PANEL = 5
    """Seen by many, awaited by nobody: panels, announcements, commands."""
    LAST_EDIT = 9
    """Tidying up: the buttons of a view that has ended."""


class JobQueue:
    """The jobs still owed, by any process of this bot. Its rows are the truth; it keeps none."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.changed = asyncio.Event()
        """Set when there may be something new to do. Whoever waits clears it first."""

    async def put(
        self,
        plugin: str,
        kind: str,
        key: str | None = None,
        *,
        due_at: datetime | None = None,
        after: float = 0.0,
        payload: dict[str, Any] | None = None,
        lane: str | None = None,
        priority: Priority = Priority.MATCH,
        replace: bool = True,
    ) -> None:
        """Owe a job. Call it inside the transaction that causes it.

        A job of the same plugin, kind and key is replaced, and keeps its place in its lane. If it
        is running now it runs once more afterwards.

        Args:
            plugin: whose handler carries it out; it waits while that plugin is not loaded.
            kind: the handler's name.
            key: what it concerns, at most 100 characters; None for a job like no other.
            due_at: not before this moment; without it, `after` seconds from now.
            lane: jobs of one lane run one after the other, in the order in which they were put;
                at most 100 characters.
            priority: which goes first among those that are due.
            replace: False leaves a job that waits already as it is.

        Raises:
            ValueError: when a name is too long for its column, which SQLite would not notice.
        """
        for name, value, longest in (
            ("plugin", plugin, 64),
            ("kind", kind, 64),
            ("key", key, 100),
            ("lane", lane, 100),
        ):
            if value is not None and len(value) > longest:
                raise ValueError(f"job {name} {value!r} is longer than {longest} characters")
        if due_at is None:
            due_at = self._clock.now() + timedelta(seconds=after)
        await execute(
            "INSERT INTO core_job (plugin, kind, key, lane, priority, payload, due_at, generation,"  # noqa: S608  constants
            " attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0)"
            " ON CONFLICT (plugin, kind, key) " + (REPLACE if replace else KEEP),
            plugin,
            kind,
            key if key is not None else uuid4().hex,
            lane,
            int(priority),
            json.dumps(payload or {}),
            due_at,
        )
        await notify()
        after_commit(self.changed.set)

    async def take_back(self, lane: str) -> None:
        """Take back what waits in a lane and was never begun, in the open transaction."""
        await execute(
            "DELETE FROM core_job WHERE lane = $1 AND attempts = 0 AND claimed_by IS NULL", lane
        )

    async def cancel(self, plugin: str, kind: str, key: str) -> bool:
        """Take a job back. False when it has been carried out, or never was.

        A job that runs at this moment is not stopped: its handler's own compare-and-set decides.
        """
        return bool(
            await execute(
                "DELETE FROM core_job WHERE plugin = $1 AND kind = $2 AND key = $3",
                plugin,
                kind,
                key,
            )
        )
