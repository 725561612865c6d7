"""One process of each name at a time, and never longer than it lives."""

import signal

import pytest

from core.db import ownership
from core.db.ownership import owning
from core.errors import ConfigError
from tests.core.processes import child, line

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
