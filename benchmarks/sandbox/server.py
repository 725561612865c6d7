"""A sandbox in a process of its own, on one core where the system can hold it there."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil

__all__ = ["Server", "serve"]


@dataclass(frozen=True, slots=True)
class Server:
    """A sandbox that answers.

    Attributes:
        start_s: from the start of its process to its first line, in seconds.
    """

    url: str
    token: str
    channel_id: str
    start_s: float
    process: psutil.Process

    def rss(self) -> int:
        """Bytes."""
        return self.process.memory_info().rss

    def cpu_s(self) -> float:
        times = self.process.cpu_times()
        return times.user + times.system


@asynccontextmanager
async def serve() -> AsyncGenerator[Server]:
    """Stopped at the end of the block."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--json", stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the sandbox has no output")
        described = json.loads(await process.stdout.readline())
        seconds = time.perf_counter() - started
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
        yield Server(
            described["url"],
            described["bots"][0]["token"],
            described["channels"]["general"],
            seconds,
            psutil.Process(process.pid),
        )
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
