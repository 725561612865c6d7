"""Which tasks a plugin has started, however it started them: through its context, with
``asyncio.create_task``, or deep inside a library."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from contextvars import Context
from typing import Any

from core.context import current_plugin
from core.tasks import contained

__all__ = ["TaskLedger"]

Coro = Coroutine[Any, Any, Any] | Generator[Any, None, Any]


class TaskLedger:
    """A task factory that notes on whose behalf each task is started."""

    def __init__(self) -> None:
        # Strong references: the loop's own are weak, and a task that nobody holds is collected.
        self._tasks: dict[str, set[asyncio.Task[Any]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def install(self) -> None:
        """Note tasks of the running loop from now on."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_task_factory(self._make)

    def uninstall(self) -> None:
        """Note no more."""
        if self._loop is not None:
            self._loop.set_task_factory(None)

    def of(self, plugin: str) -> list[asyncio.Task[Any]]:
        """The tasks of a plugin that have not ended."""
        return list(self._tasks.get(plugin, ()))

    def _make(
        self,
        loop: asyncio.AbstractEventLoop,
        coroutine: Coro,
        context: Context | None = None,
        **options: Any,
    ) -> asyncio.Task[Any]:
        plugin = current_plugin.get() if context is None else context.get(current_plugin)
        if plugin is not None and asyncio.iscoroutine(coroutine):
            # asyncio would stop the loop at a SystemExit.
            coroutine = contained(coroutine, f"a task of plugin {plugin}")
        task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, context=context, **options)
        if plugin is not None:
            tasks = self._tasks.setdefault(plugin, set())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        return task
