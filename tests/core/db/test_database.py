"""Opening and closing the database, and what an owner reads when it cannot be opened."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from core.db import Database, DatabaseUnavailable, execute, fetch
from core.db.database import CORE_MODELS
from core.db.notify import Listener, notify
from core.db.transaction import transaction
from core.models import Job
from tests.core.db import rows
from tests.core.waiting import until


def database_at(url: str) -> Database:
    return Database(url, [CORE_MODELS])


async def test_it_opens_again_after_it_was_closed_and_closing_is_idempotent(
    database_url: str,
) -> None:
    database = database_at(database_url)
    await database.close()
    for _ in range(2):
        await database.open()
        assert await fetch("SELECT 1 AS one") == [{"one": 1}]
        await database.close()
        await database.close()


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"There is no folder .*nowhere"):
        await database_at(f"sqlite://{tmp_path}/nowhere/x.sqlite3").open()


async def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite3"
    file.write_text("This is a letter to my aunt, and long enough to look like a page." * 20)
    with pytest.raises(DatabaseUnavailable, match="Is it a SQLite file"):
        await database_at(f"sqlite://{file}").open()


@pytest.mark.parametrize(
    "url",
    [
        "postgres://alice:hunter2@127.0.0.1:1/ladder",
        "postgres://alice:hunter2@no-such-host.invalid/ladder",
        "postgres://alice:hunter2@127.0.0.1:1/ladder?sslmode=nonsense",
    ],
)
async def test_a_server_that_is_not_there_is_told_without_its_url(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="Is it running") as error:
        await database_at(url).open()
    assert "hunter2" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


async def test_a_missing_database_on_a_server_is_told(database_url: str) -> None:
    if database_url.startswith("sqlite:"):
        pytest.skip("a SQLite file is made when it is missing")
    with pytest.raises(DatabaseUnavailable, match="Is it running"):
        await database_at(f"{database_url}_missing").open()


async def test_cancelled_while_it_opens_it_leaves_nothing_behind(database_url: str) -> None:
    """The fixture that looks for threads and connections fails the test otherwise."""
    for turns in (1, 2, 3, 5, 8, 13, 21):
        database = database_at(database_url)
        opening = asyncio.create_task(database.open())
        for _ in range(turns):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait({opening})
        await database.close()
    database = database_at(database_url)
    await database.open()
    await database.close()


async def test_times_are_kept_in_utc_and_compare_however_they_were_written(
    database: Database,
) -> None:
    """SQLite compares them as text: the ORM and hand-written SQL must write the same."""
    await rows.add("early")
    await rows.add("late")
    noon = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
    elsewhere = timezone(timedelta(hours=9))
    await execute("UPDATE core_job SET due_at = $1 WHERE key = 'early'", noon.astimezone(elsewhere))
    job = await Job.get(key="late")
    job.due_at = (noon + timedelta(microseconds=1)).astimezone(elsewhere)
    await job.save()
    for moment, expected in [
        (noon - timedelta(seconds=1), set[str]()),
        (noon, {"early"}),
        (noon + timedelta(microseconds=1), {"early", "late"}),
    ]:
        for zone in (UTC, elsewhere):
            at = moment.astimezone(zone)
            by_hand = await fetch("SELECT key FROM core_job WHERE due_at <= $1", at)
            by_orm = await Job.filter(due_at__lte=at)
            assert {row["key"] for row in by_hand} == expected
            assert {job.key for job in by_orm} == expected
    read = await Job.get(key="early")
    assert read.due_at == noon
    assert read.due_at.utcoffset() == timedelta()


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="due_at: a time needs a timezone"):
        await Job.filter(due_at=datetime(2030, 1, 1))  # noqa: DTZ001  the point of the test


async def test_a_notification_arrives_after_the_commit(
    database: Database,
) -> None:
    if database.listen_url is None:
        await notify()  # nothing to do, and nothing raised
        return
    heard = asyncio.Event()
    listening = asyncio.create_task(Listener(database.listen_url, heard.set).run())
    try:
        await heard.wait()  # it wakes once it listens
        heard.clear()
        async with transaction():
            await notify()
        await until(heard.is_set)
    finally:
        listening.cancel()
        await asyncio.wait({listening})


async def test_a_lost_connection_is_listened_to_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.listen_url is None:
        pytest.skip("nobody listens on SQLite")
    monkeypatch.setattr("core.db.notify.RECONNECT_SECONDS", 0.01)
    heard = asyncio.Event()
    listening = asyncio.create_task(Listener(database.listen_url, heard.set).run())
    try:
        await heard.wait()
        heard.clear()
        await fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        await until(heard.is_set)
    finally:
        listening.cancel()
        await asyncio.wait({listening})
