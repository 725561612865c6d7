"""The benchmark of matchmaking runs, its JSON has the shape that was agreed, and small waves are
paired as well as can be. No time is asserted."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.matchmaking import Plan, bench_matchmaking
from tests.ladderkeeper.test_cli import ladderkeeper

TINY = Plan(sizes=(10, 100, 120), seeds=(1, 2), most_optimum=100, players=(30,), idle_seconds=0.1)

ROW = {
    "waiting",
    "seed",
    "pairs",
    "pairs_optimum",
    "waited",
    "waited_optimum",
    "rms_gap",
    "rms_gap_optimum",
    "seconds",
    "loop_stall_ms",
}
EVENING = {"players", "policy", "wait_median", "wait_p95", "gap_median", "gap_p95"}


async def test_the_benchmark_of_matchmaking(tmp_path: Path) -> None:
    file = tmp_path / "matchmaking.json"

    assert await bench_matchmaking(TINY, json_file=file, out=Console(quiet=True)) == 0

    figures = json.loads(file.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = figures["rows"]
    assert [(row["waiting"], row["seed"]) for row in rows] == [
        (size, seed) for size in TINY.sizes for seed in TINY.seeds
    ]
    for row in rows:
        assert set(row) >= ROW
        if row["waiting"] > TINY.most_optimum:
            assert row["pairs_optimum"] is row["waited_optimum"] is row["rms_gap_optimum"] is None
            continue
        assert row["pairs"] == row["pairs_optimum"] > 0
        assert row["waited"] == row["waited_optimum"]
        assert row["rms_gap"] == row["rms_gap_optimum"]
    evenings: list[dict[str, Any]] = figures["evening"]
    assert [evening["policy"] for evening in evenings] == ["ours", "greedy"] * len(TINY.seeds)
    for evening in evenings:
        assert set(evening) >= EVENING
        assert evening["matches"] > 0
        assert evening["wait_median"] <= evening["wait_p95"]


def test_the_command_explains_itself(tmp_path: Path) -> None:
    told = ladderkeeper(tmp_path, "bench", "matchmaking", "--help")

    assert told.returncode == 0
    assert "--small" in told.stdout
