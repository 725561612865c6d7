"""A task may be cancelled at any await: inside BEGIN, a statement, COMMIT or a rollback. Whatever
the moment, no lock stays held, no connection is lost, and no half of a transaction is kept."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from core.db import Database, fetch, outside_transaction, savepoint, transaction
from core.models import Job
from tests.core.db import rows

TASKS = 300
WORKERS = 12
"""More than the pool has connections, so that some are cancelled while they wait for one."""


async def two_rows(number: int) -> None:
    """Both or neither; some of it in a savepoint, some undone by itself."""
    async with transaction():
        await rows.add(f"a{number}")
        async with savepoint():
            await rows.add(f"b{number}")
        async with rows.undone(savepoint):
            await rows.add(f"c{number}")
    async with rows.undone(transaction):
        await rows.add(f"d{number}")


async def in_bulk(number: int) -> None:
    """Statements outside any transaction, one of them of many rows."""
    example = await Job.get(key="first")
    names = ("plugin", "kind", "priority", "payload", "due_at", "generation", "attempts")
    fields = {name: getattr(example, name) for name in names}
    await Job.bulk_create([Job(key=f"{letter}{number}", **fields) for letter in "ab"])


async def test_nothing_is_lost_by_cancellation_at_any_moment(database: Database) -> None:
    chance = random.Random(7)
    await rows.add("first")
    running = asyncio.Semaphore(WORKERS)

    async def cancelled_somewhere(number: int) -> None:
        async with running:
            work = two_rows if number % 3 else in_bulk
            task = asyncio.create_task(work(number), context=outside_transaction())
            for _ in range(chance.randint(0, 3)):
                # So many turns of the loop, or, as statements take longer than one, so much time.
                if chance.random() < 0.5:
                    for _ in range(chance.randint(0, 12)):
                        await asyncio.sleep(0)
                else:
                    await asyncio.sleep(chance.random() * 0.004)
                task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    await asyncio.gather(*(cancelled_somewhere(number) for number in range(TASKS)))

    async with asyncio.timeout(10):
        await all_connections_work(database)
    keys = await rows.keys() - {"first"}
    assert not [key for key in keys if key[0] in "cd"], "undone, and there all the same"
    assert {key[1:] for key in keys if key[0] == "a"} == {
        key[1:] for key in keys if key[0] == "b"
    }, "half a transaction"
    assert 0 < len(keys) < 2 * TASKS, "the cancellations fell too early or too late to say anything"


async def all_connections_work(database: Database) -> None:
    """As many transactions at once as there may be, each seeing an idle database but for itself."""
    together = 1 if database.is_sqlite else 10
    barrier = asyncio.Barrier(together)

    async def one(number: int) -> None:
        async with rows.undone(transaction):
            await rows.add(f"z{number}")
            await barrier.wait()

    await asyncio.gather(*(one(number) for number in range(together)))
    if not database.is_sqlite:
        open_ones = await fetch(
            "SELECT state, query FROM pg_stat_activity WHERE datname = current_database()"
            " AND state LIKE 'idle in transaction%'"
        )
        assert open_ones == []


@pytest.mark.parametrize("work", [two_rows, in_bulk])
async def test_whoever_goes_on_after_a_cancellation_finds_the_database_usable(
    database: Database, work: Callable[[int], Awaitable[None]]
) -> None:
    """The task itself survives: its next statements must not go to a connection given back, nor
    find a transaction open."""
    chance = random.Random(11)
    loop = asyncio.get_running_loop()
    await rows.add("first")
    began = loop.time()
    await work(0)
    usual = loop.time() - began
    interrupted = 0
    for number in range(1, 150):
        try:
            async with asyncio.timeout(chance.random() * usual):
                await work(number)
        except TimeoutError:
            interrupted += 1
        assert await rows.state("none") is None
        async with transaction():
            assert await rows.move(0, 0, "first")
    assert interrupted > 10
    keys = await rows.keys()
    assert {key[1:] for key in keys if key[0] == "a"} == {key[1:] for key in keys if key[0] == "b"}
