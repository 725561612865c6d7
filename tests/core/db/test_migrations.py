"""Migrations: fresh, again, by several processes at once; and what they must have made."""

import asyncio
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.exceptions import IntegrityError
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.operations import AlterModelOptions

from core.clock import Clock
from core.db import Database, execute, fetch
from core.db.database import CORE_MODELS, MigrationFailed
from core.models import ViewKind, ViewRecord, ViewState
from tests.core.processes import child, line, tell

MIGRATE = """
import asyncio, sys
from core.db import Database
from core.db.database import CORE_MODELS

async def main():
    database = Database(sys.argv[1], [CORE_MODELS])
    await database.open()
    try:
        print("ready", flush=True)
        sys.stdin.readline()
        print(*await database.migrate(["core"]), flush=True)
    finally:
        await database.close()

asyncio.run(main())
"""


async def test_a_fresh_database_gets_every_migration_and_the_next_start_none(
    database_url: str,
) -> None:
    database = Database(database_url, [CORE_MODELS])
    await database.open()
    try:
        first = await database.migrate(["core"])
        again = await database.migrate(["core"])
    finally:
        await database.close()
    assert first[0] == "core.0001_initial"
    assert again == []


async def test_three_processes_at_once_apply_each_migration_once(database_url: str) -> None:
    async with (
        child(MIGRATE, database_url) as first,
        child(MIGRATE, database_url) as second,
        child(MIGRATE, database_url) as third,
    ):
        processes = (first, second, third)
        assert [await line(process) for process in processes] == ["ready"] * 3
        await asyncio.gather(*(tell(process) for process in processes))
        applied = [await line(process) for process in processes]
        assert [await process.wait() for process in processes] == [0, 0, 0]
    words = [migration for words in applied for migration in words.split()]
    assert "core.0001_initial" in words
    assert len(words) == len(set(words))


async def test_a_migration_and_the_note_that_it_was_applied_are_one(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process may die between the two: then neither may be left."""
    database = Database(database_url, [CORE_MODELS])
    await database.open()
    try:
        real: Any = MigrationExecutor.migrate

        async def dies(self: MigrationExecutor, *arguments: Any, **named: Any) -> None:
            await real(self, *arguments, **named)
            raise KeyError("died")

        monkeypatch.setattr(MigrationExecutor, "migrate", dies)
        with pytest.raises(MigrationFailed, match=r"^migration core\.0001_initial failed: 'died'$"):
            await database.migrate(["core"])
        monkeypatch.setattr(MigrationExecutor, "migrate", real)
        assert "core.0001_initial" in await database.migrate(["core"])
    finally:
        await database.close()


async def test_models_and_migrations_agree(database: Database) -> None:
    config = {"core": {"models": [CORE_MODELS.models], "migrations": CORE_MODELS.migrations}}
    apps: Any = Tortoise.apps
    detector: Any = MigrationAutodetector(apps, config)
    operations = [operation for draft in await detector.changes() for operation in draft.operations]
    # A description or a list for a tuple would be a change of these; the rest is compared below.
    assert [o for o in operations if not isinstance(o, AlterModelOptions)] == []
    migrated = (await detector._project_state()).models
    declared = detector._current_state().models
    assert {key: options(model) for key, model in migrated.items()} == {
        key: options(model) for key, model in declared.items()
    }


def options(model: Any) -> Any:
    """What a model declares of its table, but for its docstring."""
    told = {name: value for name, value in model.options.items() if name != "table_description"}
    return told | {"indexes": list(told.get("indexes", ()))}


JOB = (
    "INSERT INTO core_job (plugin, kind, key, priority, payload, due_at, generation, attempts)"
    " VALUES ('queue', 'room', '7', 0, '{}', $1, 1, 0)"
)


async def test_a_job_has_one_row(database: Database) -> None:
    now = Clock().now()
    assert await execute(JOB, now) == 1
    with pytest.raises(IntegrityError):
        await execute(JOB, now)


async def open_view(state: ViewState) -> ViewRecord:
    return await ViewRecord.create(
        kind=ViewKind.DURABLE,
        plugin="queue",
        view="match",
        key="175",
        state=state,
        opened_at=Clock().now(),
    )


async def test_one_view_of_an_identity_is_open_and_any_number_have_ended(
    database: Database,
) -> None:
    await open_view(ViewState.OPEN)
    with pytest.raises(IntegrityError):
        await open_view(ViewState.OPEN)
    for _ in range(2):
        await open_view(ViewState.CLOSED)
    assert await ViewRecord.all().count() == 3


async def test_every_index_that_models_and_migrations_name_exists(database: Database) -> None:
    catalogue = (
        "SELECT name, tbl_name AS tab, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''"
        if database.is_sqlite
        else "SELECT indexname AS name, tablename AS tab, indexdef AS sql FROM pg_indexes"
    )
    rows = await fetch(catalogue)
    definitions = [row["sql"].replace('"', "").lower() for row in rows]
    for table, columns in [
        ("core_job", "due_at"),
        ("core_job", "priority, due_at, id"),
        ("core_job", "lane"),
        ("core_view", "scope"),
        ("core_view", "message_id"),
        ("core_view", "deadline"),
        ("core_view", "idle_deadline"),
        ("core_view", "token_expires_at"),
        ("core_view", "process"),
        ("core_view", "plugin, view, key"),
    ]:
        assert any(table in d and f"({columns})" in d for d in definitions), (table, columns)
    by_name = {row["name"]: row["sql"].lower() for row in rows}
    assert "unique" in by_name["core_view_open"]
    assert "where" in by_name["core_view_open"]
    assert "where" in by_name["core_view_process"]
