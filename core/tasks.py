"""Start tasks that inherit no transaction, and bound what may not take for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from loguru import logger

from core.db import outside_transaction

__all__ = ["EndedItself", "StillRunning", "bounded", "cancel_all", "current_task", "spawn"]

T = TypeVar("T")

GRACE_SECONDS = 1.0
"""How long a cancelled task may take to end before it is cancelled again."""

CANCELLATIONS = 3
"""How often a task is cancelled before it is given up as one that cannot be ended."""


class StillRunning(TimeoutError):
    """What was bounded took longer than it may, and was cancelled."""


class EndedItself(RuntimeError):
    """What was bounded tried to end more than itself."""


def spawn(coroutine: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
    """Start a task outside any open transaction. The caller keeps it and sees to its end."""
    return asyncio.create_task(coroutine, name=name, context=outside_transaction())


def current_task() -> asyncio.Task[Any]:
    """The task that runs now.

    Raises:
        RuntimeError: outside of any task.
    """
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("no task is running")
    return task


async def bounded(coroutine: Coroutine[Any, Any, T], seconds: float, *, name: str) -> T:
    """Await `coroutine` for at most `seconds`.

    Unlike ``asyncio.timeout`` it comes back even when the coroutine swallows its cancellation.

    Raises:
        StillRunning: when it took longer; it has been cancelled, more than once if need be.
        EndedItself: when it raised SystemExit, or CancelledError though nobody cancelled it.
    """
    task = spawn(_contained(coroutine, name), name=name)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        await cancel_all([task])
        raise
    if done:
        if task.cancelled():
            raise EndedItself(f"{name} was cancelled from within")
        return task.result()
    await cancel_all([task])
    raise StillRunning(f"{name} took longer than {seconds:g} s")


async def cancel_all(tasks: Iterable[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Cancel `tasks` and wait for their end, insisting a few times.

    It goes on in the background when whoever waits here is cancelled.

    Returns:
        Those that swallowed every cancellation and still run. They are logged.
    """
    left = {task for task in tasks if not task.done() and task is not asyncio.current_task()}
    if not left:
        return left
    return await asyncio.shield(spawn(_insist(left), name="cancel tasks"))


async def _contained(coroutine: Coroutine[Any, Any, T], name: str) -> T:
    try:
        return await coroutine
    except SystemExit:  # asyncio would stop the loop
        raise EndedItself(f"{name} tried to end the process") from None


async def _insist(left: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    for _ in range(CANCELLATIONS):
        if not left:
            break
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=GRACE_SECONDS)
    for task in left:
        logger.error("task {} swallows its cancellation and cannot be ended", task.get_name())
    return left
