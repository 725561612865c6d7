"""What the bot stands on here: database, disk, disnake; and the command itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import disnake
import pytest

from core.config import load_config
from core.db import Database
from core.db.database import CORE_MODELS
from core.examination import Findings, Level
from ladderkeeper.doctor.machine import examine_database
from ladderkeeper.testing import Stage
from tests.ladderkeeper.doctor.looking import changed, examine, wrong


async def test_the_database_has_no_folder(stage: Stage, tmp_path: Path) -> None:
    changed(stage, database__url=f"sqlite://{tmp_path / 'nowhere' / 'ladder.sqlite3'}")

    assert "cannot be made" in wrong(await examine(stage), "database")


async def test_the_database_is_something_else(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "ladder.sqlite3").write_text("Dear diary, " * 1000)

    assert "the database cannot be opened" in wrong(await examine(stage), "database")


async def test_a_database_that_a_variable_names(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    environ = {"LADDERKEEPER_DATABASE__URL": f"sqlite://{tmp_path}"}
    config = load_config(tmp_path / "config.toml", environ=environ, env_file=None)
    findings = Findings()

    await examine_database(config, {}, findings)

    problem = findings.problems[0]
    named = "environment variable LADDERKEEPER_DATABASE__URL ([database] url)"
    assert problem.text.startswith(f"{named}: the database cannot be opened")
    assert named in problem.remedy


async def test_migrations_to_come(stage: Stage, database_url: str) -> None:
    database = Database(database_url, [CORE_MODELS])
    await database.open()
    await database.migrate(["core"])
    await database.close()
    changed(stage, database__url=database_url)

    findings = await examine(stage)

    assert findings.problems == []
    told = next(found for found in findings if found.about == "database")
    assert told.level is Level.WARNING
    assert told.text == "migrations to be applied: queue.0001_initial"
    again = await examine(stage)
    assert told in again, "it was only looked at"


@pytest.mark.parametrize(("free", "level"), [(10, Level.PROBLEM), (200, Level.WARNING)])
async def test_the_disk(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    usage = shutil.disk_usage(stage.config_path.parent)._replace(free=free * 1024 * 1024)

    def little(path: Path) -> Any:
        return usage

    monkeypatch.setattr(shutil, "disk_usage", little)

    findings = await examine(stage)

    assert [found.level for found in findings if found.about == "disk"] == [level]


async def test_another_disnake(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disnake, "__version__", "2.13.0")

    findings = await examine(stage)

    told = next(found for found in findings if found.about == "disnake")
    assert told.level is Level.WARNING
    assert "pip install disnake==" in told.remedy


def test_the_command(tmp_path: Path) -> None:
    """Its exit status is for scripts; each problem is followed by what to do."""
    (tmp_path / "config.toml").write_text("[plugins]\nenabled = []\n")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LADDERKEEPER_", "DISCORD_"))}

    told = subprocess.run(
        [sys.executable, "-m", "ladderkeeper", "-c", tmp_path / "config.toml", "doctor"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env=kept | {"PYTHONIOENCODING": "utf-8"},
    )

    assert told.returncode == 1
    assert "✗ token: there is none\n    → Put it into" in told.stdout
    assert "1 to put right." in told.stdout
