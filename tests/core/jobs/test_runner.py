"""Carrying out what is owed: in which order, and how often."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from core.context import current_plugin
from core.db import Database, forbid_in_transaction
from core.jobs import JobHandler, OwedJob, Priority
from core.jobs import runner as runner_module
from core.models import Job
from tests.core.jobs.runners import Bench, claimed, owed
from tests.core.waiting import until


async def test_what_is_carried_out_is_owed_no_more(database: Database) -> None:
    bench = Bench()
    seen: list[str | None] = []

    async def run(job: OwedJob) -> None:
        forbid_in_transaction("a handler")
        seen.append(current_plugin.get())

    bench.handle(run)
    async with bench.running():
        await bench.queue.put("test", "work", "7")
        await bench.runner.settle()
    assert seen == ["test"], "attributed to its plugin"
    assert await owed() == []
    assert bench.failures == []


async def test_the_urgent_goes_first_then_what_was_due_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "CONCURRENCY", 1)
    bench = Bench()
    bench.handle()
    put = bench.queue.put
    await put("test", "work", "last edit", priority=Priority.LAST_EDIT)
    await put("test", "work", "panel", priority=Priority.PANEL)
    await put("test", "work", "second", after=2)
    await put("test", "work", "first", after=1)
    bench.clock.advance(3)
    async with bench.running():
        await bench.runner.settle()
    assert bench.ran == ["first", "second", "panel", "last edit"]


async def test_last_edits_leave_room_for_a_match(database: Database) -> None:
    bench = Bench()
    release = asyncio.Event()
    started: list[str] = []

    async def run(job: OwedJob) -> None:
        started.append(job.key)
        if job.key != "match":
            await release.wait()

    bench.handle(run)
    for number in range(runner_module.CONCURRENCY + 4):
        await bench.queue.put("test", "work", f"edit {number}", priority=Priority.LAST_EDIT)
    async with bench.running():
        await until(lambda: len(started) == runner_module.LAST_EDITS_AT_ONCE)
        await bench.queue.put("test", "work", "match")
        await until(lambda: "match" in started)
        assert len(started) == runner_module.LAST_EDITS_AT_ONCE + 1
        release.set()
        await bench.runner.settle()
    assert await owed() == []


async def test_a_lane_runs_one_after_the_other_and_in_order(database: Database) -> None:
    bench = Bench()
    at_once: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def run(job: OwedJob) -> None:
        lane = job.key[0]
        at_once[lane] += 1
        most[lane] = max(most[lane], at_once[lane])
        bench.ran.append(job.key)
        await asyncio.sleep(0)
        at_once[lane] -= 1

    bench.handle(run)
    keys = [f"{lane}{number}" for number in range(5) for lane in "ab"]
    for number, key in enumerate(keys):
        # The later ones more urgent: a lane keeps its order all the same.
        priority = Priority.MATCH if number > 4 else Priority.PANEL
        await bench.queue.put("test", "work", key, lane=key[0], priority=priority)
    async with bench.running():
        await bench.runner.settle()
    for lane in "ab":
        assert [key for key in bench.ran if key[0] == lane] == [f"{lane}{n}" for n in range(5)]
    assert most == {"a": 1, "b": 1}


async def test_a_lane_waits_for_one_that_runs_though_it_came_later(database: Database) -> None:
    """Transactions that overlap show their rows in any order: the id does not say who was first."""
    bench = Bench()
    release = asyncio.Event()

    async def run(job: OwedJob) -> None:
        bench.ran.append(job.key)
        if job.key == "later":
            await release.wait()

    bench.handle(run)
    await bench.queue.put("test", "work", "earlier", lane="elsewhere", after=3600)
    async with bench.running():
        await bench.queue.put("test", "work", "later", lane="x")
        await until(lambda: bench.ran)
        # The one with the smaller id appears.
        await Job.filter(key="earlier").update(lane="x", due_at=bench.clock.now())
        await bench.queue.put("test", "work", "other")
        await until(lambda: "other" in bench.ran)
        assert bench.ran == ["later", "other"]
        release.set()
        await bench.runner.settle()
    assert bench.ran == ["later", "other", "earlier"]


async def test_put_again_while_it_runs_it_runs_once_more(database: Database) -> None:
    bench = Bench()
    release = asyncio.Event()
    payloads: list[object] = []

    async def run(job: OwedJob) -> None:
        payloads.append(job.payload["n"])
        await release.wait()

    bench.handle(run)
    await bench.queue.put("test", "work", "7", payload={"n": 1})
    async with bench.running():
        await until(lambda: payloads)
        for number in (2, 3):
            await bench.queue.put("test", "work", "7", payload={"n": number})
        release.set()
        await bench.runner.settle()
    assert payloads == [1, 3]
    assert await owed() == []


async def test_cancelled_while_it_runs_it_is_not_stopped_and_does_not_come_back(
    database: Database,
) -> None:
    bench = Bench()
    started, release = asyncio.Event(), asyncio.Event()

    async def run(job: OwedJob) -> None:
        started.set()
        await release.wait()
        bench.ran.append(job.key)
        raise KeyError("after it was cancelled")

    bench.handle(run)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        await started.wait()
        assert await bench.queue.cancel("test", "work", "7")
        release.set()
        await bench.runner.settle()
    assert bench.ran == ["7"]
    assert await owed() == []


async def test_a_kind_has_one_handler_until_it_is_unregistered(database: Database) -> None:
    bench = Bench()
    bench.handle()
    with pytest.raises(ValueError, match="plugin test has two handlers for jobs of kind work"):
        bench.handle()
    await bench.runner.unregister("test", "work")
    bench.handle()


async def test_without_its_handler_a_job_stays_owed_and_runs_when_that_is_back(
    database: Database,
) -> None:
    bench = Bench()
    started = asyncio.Event()

    async def never_ends(job: OwedJob) -> None:
        started.set()
        await asyncio.Event().wait()

    bench.handle(never_ends)
    bench.handle(kind="other")
    await bench.queue.put("test", "work", "running")
    async with bench.running():
        await started.wait()
        await bench.runner.unregister("test", "work")
        await bench.queue.put("test", "work", "waiting")
        await bench.queue.put("test", "other", "other")
        await bench.runner.settle()
        assert bench.ran == ["other"]
        assert await owed() == ["running", "waiting"]
        assert await claimed() == [], "else nobody could run it until its claim expires"
        bench.runner.register("test", "work", JobHandler(bench.note))
        await bench.runner.settle()
    assert sorted(bench.ran) == ["other", "running", "waiting"]
    assert bench.failures == [], "ending it was no failure of its own"


async def test_the_end_of_the_runner_leaves_unfinished_jobs_for_anybody(
    database: Database,
) -> None:
    bench = Bench()

    async def never_ends(job: OwedJob) -> None:
        await asyncio.Event().wait()

    bench.handle(never_ends)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        await until(claimed)
    assert await owed() == ["7"]
    assert await claimed() == []


async def test_what_is_claimed_and_not_started_at_the_end_is_for_anybody_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench()
    bench.handle()
    taken = asyncio.Event()
    claims = bench.runner._claims  # pyright: ignore[reportPrivateUsage]  to stop in the middle
    take = claims.take

    async def stops(ids: Sequence[int]) -> list[Job]:
        await take(ids)
        taken.set()
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(claims, "take", stops)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        await taken.wait()
        assert await claimed() == ["7"]
    assert await claimed() == []


async def test_the_queue_is_read_again_after_it_could_not_be(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench()
    bench.handle()
    read = asyncio.Event()

    async def fails(*_: object, **__: object) -> list[int]:
        read.set()
        raise OSError("the server is restarting")

    claims = bench.runner._claims  # pyright: ignore[reportPrivateUsage]  to make it fail
    due = claims.due
    monkeypatch.setattr(claims, "due", fails)
    async with bench.running():
        await read.wait()
        monkeypatch.setattr(claims, "due", due)
        await bench.queue.put("test", "work", "7")
        await bench.runner.settle()
    assert bench.ran == ["7"]
