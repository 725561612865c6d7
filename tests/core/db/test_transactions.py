"""Rules for whoever changes state, on both kinds of database."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from tortoise.exceptions import IntegrityError

from core.db import (
    Database,
    after_commit,
    execute,
    forbid_in_transaction,
    savepoint,
    transaction,
)
from core.models import Job
from core.tasks import spawn
from tests.core.db import rows
from tests.core.processes import child, line, tell

CHILD = """
import asyncio, sys
from core.db import Database, transaction
from core.db.database import CORE_MODELS
from tests.core.db import rows

def wait():
    return asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)

async def main():
    database = Database(sys.argv[1], [CORE_MODELS])
    await database.open()
    try:
        print("ready", flush=True)
        await wait()
        await {body}
    finally:
        await database.close()

async def compare_and_set():
    async with transaction():
        print("won" if await rows.move(0, 2) else "lost", flush=True)

async def hold():
    async with transaction():
        await rows.move(0, 2)
        print("written", flush=True)
        await wait()

asyncio.run(main())
"""


def process(body: str) -> str:
    return CHILD.replace("{body}", body)


async def test_of_two_transactions_one_wins(database: Database) -> None:
    await rows.add()

    async def press(after: int) -> bool:
        async with transaction():
            return await rows.move(0, after)

    won = await asyncio.gather(*(press(number) for number in range(1, 6)))
    assert sorted(won) == [False, False, False, False, True]
    assert await rows.state() == won.index(True) + 1


async def test_of_two_processes_one_wins(database: Database, database_url: str) -> None:
    await rows.add()
    async with child(process("compare_and_set()"), database_url) as other:
        assert await line(other) == "ready"
        await tell(other)
        async with transaction():
            won = await rows.move(0, 1)
        answer = await line(other)
        assert await other.wait() == 0
    assert answer == ("lost" if won else "won")
    assert await rows.state() == (1 if won else 2)


async def test_the_loser_waits_for_the_winner_of_another_process(
    database: Database, database_url: str
) -> None:
    """While the other's transaction is open nothing is decided; after it, our write has lost."""
    await rows.add()
    async with child(process("hold()"), database_url) as other:
        assert await line(other) == "ready"
        await tell(other)
        assert await line(other) == "written"

        async def press() -> bool:
            async with transaction():
                return await rows.move(0, 1)

        pressing = asyncio.create_task(press())
        finished, _ = await asyncio.wait({pressing}, timeout=0.2)
        assert not finished
        await tell(other)
        assert await pressing is False
        assert await other.wait() == 0
    assert await rows.state() == 2


async def test_reading_first_is_safe_from_failing_though_not_from_losing(
    database: Database, database_url: str
) -> None:
    """Another process writes between our read and our write.

    SQLite begins as a writer, so there the other waits for us, and loses. PostgreSQL lets it write,
    and then our compare-and-set loses. On neither does a statement fail.
    """
    await rows.add()
    async with child(process("compare_and_set()"), database_url) as other:
        assert await line(other) == "ready"
        async with transaction():
            assert await rows.state() == 0
            await tell(other)
            answer = asyncio.create_task(line(other))
            await asyncio.wait({answer}, timeout=0.3)
            assert answer.done() is not database.is_sqlite
            won = await rows.move(0, 1)
        assert won is database.is_sqlite
        assert await answer == ("lost" if won else "won")
        assert await other.wait() == 0


async def test_an_insert_update_and_delete_count_their_rows(database: Database) -> None:
    await rows.add("a")
    insert = (
        "INSERT INTO core_job (plugin, kind, key, priority, payload, due_at, generation, attempts)"
        " SELECT plugin, kind, $1, priority, payload, due_at, generation, attempts FROM core_job"
        " WHERE key = 'a' ON CONFLICT DO NOTHING"
    )
    for scope in (transaction, savepoint):
        async with scope():
            assert await execute(insert, f"b {scope.__name__}") == 1
            assert await execute(insert, f"b {scope.__name__}") == 0
    assert await execute("UPDATE core_job SET attempts = 7") == 3
    assert await execute("UPDATE core_job SET attempts = 8 WHERE attempts = 6") == 0
    assert await Job.filter(attempts=7).update(attempts=8) == 3
    assert await execute("DELETE FROM core_job") == 3
    assert await execute("DELETE FROM core_job") == 0


async def add_both(scope: Callable[[], AbstractAsyncContextManager[object]]) -> None:
    async with scope():
        await rows.add("free")
        await rows.add("taken")


async def test_a_unique_violation_in_a_savepoint_undoes_the_savepoint_alone(
    database: Database,
) -> None:
    await rows.add("taken")
    async with transaction():
        await rows.add("before")
        with pytest.raises(IntegrityError):
            await add_both(savepoint)
        await rows.add("after")
    assert await rows.keys() == {"taken", "before", "after"}


async def test_a_unique_violation_caught_outside_undoes_the_transaction(
    database: Database,
) -> None:
    await rows.add("taken")
    with pytest.raises(IntegrityError):
        await add_both(transaction)
    await rows.add("after")
    assert await rows.keys() == {"taken", "after"}


async def test_savepoints_nest_and_what_ends_well_stays(database: Database) -> None:
    async with transaction(), savepoint():
        await rows.add("outer")
        async with rows.undone(savepoint):
            await rows.add("inner")
    assert await rows.keys() == {"outer"}


async def test_a_savepoint_by_itself_is_a_transaction(database: Database) -> None:
    heard: list[str] = []
    async with rows.undone(savepoint):
        await rows.add()
        after_commit(lambda: heard.append("never"))
        with pytest.raises(RuntimeError, match="a request inside a transaction"):
            forbid_in_transaction("a request")
    assert await rows.keys() == set()
    assert heard == []


async def test_a_transaction_within_one_joins_it(database: Database) -> None:
    async with rows.undone(transaction), transaction():
        await rows.add()
    assert await rows.keys() == set()


async def test_requests_and_hooks_are_refused_inside_a_transaction_only(
    database: Database,
) -> None:
    forbid_in_transaction("the hook match_found")
    async with transaction():
        with pytest.raises(RuntimeError, match="the hook match_found inside a transaction"):
            forbid_in_transaction("the hook match_found")
    forbid_in_transaction("the hook match_found")


async def test_callbacks_run_once_after_the_commit_each_isolated(database: Database) -> None:
    heard: list[str] = []

    def good() -> None:
        heard.append("good")

    def bad() -> None:
        heard.append("bad")
        raise KeyError

    after_commit(good)
    assert heard == ["good"], "none is open: now"
    heard.clear()
    async with transaction():
        after_commit(bad)
        after_commit(good)
        after_commit(good)
        await rows.add()
        assert heard == []
    assert heard == ["bad", "good"]


async def test_callbacks_are_forgotten_with_what_is_rolled_back(database: Database) -> None:
    heard: list[str] = []
    async with rows.undone(transaction):
        after_commit(lambda: heard.append("transaction"))
    async with transaction():
        after_commit(lambda: heard.append("kept"))
        async with rows.undone(savepoint):
            after_commit(lambda: heard.append("savepoint"))
    assert heard == ["kept"]


async def test_a_task_started_inside_a_transaction_writes_outside_it(database: Database) -> None:
    """On SQLite it waits until the transaction has ended; on both its row is its own."""

    async def write() -> None:
        forbid_in_transaction("another task")
        await rows.add("task")

    async with rows.undone(transaction):
        await rows.add("transaction")
        task = spawn(write(), name="writer")
        if not database.is_sqlite:
            await task
    await task
    # A rollback of whoever comes next must not take it along either.
    async with rows.undone(transaction):
        pass
    assert await rows.keys() == {"task"}


async def test_a_task_that_outlives_its_transaction_still_writes(database: Database) -> None:
    go = asyncio.Event()

    async def write() -> None:
        await go.wait()
        async with transaction():
            await rows.add("late")

    async with transaction():
        await rows.add("transaction")
        task = spawn(write(), name="writer")
    go.set()
    await task
    assert await rows.keys() == {"transaction", "late"}


async def test_a_commit_that_fails_leaves_nothing_open(database: Database) -> None:
    await execute("CREATE TABLE parent (id INT PRIMARY KEY)")
    await execute(
        "CREATE TABLE child (parent INT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
    )
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with transaction():
            await execute("INSERT INTO child VALUES (1)")
    async with transaction():
        await rows.add()
    assert await rows.keys() == {"x"}
