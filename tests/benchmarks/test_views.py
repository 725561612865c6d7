"""The benchmark of views runs, and its JSON has the shape that was agreed. No time is asserted."""

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks.views import Plan, bench_views
from tests.ladderkeeper.test_cli import ladderkeeper

TINY = Plan(
    sizes=(2, 4),
    most_stock=2,
    turns=1,
    turns_recorded=1,
    rounds=1,
    views=20,
    ballast=16 * 1024,
)

IN_MEMORY = {"press_us", "open_us", "close_us", "bytes"}
RECORDED = {"open_db_us", "close_db_us"}
OF_KIND: dict[str, set[str]] = {
    "stock": IN_MEMORY,
    "short": IN_MEMORY | RECORDED,
    "durable": IN_MEMORY | RECORDED | {"press_db_us"},
}


async def test_the_benchmark_of_views(tmp_path: Path) -> None:
    file = tmp_path / "views.json"

    assert await bench_views(TINY, json_file=file, out=Console(quiet=True)) == 0

    figures = json.loads(file.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = figures["rows"]
    assert [(row["live"], row["kind"]) for row in rows] == [
        (2, "stock"),
        (2, "short"),
        (2, "durable"),
        (4, "short"),
        (4, "durable"),
    ]
    for row in rows:
        assert set(row) == {"live", "kind"} | OF_KIND["durable"]
        measured = {name for name in OF_KIND["durable"] if row[name] is not None}
        assert measured == OF_KIND[row["kind"]]
        assert all(row[name] > 0 for name in measured if name.endswith("_us"))
    assert set(figures["residue_bytes"]) == {"stock", "ours"}
    assert figures["residue_bytes"]["stock"] > TINY.views * TINY.ballast, "they stay for ever"


@pytest.mark.parametrize("command", ["bench", "bench views"])
def test_the_command_explains_itself(tmp_path: Path, command: str) -> None:
    told = ladderkeeper(tmp_path, *command.split(), "--help")

    assert told.returncode == 0
    assert "views" in told.stdout
