"""`ladderkeeper ladder recompute`, on a real database, beside a bot and without one."""

import asyncio
from pathlib import Path

import pytest
import tomlkit

from core.db import Database, execute
from tests.flows.conftest import SLOW_WAVES, set_stage
from tests.flows.conftest import player as set_up_player
from tests.ladderkeeper.test_cli import ladderkeeper
from tests.plugins.queue.conftest import database
from tests.plugins.queue.histories import a_ladder, decide, found, player, ratings_of

__all__ = ["database"]

LADDER = a_ladder()
OTHER = a_ladder("Other")


@pytest.fixture
def folder(tmp_path: Path, database_url: str) -> Path:
    ladders = [{"name": n, "guild_id": 1, "room_channel_id": 2} for n in ("Ladder", "Other")]
    config = {
        "database": {"url": database_url},
        "plugins": {"enabled": ["queue"], "queue": {"ladders": ladders}},
    }
    (tmp_path / "config.toml").write_text(tomlkit.dumps(config), encoding="utf-8")
    return tmp_path


@pytest.fixture
async def tampered(database: Database) -> dict[tuple[int, str], tuple[int, int, int, int]]:
    """Two ladders in which somebody wrote ratings by hand; and what was right on the first."""
    for number in range(1, 4):
        await player(f"[bold]Player {number}")
    for ladder in (LADDER, OTHER):
        for one, other in ((1, 2), (1, 3), (2, 3)):
            match = await found(ladder, (one, "BWT"), (other, "SC2Z"))
            await decide(ladder, match.id, 1.0)
    right = await ratings_of(LADDER)
    await execute("UPDATE queue_rating SET value = 9000, wins = 0 WHERE player_id = 1")
    return right


async def test_a_dry_run_shows_and_changes_nothing(
    folder: Path, tampered: dict[tuple[int, str], tuple[int, int, int, int]]
) -> None:
    before = await ratings_of(LADDER)

    told = ladderkeeper(folder, "ladder", "recompute", "--dry-run", "--ladder", "Ladder")

    assert told.returncode == 0, told.stderr
    assert "Ladder: 3 matches replayed." in told.stdout
    (line,) = [line for line in told.stdout.splitlines() if "Player" in line]
    assert [cell.strip() for cell in line.strip("│").split("│")] == [
        "[bold]Player 1",
        "BW Terran",
        "9000 (0-0-2)",
        f"{tampered[1, 'BWT'][0]} (2-0-0)",
    ]
    assert "would be put right without --dry-run" in told.stdout
    assert "Other" not in told.stdout
    assert await ratings_of(LADDER) == before != tampered


async def test_ratings_are_put_right(
    folder: Path, tampered: dict[tuple[int, str], tuple[int, int, int, int]]
) -> None:
    told = ladderkeeper(folder, "ladder", "recompute", "--ladder", "Ladder")

    assert told.returncode == 0, told.stderr
    assert "have been put right" in told.stdout
    assert await ratings_of(LADDER) == tampered
    assert await ratings_of(OTHER) != tampered
    every = ladderkeeper(folder, "ladder", "recompute")
    assert "Every rating is what the history says." in every.stdout
    assert "Other: 3 matches replayed." in every.stdout
    assert await ratings_of(OTHER) == tampered


@pytest.mark.usefixtures("database")
async def test_a_ladder_that_is_not_there(folder: Path) -> None:
    told = ladderkeeper(folder, "ladder", "recompute", "--ladder", "Nowhere")

    assert told.returncode == 2
    assert "there is no ladder called 'Nowhere'. There are: Ladder, Other" in told.stderr
    assert "Traceback" not in told.stderr


async def test_a_database_without_tables(folder: Path, database_url: str) -> None:
    told = ladderkeeper(folder, "ladder", "recompute")

    assert told.returncode == 2
    assert "Traceback" not in told.stderr
    if database_url.startswith("sqlite:"):
        assert "no bot has run here yet" in told.stderr
        assert not (folder / "ladder.sqlite3").exists()
    else:
        assert "`ladderkeeper migrate` makes their tables" in told.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_ladder_is_configured(folder: Path) -> None:
    (folder / "config.toml").write_text("[plugins]\nenabled = []\n", encoding="utf-8")

    told = ladderkeeper(folder, "ladder", "recompute")

    assert told.returncode == 2
    assert "plugins.queue.ladders" in told.stderr


async def test_a_bot_may_run(tmp_path: Path, database_url: str) -> None:
    async with set_stage(tmp_path, database_url, sections={"queue": SLOW_WAVES}) as stage:
        alice = await set_up_player(stage, "Alice")
        await player("Bob")
        match = await found(LADDER, (1, "BWT"), (2, "SC2Z"), guild_id=stage.guild_id)
        await decide(LADDER, match.id, 1.0)
        await execute("UPDATE queue_rating SET value = 9000")
        assert "9000" in (await alice.slash("leaderboard")).text

        told = await asyncio.to_thread(
            ladderkeeper, tmp_path, "ladder", "recompute", environment=stage.bot_environment()
        )

        assert told.returncode == 0, told.stderr
        assert "9000" not in (await alice.slash("leaderboard")).text
        assert "1520" in (await alice.slash("leaderboard")).text
