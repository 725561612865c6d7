"""Start tasks that inherit no transaction, and bound what may not take for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator, Iterable
from typing import Any, TypeVar

from loguru import logger

from core.db import outside_transaction

__all__ = [
    "EndedItself",
    "StillRunning",
    "bounded",
    "cancel_all",
    "contained",
    "current_task",
    "ending",
    "spawn",
]

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


async def bounded(work: Coroutine[Any, Any, T], seconds: float, *, name: str) -> T:
    """Await `work` for at most `seconds`.

    Unlike ``asyncio.timeout`` it comes back even when `work` swallows its cancellation.

    Raises:
        StillRunning: when it took longer; it has been cancelled, more than once if need be.
        EndedItself: when it raised SystemExit, or CancelledError though nobody cancelled it.
    """
    task = spawn(contained(work, name), name=name)
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


def contained(work: Coroutine[Any, Any, T], name: str) -> Coroutine[Any, Any, T]:
    """`work`, let end nothing but itself: where it raises SystemExit, this raises EndedItself."""
    return _Contained(work, name)


class _Contained(Coroutine[Any, Any, T]):
    """No coroutine function around it: one that is cancelled before its first step would leave
    the inner one never awaited, and Python complain of it."""

    def __init__(self, work: Coroutine[Any, Any, T], name: str) -> None:
        self._work = work
        self._name = name

    def send(self, value: Any, /) -> Any:
        try:
            return self._work.send(value)
        except SystemExit:
            raise self._ended() from None

    def throw(self, *error: Any) -> Any:
        try:
            return self._work.throw(*error)
        except SystemExit:
            raise self._ended() from None

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, T]:
        try:
            return (yield from self._work.__await__())
        except SystemExit:
            raise self._ended() from None

    def _ended(self) -> EndedItself:
        return EndedItself(f"{self._name} tried to end the process")


def ending(work: Coroutine[Any, Any, T], ended: Callable[[], None]) -> Coroutine[Any, Any, T]:
    """`work`; `ended` is called at its end, though it be cancelled before its first step."""
    return _Ending(work, ended)


class _Ending(Coroutine[Any, Any, T]):
    """No coroutine function around it: cancelled before its first step, that would not come to
    its ``finally``."""

    def __init__(self, work: Coroutine[Any, Any, T], ended: Callable[[], None]) -> None:
        self._work = work
        self._ended = ended

    def send(self, value: Any, /) -> Any:
        try:
            return self._work.send(value)
        except BaseException:
            self._ended()
            raise

    def throw(self, *error: Any) -> Any:
        try:
            return self._work.throw(*error)
        except BaseException:
            self._ended()
            raise

    def close(self) -> None:
        self._work.close()
        self._ended()

    def __await__(self) -> Generator[Any, Any, T]:
        try:
            return (yield from self._work.__await__())
        finally:
            self._ended()


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
