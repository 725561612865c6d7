"""Handlers that raise, give up, hang, or are not ready yet."""

import asyncio

import pytest

from core import tasks
from core.db import Database
from core.jobs import GiveUp, Later, OwedJob
from core.models import Job
from tests.core.jobs.runners import Bench, owed
from tests.core.waiting import until


async def test_a_failed_job_is_tried_again_later_and_later(database: Database) -> None:
    bench = Bench()
    attempts: list[int] = []

    async def run(job: OwedJob) -> None:
        attempts.append(job.attempt)
        if job.attempt < 4:
            raise KeyError("no luck")

    bench.handle(run)
    await bench.queue.put("test", "work", "7")
    waits: list[float] = []
    async with bench.running():
        for _ in range(3):
            await bench.runner.settle()
            job = await Job.get(key="7")
            assert job.last_error == "KeyError('no luck')"
            waits.append((job.due_at - bench.clock.now()).total_seconds())
            bench.clock.advance(waits[-1] + 0.001)
        await bench.runner.settle()
    assert attempts == [1, 2, 3, 4]
    for wait, longest in zip(waits, (1, 2, 4), strict=True):
        assert longest / 2 - 0.5 < wait <= longest
    assert bench.failures == [("test", "job work", "'no luck'")] * 3
    assert await owed() == []


async def test_later_is_neither_a_failure_nor_an_attempt(database: Database) -> None:
    bench = Bench()
    attempts: list[int] = []

    async def run(job: OwedJob) -> None:
        attempts.append(job.attempt)
        if len(attempts) < 3:
            raise Later(60)

    bench.handle(run, max_attempts=1)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        for _ in range(2):
            await bench.runner.settle()
            assert (await Job.get(key="7")).last_error is None
            bench.clock.advance(61)
        await bench.runner.settle()
    assert attempts == [1, 1, 1]
    assert bench.failures == []
    assert await owed() == []


async def test_giving_up_calls_on_give_up_until_that_succeeds(database: Database) -> None:
    bench = Bench()
    given_up: list[str] = []

    async def run(job: OwedJob) -> None:
        raise GiveUp("the channel is gone")

    async def on_give_up(job: OwedJob, error: Exception) -> None:
        given_up.append(f"{job.key}: {error}")
        if len(given_up) < 2:
            raise KeyError("the database is busy")

    bench.handle(run, on_give_up=on_give_up)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        await bench.runner.settle()
        assert await owed() == ["7"]
        bench.clock.advance(2)
        await bench.runner.settle()
    assert given_up == ["7: the channel is gone"] * 2
    assert bench.failures == [("test", "job work", "'the database is busy'")]
    assert await owed() == []


async def test_giving_up_with_nothing_to_do_instead_ends_the_job(database: Database) -> None:
    bench = Bench()

    async def run(job: OwedJob) -> None:
        raise GiveUp("the channel is gone")

    bench.handle(run)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        await bench.runner.settle()
    assert await owed() == []
    assert bench.failures == []


async def test_attempts_are_counted_and_the_last_is_followed_by_giving_up(
    database: Database,
) -> None:
    bench = Bench()
    attempts: list[int] = []
    given_up: list[str] = []

    async def run(job: OwedJob) -> None:
        attempts.append(job.attempt)
        raise KeyError(job.attempt)

    async def on_give_up(job: OwedJob, error: Exception) -> None:
        given_up.append(repr(error))

    bench.handle(run, on_give_up=on_give_up, max_attempts=3)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        for _ in range(3):
            await bench.runner.settle()
            bench.clock.advance(10)
        await bench.runner.settle()
    assert attempts == [1, 2, 3]
    assert given_up == ["KeyError(3)"]
    assert len(bench.failures) == 3
    assert await owed() == []


async def test_a_handler_that_hangs_is_cut_and_tried_again(database: Database) -> None:
    bench = Bench(handler_seconds=0.02)

    async def run(job: OwedJob) -> None:
        bench.ran.append(job.key)
        if job.attempt == 1:
            await asyncio.Event().wait()

    bench.handle(run)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        await bench.runner.settle()
        bench.clock.advance(2)
        await bench.runner.settle()
    assert bench.ran == ["7", "7"]
    assert bench.failures == [("test", "job work", "job test.work took longer than 0.02 s")]


async def test_one_that_swallows_its_cancellations_stops_nobody_else(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "GRACE_SECONDS", 0.01)
    bench = Bench(handler_seconds=0.02)
    end = asyncio.Event()

    async def stubborn(job: OwedJob) -> None:
        while not end.is_set():
            try:
                await end.wait()
            except asyncio.CancelledError:
                bench.ran.append("swallowed")

    bench.handle(stubborn)
    bench.handle(kind="other")
    await bench.queue.put("test", "work", "stubborn")
    async with bench.running():
        await until(lambda: bench.failures)
        await bench.queue.put("test", "other", "good")
        await until(lambda: "good" in bench.ran)
    end.set()
    assert bench.ran.count("swallowed") == tasks.CANCELLATIONS


async def test_a_handler_that_ends_the_process_or_itself_only_fails(database: Database) -> None:
    bench = Bench()

    async def run(job: OwedJob) -> None:
        if job.attempt == 1:
            raise SystemExit(1)
        if job.attempt == 2:
            raise asyncio.CancelledError

    bench.handle(run)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        for _ in range(3):
            await bench.runner.settle()
            bench.clock.advance(5)
        await bench.runner.settle()
    assert [error for _, _, error in bench.failures] == [
        "job test.work tried to end the process",
        "job test.work was cancelled from within",
    ]
    assert await owed() == []
