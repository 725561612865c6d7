"""The bot as a process of its own, which can be killed."""

import asyncio
import os
import signal
import sys

from ladderkeeper.testing import Stage, eventually

__all__ = ["Bot"]


class Bot:
    """The bot as a process of its own."""

    def __init__(self, stage: Stage, **environment: str) -> None:
        self._stage = stage
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *module: str) -> None:
        """Start it; it serves players once they find its commands and it is connected.

        Args:
            module: another module to run than the command line's, and its arguments.
        """
        before = await self._connections()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *(module or ("ladderkeeper", "run")),
            env=self._stage.bot_environment() | self._environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

        async def serves() -> bool:
            return await self._connections() > before and bool(await self._stage.commands())

        await eventually(serves, timeout=20)

    def kill(self) -> None:
        """Not a moment's notice."""
        assert self._process is not None
        if self._process.returncode is None:
            os.kill(self._process.pid, signal.SIGKILL)

    async def gone(self) -> None:
        """Wait for its end."""
        assert self._process is not None
        await self._process.wait()

    async def _connections(self) -> int:
        return len(await self._stage.client.events(event="READY"))
