"""Job runners whose failures are collected, on a clock that the test moves."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from core.clock import MovableClock
from core.db import fetch
from core.jobs import JobHandler, JobQueue, JobRunner, OwedJob
from core.tasks import cancel_all

Handler = Callable[[OwedJob], Coroutine[Any, Any, None]]


class Bench:
    """A queue, a runner of the plugin ``test``, and what happened."""

    def __init__(
        self,
        *,
        process: str = "main",
        clock: MovableClock | None = None,
        handler_seconds: float = 60.0,
    ) -> None:
        self.clock = clock or MovableClock()
        self.queue = JobQueue(self.clock)
        self.failures: list[tuple[str, str, str]] = []
        self.ran: list[str] = []
        """The keys of the jobs that the handler :meth:`note` was given."""
        self.runner = JobRunner(
            self.queue,
            self.clock,
            process=process,
            on_failure=lambda plugin, where, error: self.failures.append(
                (plugin, where, str(error))
            ),
            handler_seconds=handler_seconds,
        )

    async def note(self, job: OwedJob) -> None:
        """A handler that does nothing else."""
        self.ran.append(job.key)

    def handle(
        self,
        run: Handler | None = None,
        *,
        kind: str = "work",
        on_give_up: Callable[[OwedJob, Exception], Coroutine[Any, Any, None]] | None = None,
        max_attempts: int | None = None,
    ) -> None:
        self.runner.register("test", kind, JobHandler(run or self.note, on_give_up, max_attempts))

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        task = asyncio.create_task(self.runner.run())
        try:
            yield
        finally:
            await cancel_all([task])


async def owed() -> list[str]:
    """The keys of the jobs still owed."""
    return [row["key"] for row in await fetch("SELECT key FROM core_job ORDER BY id")]


async def claimed() -> list[str]:
    return [
        row["key"] for row in await fetch("SELECT key FROM core_job WHERE claimed_by IS NOT NULL")
    ]
