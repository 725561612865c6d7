"""Owing a job and taking it back."""

from datetime import timedelta

import pytest

from core.db import Database, transaction
from core.jobs import OwedJob, Priority
from core.models import Job
from tests.core.db import rows
from tests.core.jobs.runners import Bench, owed


async def test_a_job_put_twice_is_one_with_what_was_put_last(database: Database) -> None:
    bench = Bench()
    await bench.queue.put("test", "work", "7", payload={"a": 1}, after=100, lane="x")
    await bench.queue.put("test", "work", "7", payload={"b": 2}, priority=Priority.PANEL)
    await bench.queue.put("test", "other", "7")
    await bench.queue.put("else", "work", "7")
    job = await Job.get(plugin="test", kind="work")
    assert await Job.all().count() == 3
    assert job.payload == {"b": 2}
    assert job.lane is None
    assert job.priority == Priority.PANEL
    assert job.due_at <= bench.clock.now()


async def test_jobs_without_a_key_are_each_their_own(database: Database) -> None:
    bench = Bench()
    await bench.queue.put("test", "work")
    await bench.queue.put("test", "work")
    assert len(await owed()) == 2


async def test_cancelling_says_whether_there_was_anything_to_cancel(database: Database) -> None:
    bench = Bench()
    await bench.queue.put("test", "work", "7")
    assert await bench.queue.cancel("test", "work", "7") is True
    assert await bench.queue.cancel("test", "work", "7") is False
    assert await owed() == []


async def test_a_job_is_owed_by_the_transaction_that_causes_it(database: Database) -> None:
    bench = Bench()
    async with rows.undone(transaction):
        await bench.queue.put("test", "work", "undone")
    assert not bench.queue.changed.is_set()
    async with transaction():
        await bench.queue.put("test", "work", "kept")
        assert not bench.queue.changed.is_set()
    assert bench.queue.changed.is_set()
    assert await owed() == ["kept"]


async def test_a_job_due_at_a_moment_runs_then(database: Database) -> None:
    bench = Bench()
    seen: list[OwedJob] = []

    async def keep(job: OwedJob) -> None:
        seen.append(job)

    bench.handle(keep)
    moment = bench.clock.now() + timedelta(hours=1)
    await bench.queue.put("test", "work", "7", due_at=moment, payload={"side": 1})
    async with bench.running():
        await bench.runner.settle()
        assert seen == []
        bench.clock.advance(3601)
        await bench.runner.settle()
    assert seen == [OwedJob("7", {"side": 1}, 1, moment)]


@pytest.mark.parametrize(
    ("names", "longest"),
    [
        ({"plugin": "p" * 65}, 64),
        ({"kind": "k" * 65}, 64),
        ({"key": "x" * 101}, 100),
        ({"lane": "x" * 101}, 100),
    ],
)
async def test_a_name_too_long_for_its_column_is_refused(
    names: dict[str, str], longest: int
) -> None:
    wanted = {"plugin": "test", "kind": "work", "key": "7", "lane": "x"} | names
    with pytest.raises(ValueError, match=f"longer than {longest} characters"):
        await Bench().queue.put(
            wanted["plugin"], wanted["kind"], wanted["key"], lane=wanted["lane"]
        )
