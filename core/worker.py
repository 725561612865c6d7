"""A process beside the bot for work that would hold the event loop, or fill the bot's memory."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import NamedTuple

from loguru import logger

from core.tasks import spawn
from core.worker_script import LENGTH_BYTES

__all__ = ["Worker", "WorkerLost"]

ATTEMPTS = 2


class WorkerLost(RuntimeError):
    """The process ended, or took too long, with this question, and so did the one after it."""


class Worker:
    """Has a script of its own answer questions, both bytes, one after another.

    The process starts with the first question. It ends with this one, however that ends: at once,
    or when it has answered the question it is at. If it ends by itself or is killed, the next one
    takes over its question.

    Args:
        script: the file to run, whose ``main`` is ``core.worker_script.serve``.
        does: what it does, for the log: "draws pictures".
        limit_seconds: how long an answer may take. Then the process is ended.
        idle_seconds: how long it stays without a question; None for ever.
    """

    def __init__(
        self, script: Path, does: str, *, limit_seconds: float, idle_seconds: float | None = None
    ) -> None:
        self._script = script
        self._does = does
        self._limit_seconds = limit_seconds
        self._idle_seconds = idle_seconds
        self._running: _Running | None = None
        self._turn = asyncio.Lock()
        self._idle: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process's id; None while there is none."""
        return self._running.process.pid if self._running is not None else None

    async def ask(self, question: bytes) -> bytes:
        """What the script answers.

        Raises:
            WorkerLost: when two processes did not live to answer.
            RuntimeError: after `close`.
        """
        async with self._turn:
            await self._stay()
            try:
                return await self._ask(question)
            finally:
                if self._idle_seconds is not None and self._running is not None:
                    self._idle = spawn(
                        self._end_when_idle(self._idle_seconds),
                        name=f"end of the worker that {self._does}",
                    )

    async def close(self) -> None:
        """End the process. Idempotent; nothing is answered afterwards."""
        self._closed = True
        await self._stay()
        await self._end()

    async def _ask(self, question: bytes) -> bytes:
        for _ in range(ATTEMPTS):
            try:
                async with asyncio.timeout(self._limit_seconds):
                    return await self._ask_once(question)
            except (OSError, EOFError, TimeoutError) as error:
                if self._closed:
                    break
                logger.warning("the worker that {} is lost: {!r}", self._does, error)
        raise WorkerLost(f"the process that {self._does} ended before it had answered")

    async def _ask_once(self, question: bytes) -> bytes:
        _, to_worker, from_worker = await self._started()
        try:
            to_worker.write(len(question).to_bytes(LENGTH_BYTES, "little") + question)
            await to_worker.drain()
            length = int.from_bytes(await from_worker.readexactly(LENGTH_BYTES), "little")
            return await from_worker.readexactly(length)
        except BaseException:
            # What it still has to say would be taken for the answer to the next question.
            await self._end()
            raise

    async def _started(self) -> _Running:
        if self._closed:
            raise RuntimeError(f"the worker that {self._does} is closed")
        if self._running is None:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # the script's folder may have modules of the names of others
                str(self._script),
                stdin=PIPE,
                stdout=PIPE,
                env=_environment(),
                start_new_session=True,  # out of reach of the terminal's Ctrl-C
            )
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("the worker was started without its pipes")
            self._running = _Running(process, process.stdin, process.stdout)
        return self._running

    async def _stay(self) -> None:
        idle, self._idle = self._idle, None
        if idle is not None:
            idle.cancel()
            await asyncio.wait([idle])

    async def _end_when_idle(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._end()

    async def _end(self) -> None:
        running, self._running = self._running, None
        if running is None:
            return
        if running.process.returncode is None:
            running.process.kill()  # it holds nothing that could be lost
        running.input.close()
        await running.process.wait()


class _Running(NamedTuple):
    process: Process
    input: asyncio.StreamWriter
    output: asyncio.StreamReader


def _environment() -> dict[str, str]:
    """This process's own without its secrets, without threads that nothing here uses, and with the
    folder in which `core` is."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LADDERKEEPER_", "DISCORD_"))}
    paths = [str(Path(__file__).resolve().parents[1]), *filter(None, [kept.get("PYTHONPATH")])]
    threads = {"OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
    return {**kept, **threads, "PYTHONPATH": os.pathsep.join(paths)}
