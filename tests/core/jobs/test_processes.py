"""Several runners on one database, and processes that die."""

import asyncio
import signal

from core.db import Database
from core.jobs import OwedJob
from core.jobs.claims import CLAIM_SECONDS
from core.models import Job
from tests.core.jobs.runners import Bench, Handler, claimed, owed
from tests.core.processes import child, line
from tests.core.waiting import until

HANG = """
import asyncio, sys
from core.clock import Clock
from core.db import Database
from core.db.database import CORE_MODELS
from core.jobs import JobHandler, JobQueue, JobRunner

async def hang(job):
    print("started", job.key, job.attempt, flush=True)
    await asyncio.Event().wait()

async def main():
    database = Database(sys.argv[1], [CORE_MODELS])
    await database.open()
    clock = Clock()
    runner = JobRunner(JobQueue(clock), clock, process=sys.argv[2], on_failure=print)
    runner.register("test", "work", JobHandler(hang))
    await runner.run()

asyncio.run(main())
"""


async def test_two_runners_never_run_one_job_twice_at_once(database: Database) -> None:
    first = Bench(process="first")
    second = Bench(process="second", clock=first.clock)
    at_work: set[str] = set()
    runs: list[tuple[str, str]] = []

    def handler(process: str) -> Handler:
        async def run(job: OwedJob) -> None:
            assert job.key not in at_work
            at_work.add(job.key)
            runs.append((process, job.key))
            await asyncio.sleep(0.002)  # so that the runners overlap
            at_work.remove(job.key)

        return run

    first.handle(handler("first"))
    second.handle(handler("second"))
    for number in range(60):
        await first.queue.put("test", "work", str(number))
    async with first.running(), second.running():
        await until(_nothing_is_owed)
    assert sorted(key for _, key in runs) == sorted(str(number) for number in range(60))
    assert {process for process, _ in runs} == {"first", "second"}
    assert first.failures == second.failures == []
    assert await owed() == []


async def test_a_killed_process_leaves_its_job_to_its_next_start(
    database: Database, database_url: str
) -> None:
    bench = Bench(process="main")
    bench.handle()
    await bench.queue.put("test", "work", "7")
    await killed_in_the_middle(database_url, "main")
    assert await claimed() == ["7"]
    async with bench.running():
        await until(lambda: bench.ran)
        await bench.runner.settle()
    assert bench.ran == ["7"]
    assert await owed() == []


async def test_a_killed_process_leaves_its_job_to_others_once_its_claim_expires(
    database: Database, database_url: str
) -> None:
    bench = Bench(process="other")
    attempts: list[int] = []

    async def run(job: OwedJob) -> None:
        attempts.append(job.attempt)

    bench.handle(run)
    await bench.queue.put("test", "work", "7")
    await killed_in_the_middle(database_url, "main")
    async with bench.running():
        await bench.runner.settle()
        assert attempts == [], "its process might still be at work"
        bench.clock.advance(CLAIM_SECONDS + 1)
        await bench.runner.settle()
    assert attempts == [2], "an earlier try may have done part of it"


async def killed_in_the_middle(database_url: str, process: str) -> None:
    async with child(HANG, database_url, process) as worker:
        assert await line(worker) == "started 7 1"
        worker.kill()
        assert await worker.wait() == -signal.SIGKILL


async def test_a_claim_that_expires_while_its_process_lives_starts_nothing_there(
    database: Database,
) -> None:
    """As when a test, or a laptop that slept, moves the clock."""
    bench = Bench()
    release = asyncio.Event()

    async def run(job: OwedJob) -> None:
        bench.ran.append(job.key)
        await release.wait()

    bench.handle(run)
    bench.handle(kind="other")
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        await until(lambda: bench.ran)
        bench.clock.advance(CLAIM_SECONDS + 1)
        await bench.queue.put("test", "other", "8")
        await until(lambda: "8" in bench.ran)
        release.set()
        await bench.runner.settle()
    assert bench.ran == ["7", "8"]


async def test_whoever_lost_its_claim_does_not_give_back_that_of_its_successor(
    database: Database,
) -> None:
    first = Bench(process="first")
    second = Bench(process="second", clock=first.clock)
    fail, release = asyncio.Event(), asyncio.Event()

    async def fails_late(job: OwedJob) -> None:
        first.ran.append(job.key)
        await fail.wait()
        raise KeyError("too late")

    async def takes_over(job: OwedJob) -> None:
        second.ran.append(job.key)
        await release.wait()

    first.handle(fails_late)
    second.handle(takes_over)
    await first.queue.put("test", "work", "7")
    async with first.running():
        await until(lambda: first.ran)
        async with second.running():
            first.clock.advance(CLAIM_SECONDS + 1)
            await until(lambda: second.ran)
            fail.set()
            await until(lambda: first.failures)
            await first.queue.put("test", "work", "8", after=3600)
            assert (await Job.get(key="7")).claimed_by == "second"
            release.set()
            await until(lambda: _is_gone("7"))
    assert first.ran == second.ran == ["7"]


async def _nothing_is_owed() -> bool:
    return not await Job.all().exists()


async def _is_gone(key: str) -> bool:
    return not await Job.filter(key=key).exists()
