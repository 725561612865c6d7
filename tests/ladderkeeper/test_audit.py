"""`ladderkeeper audit export`, on a real database."""

import csv
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from core.clock import Clock
from core.db import Database
from plugins.admin.models import AuditEntry
from plugins.admin.service.audit import COLUMNS
from tests.ladderkeeper.test_cli import ladderkeeper
from tests.plugins.admin.conftest import database
from tests.plugins.queue.histories import player

__all__ = ["database"]

FORMULA = '=HYPERLINK("http://x","y")'


@pytest.fixture
def folder(tmp_path: Path, database_url: str) -> Path:
    ladders = [{"name": "Ladder", "guild_id": 1, "room_channel_id": 2}]
    config = {
        "database": {"url": database_url},
        "plugins": {"enabled": ["queue", "admin"], "queue": {"ladders": ladders}},
    }
    (tmp_path / "config.toml").write_text(tomlkit.dumps(config), encoding="utf-8")
    return tmp_path


@pytest.fixture
async def audited(database: Database) -> None:
    """Two entries: one of last week, and one of now, full of what spreadsheets execute."""
    del database
    await player("+cmd|' /C calc'!A0")
    for days, reason in ((7, "Rude"), (0, FORMULA)):
        await AuditEntry.create(
            guild_id=1,
            admin_id=123456789012345678,
            action="ban",
            player_id=1,
            before={"ban": None},
            after={"ban": "for ever", "ban_reason": reason},
            reason=reason,
            at=Clock().now() - timedelta(days=days),
        )


@pytest.mark.usefixtures("audited")
async def test_csv_to_the_terminal(folder: Path) -> None:
    told = ladderkeeper(folder, "audit", "export")

    assert told.returncode == 0, told.stderr
    header, *rows = csv.reader(StringIO(told.stdout))
    assert tuple(header) == COLUMNS
    first, second = (dict(zip(header, row, strict=True)) for row in rows)
    assert (first["id"], first["reason"], first["action"]) == ("1", "Rude", "ban")
    assert first["admin_id"] == "123456789012345678"
    assert second["reason"] == f"'{FORMULA}"
    assert second["player"] == "'+cmd|' /C calc'!A0"
    assert json.loads(second["after"])["ban"] == "for ever"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)


@pytest.mark.usefixtures("audited")
async def test_files_and_since(folder: Path) -> None:
    told = ladderkeeper(
        folder, "audit", "export", "--since", "3d", "--csv", "a.csv", "--json", "a.json"
    )

    assert told.returncode == 0, told.stderr
    assert "1 entries written to a.csv" in told.stdout
    with (folder / "a.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.reader(stream))) == 2
    entries: list[dict[str, Any]] = json.loads((folder / "a.json").read_text(encoding="utf-8"))
    (entry,) = entries
    assert entry["reason"] == FORMULA
    assert entry["admin_id"] == "123456789012345678"
    assert entry["before"] == {"ban": None}
    assert entry["undone"] is False


@pytest.mark.usefixtures("audited")
async def test_a_time_that_is_none(folder: Path) -> None:
    told = ladderkeeper(folder, "audit", "export", "--since", "soon")

    assert told.returncode == 2
    assert "--since soon: write a day as 2026-01-31, or so long ago as 3d" in told.stderr
    assert "Traceback" not in told.stderr


def test_where_no_bot_has_run(folder: Path, database_url: str) -> None:
    told = ladderkeeper(folder, "audit", "export")

    assert told.returncode == 2
    assert "[database] url: " in told.stderr
    assert "Traceback" not in told.stderr
