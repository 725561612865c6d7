"""Hooks that announce what happened: owed in the transaction that made it happen."""

from __future__ import annotations

from core.hookspecs import MatchFacts
from core.jobs import JobHandler, JobQueue, JobRunner, OwedJob
from core.plugin.hooks import HookCaller

__all__ = ["Announcements"]

ANNOUNCE = "announce"


class Announcements:
    """Carries match hooks through the job queue, so that a plugin hears of each match whenever
    this process dies."""

    def __init__(self, jobs: JobQueue, runner: JobRunner, hooks: HookCaller) -> None:
        self._jobs = jobs
        self._hooks = hooks
        runner.register("core", ANNOUNCE, JobHandler(self._announce))

    async def owe(self, hook: str, match: MatchFacts) -> None:
        """Call `hook` on every plugin after the commit, in the order in which they were owed."""
        await self._jobs.put(
            "core",
            ANNOUNCE,
            f"{hook}:{match.id}",
            payload=match.model_dump(mode="json"),
            lane=f"match:{match.id}",
        )

    async def _announce(self, job: OwedJob) -> None:
        hook = job.key.partition(":")[0]
        await self._hooks.call(hook, match=MatchFacts.model_validate(job.payload))
