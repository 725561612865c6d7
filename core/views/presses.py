"""Presses in flight: which tasks answer a press on which view, so that a close can let them end."""

from __future__ import annotations

import asyncio
from typing import Any

from core.tasks import cancel_all, current_task

__all__ = ["PressesInFlight"]

PATIENCE_SECONDS = 3.0
"""How long a close lets presses go on: as long as Discord waits for their answer."""


class PressesInFlight:
    """The tasks that answer a press now, by the record of the view pressed."""

    def __init__(self) -> None:
        self._tasks: dict[int, set[asyncio.Task[Any]]] = {}

    def on(self, record_id: int) -> _PressOn:
        """Count the current task as a press on that view: ``with presses.on(record_id)``."""
        return _PressOn(self._tasks, record_id)

    def count(self, record_id: int) -> int:
        """How many answer a press on that view now."""
        return len(self._tasks.get(record_id, ()))

    def any(self) -> bool:
        """Whether a press is being answered now, on any view."""
        return bool(self._tasks)

    def is_of(self, record_id: int, task: asyncio.Task[Any] | None) -> bool:
        """Whether `task` answers a press on that view."""
        return task in self._tasks.get(record_id, ())

    async def finish(self, record_id: int, closer: asyncio.Task[Any] | None) -> None:
        """Let the presses on that view end, then cancel them; never the task that closes it."""
        tasks = self._tasks.get(record_id, set()) - {closer}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
            await cancel_all(late)


class _PressOn:
    """A class, as :class:`core.context.acting_for` is."""

    __slots__ = ("_record_id", "_task", "_tasks")

    def __init__(self, tasks: dict[int, set[asyncio.Task[Any]]], record_id: int) -> None:
        self._tasks = tasks
        self._record_id = record_id

    def __enter__(self) -> None:
        self._task = current_task()
        self._tasks.setdefault(self._record_id, set()).add(self._task)

    def __exit__(self, *_: object) -> None:
        tasks = self._tasks[self._record_id]
        tasks.discard(self._task)
        if not tasks:
            del self._tasks[self._record_id]
