"""What a test leaves behind: the first sign of what would leak in a running bot.

At the end of a test it looks for asyncio tasks and timers, threads, child processes and open
sockets. What is only on its way out is given a short grace. Tasks and processes are ended before
the failure is raised, so that they harm no other test.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psutil

__all__ = ["LeftOver", "nothing_left_in_loop", "nothing_left_over"]

GRACE_S = 1.0
POLL_S = 0.01
OWN_DESCRIPTORS = Path("/proc/self/fd")


class LeftOver(AssertionError):
    """A test has left something behind; it says what."""

    def __init__(self, left: list[str]) -> None:
        super().__init__("left over: " + ", ".join(left))


@contextmanager
def nothing_left_over() -> Generator[None]:
    """No thread, child process or socket is there after the block that was not before.

    Raises:
        LeftOver: when one is.
    """
    threads = set(threading.enumerate())
    children = set(child_processes())
    sockets = open_sockets()
    yield
    left = settle(
        lambda: [
            *(f"thread {thread.name!r}" for thread in set(threading.enumerate()) - threads),
            *(describe(child) for child in set(child_processes()) - children),
            *(f"socket {name}" for name in open_sockets() - sockets),
        ]
    )
    for child in set(child_processes()) - children:
        end(child)
    if left:
        raise LeftOver(left)


@asynccontextmanager
async def nothing_left_in_loop() -> AsyncGenerator[None]:
    """No task or timer is in the running loop after the block that was not before.

    Raises:
        LeftOver: when one is.
    """
    tasks = asyncio.all_tasks()
    yield
    deadline = time.monotonic() + GRACE_S
    # Polled, because nobody announces the end of a timer.
    while (left := pending(tasks)) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(POLL_S)
    await cancel_new_tasks(tasks)
    if left:
        raise LeftOver(left)


def pending(known: set[asyncio.Task[object]]) -> list[str]:
    """New tasks; when there are none, the timers, most of which would be those of the tasks."""
    loop = asyncio.get_running_loop()
    tasks = asyncio.all_tasks() - known - {asyncio.current_task()}
    if tasks:
        return [f"task {task.get_name()!r} ({task.get_coro()})" for task in tasks]
    timers: list[asyncio.TimerHandle] = getattr(loop, "_scheduled", [])  # there is no public list
    return [f"timer {timer}" for timer in timers if not timer.cancelled()]


async def cancel_new_tasks(known: set[asyncio.Task[object]]) -> None:
    """Cancel again and again: closing the loop would wait for ever for a task that swallows one."""
    deadline = time.monotonic() + GRACE_S
    while time.monotonic() < deadline:
        tasks = asyncio.all_tasks() - known - {asyncio.current_task()}
        if not tasks:
            return
        for task in tasks:
            task.cancel()
        await asyncio.sleep(POLL_S)


def settle(look: Callable[[], list[str]]) -> list[str]:
    """What is left over once the grace has passed; returns at once when there is nothing."""
    deadline = time.monotonic() + GRACE_S
    while (left := look()) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    return left


def child_processes() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def describe(child: psutil.Process) -> str:
    try:
        return f"process {child.pid} ({child.status()}: {' '.join(child.cmdline())})"
    except psutil.Error:
        return f"process {child.pid}"


def end(child: psutil.Process) -> None:
    try:
        child.kill()
        child.wait(timeout=GRACE_S)
    except psutil.Error:
        return


def open_sockets() -> set[str]:
    """The sockets of this process; empty where the system has no cheap list of them."""
    if not OWN_DESCRIPTORS.is_dir():
        return set()
    found: set[str] = set()
    for descriptor in OWN_DESCRIPTORS.iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue  # the one that lists the folder
        if target.startswith("socket:"):
            found.add(target)
    return found
