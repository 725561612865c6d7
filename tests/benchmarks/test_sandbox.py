"""The benchmark of the sandbox runs, and its JSON has the shape that was agreed. No time is
asserted."""

import json
from pathlib import Path

from rich.console import Console

from benchmarks.sandbox import Plan, bench_sandbox
from benchmarks.sandbox.run import slope
from tests.ladderkeeper.test_cli import ladderkeeper


async def test_the_benchmark_of_the_sandbox(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"

    assert await bench_sandbox(Plan(300), json_file=file, out=Console(quiet=True)) == 0

    figures = json.loads(file.read_text(encoding="utf-8"))
    assert figures["requests"] >= 300
    assert figures["samples"][-1][0] >= 300
    for name in ("start_s", "requests_per_s", "requests_per_cpu_s", "rss_at_tenth", "rss_at_end"):
        assert figures[name] > 0, name


def test_the_slope_of_a_straight_line() -> None:
    assert slope([(0, 5), (10, 25), (20, 45)]) == 2
    assert slope([(0, 5)]) == 0


def test_the_command_takes_its_size(tmp_path: Path) -> None:
    shown = ladderkeeper(tmp_path, "bench", "sandbox", "--requests", "1")
    assert shown.returncode == 2
    assert "100" in shown.stderr
