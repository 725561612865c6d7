"""One process of each name at a time, and never longer than it lives."""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from core.db import ownership
from core.db.ownership import Ownership, owning
from core.errors import ConfigError, LadderkeeperError
from core.tasks import cancel_all
from tests.core.db.names import HOLDER, SOMEBODY_WAITS
from tests.core.processes import child, line
from tests.core.waiting import until

on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)

HOLD = """
import asyncio, sys
from core.db.ownership import owning

async def main():
    async with owning(sys.argv[1], sys.argv[2]):
        print("owning", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(ownership, "RETRY_SECONDS", 0.05)


async def own(url: str, process: str) -> None:
    async with owning(url, process):
        pass


async def test_a_second_process_of_a_name_is_refused_while_the_first_runs(
    database_url: str,
) -> None:
    async with child(HOLD, database_url, "main") as holder:
        assert await line(holder) == "owning"
        with pytest.raises(ConfigError, match=r"\[database\] url: a") as refusal:
            await own(database_url, "main")
    assert database_url not in str(refusal.value), "the URL is a secret"
    await own(database_url, "main")


async def test_a_killed_process_owns_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server needs a moment to notice.
    monkeypatch.setattr(ownership, "PATIENCE_SECONDS", 10.0)
    async with child(HOLD, database_url, "main") as holder:
        assert await line(holder) == "owning"
        holder.kill()
        assert await holder.wait() == -signal.SIGKILL
        await own(database_url, "main")


async def test_another_name_may_run_beside_it_on_postgresql_only(database_url: str) -> None:
    async with owning(database_url, "main"):
        if database_url.startswith("sqlite:"):
            with pytest.raises(ConfigError, match="SQLite serves only one"):
                await own(database_url, "other")
        else:
            await own(database_url, "other")


async def test_a_place_that_cannot_be_written_is_no_other_process() -> None:
    with pytest.raises(Exception, match="unable to open database file"):
        await own("sqlite:///no/such/folder/ladder.sqlite3", "main")


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def keeping(held: Ownership) -> AsyncGenerator[asyncio.Task[None]]:
    task = asyncio.create_task(held.keep())
    try:
        yield task
    finally:
        await cancel_all([task])


@on_postgres
async def test_a_name_that_is_lost_with_its_connection_is_taken_again(database_url: str) -> None:
    async with owning(database_url, "main") as held, keeping(held):
        async with connected(database_url) as server:
            for _ in range(2):
                lost = await server.fetchval(HOLDER)
                await server.execute("SELECT pg_terminate_backend($1)", lost)

                async def taken_again(lost: int = lost) -> bool:
                    return await server.fetchval(HOLDER) not in (None, lost)

                await until(taken_again)
        with pytest.raises(ConfigError, match="a bot process called 'main'"):
            await own(database_url, "main")


@on_postgres
async def test_a_name_that_another_process_has_taken_meanwhile_is_let_go(database_url: str) -> None:
    async with (
        owning(database_url, "main") as held,
        connected(database_url) as server,
        connected(database_url) as other,
    ):
        holder = await server.fetchrow(HOLDER)
        assert holder is not None
        async with keeping(held) as keeper:
            # It is first in line: the server gives it the name at the moment it is lost.
            waiting = asyncio.create_task(
                other.execute("SELECT pg_advisory_lock($1)", holder["objid"])
            )
            await until(lambda: server.fetchval(SOMEBODY_WAITS))
            await server.execute("SELECT pg_terminate_backend($1)", holder["pid"])
            await waiting
            with pytest.raises(LadderkeeperError, match="another bot process called 'main' has"):
                await keeper


@on_postgres
async def test_a_connection_that_fell_silent_is_lost_and_holds_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network fails, and the server goes on taking the connection for alive."""
    monkeypatch.setattr(ownership, "CHECK_SECONDS", 0.1)
    monkeypatch.setattr(ownership, "PATIENCE_SECONDS", 10.0)
    async with (
        Wire.to(database_url) as wire,
        owning(wire.url, "main") as held,
        keeping(held),
        connected(database_url) as server,
    ):
        lost = await server.fetchval(HOLDER)
        wire.silence()

        async def taken_again() -> bool:
            return await server.fetchval(HOLDER) not in (None, lost)

        await until(taken_again)


class Wire:
    """A network between the bot and its database, which may fail without a word."""

    def __init__(self, url: str) -> None:
        self.url = ""
        self._parts = urlsplit(url)
        self._tasks: set[asyncio.Task[None]] = set()
        self._silent: set[asyncio.Event] = set()

    @classmethod
    @asynccontextmanager
    async def to(cls, url: str) -> AsyncGenerator["Wire"]:
        wire = cls(url)
        server = await asyncio.start_server(wire._connect, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        user = wire._parts.netloc.rpartition("@")[0]
        netloc = f"{user}@127.0.0.1:{port}" if user else f"127.0.0.1:{port}"
        wire.url = urlunsplit(wire._parts._replace(netloc=netloc))
        try:
            yield wire
        finally:
            server.close()
            await cancel_all(wire._tasks)

    def silence(self) -> None:
        """Let nothing through any more on the connections there are."""
        for silent in self._silent:
            silent.set()

    async def _connect(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, there = await asyncio.open_connection(self._parts.hostname, self._parts.port)
        silent = asyncio.Event()
        self._silent.add(silent)
        self._tasks.add(asyncio.create_task(self._carry(near, there, silent)))
        self._tasks.add(asyncio.create_task(self._carry(far, back, silent)))

    async def _carry(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, silent: asyncio.Event
    ) -> None:
        try:
            while data := await source.read(65536):
                if not silent.is_set():
                    target.write(data)
            if silent.is_set():  # the end is not heard of either
                await asyncio.Event().wait()
        except ConnectionError:
            pass
        finally:
            target.close()
