"""How a command ends: with an exit status, and one message for what its owner can put right."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import typer
from rich.console import Console

from core.errors import ConfigError, LadderkeeperError

__all__ = ["WRONG_CONFIG", "err", "finish", "or_exit"]

T = TypeVar("T")

WRONG_CONFIG = 2
"""Exit status when something the owner can put right is wrong."""

FAILED = 1

STOPPED = 130
"""As a shell reports a program that Ctrl-C ended."""

err = Console(stderr=True, highlight=False, soft_wrap=True)


def or_exit(work: Callable[[], T]) -> T:
    """What `work` returns; what the owner can put right ends the command."""
    try:
        return work()
    except LadderkeeperError as error:
        err.print(str(error), markup=False)
        raise typer.Exit(WRONG_CONFIG) from None


def finish(work: Callable[[], Coroutine[Any, Any, int]]) -> None:
    """Run to the end and exit with its status; what the owner can put right is one message."""
    try:
        status = asyncio.run(_until_told_to_stop(work()))
    except ConfigError as error:
        err.print(str(error), markup=False)
        status = WRONG_CONFIG
    except LadderkeeperError as error:
        err.print(str(error), markup=False)
        status = FAILED
    except KeyboardInterrupt:
        status = STOPPED
    raise typer.Exit(status)


async def _until_told_to_stop(work: Coroutine[Any, Any, int]) -> int:
    """Let SIGTERM end the work as Ctrl-C does: in good order, with the processes it started."""
    task = asyncio.current_task()
    if task is not None and hasattr(signal, "SIGTERM"):
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        except NotImplementedError:  # Windows, where nobody sends it
            return await work
    try:
        return await work
    except asyncio.CancelledError:
        return STOPPED
