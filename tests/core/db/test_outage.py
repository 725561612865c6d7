"""What must be written is written once the database is back."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from core.db import Database, outage, until_written
from tests.core.db import rows
from tests.core.jobs.runners import Bench, owed
from tests.core.waiting import until
from tests.postgres import PostgresServer, database_name


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outage, "RETRY_SECONDS", 0.01)


@asynccontextmanager
async def away(server: PostgresServer, url: str) -> AsyncGenerator[None]:
    """The database lets nobody in during the block, and throws out who is."""
    name = database_name(url)
    owner = await asyncpg.connect(server.url)
    try:
        await owner.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        await owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
        yield
        await owner.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    finally:
        await owner.close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_write_waits_out_an_outage(
    database: Database, database_url: str, postgres_server: PostgresServer
) -> None:
    tries = 0

    async def write() -> None:
        nonlocal tries
        tries += 1
        await rows.add("late")

    async with away(postgres_server, database_url):
        task = asyncio.create_task(until_written(write, what="a row"))
        await until(lambda: tries > 10)
        assert not task.done()
    await task
    assert await rows.keys() == {"late"}


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_job_that_ends_in_an_outage_is_not_run_again(
    database: Database, database_url: str, postgres_server: PostgresServer
) -> None:
    bench = Bench()
    is_away, tried = asyncio.Event(), 0

    async def run(job: object) -> None:
        bench.ran.append("once")
        await is_away.wait()

    done = bench.runner._claims.done  # pyright: ignore[reportPrivateUsage]

    async def counted(job: object) -> None:
        nonlocal tried
        tried += 1
        await done(job)  # type: ignore[arg-type]

    bench.runner._claims.done = counted  # pyright: ignore[reportPrivateUsage]
    bench.handle(run)
    await bench.queue.put("test", "work", "7")
    async with bench.running():
        await until(lambda: bench.ran)
        async with away(postgres_server, database_url):
            is_away.set()
            await until(lambda: tried > 10)
        await until(_nothing_is_owed)
    assert bench.ran == ["once"]


async def _nothing_is_owed() -> bool:
    return not await owed()
