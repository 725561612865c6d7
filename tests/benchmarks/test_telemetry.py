"""The benchmark of telemetry runs, and says what it is of a core. No time is asserted."""

import json
from pathlib import Path

from rich.console import Console

from benchmarks.telemetry import Plan, bench_telemetry


async def test_the_benchmark_of_telemetry(tmp_path: Path) -> None:
    file = tmp_path / "telemetry.json"

    plan = Plan(views=20, times=2)
    assert await bench_telemetry(plan, json_file=file, out=Console(quiet=True)) == 0

    figures = json.loads(file.read_text(encoding="utf-8"))
    assert figures["views"] == 20
    assert set(figures["parts"]) == {"line", "scrape", "database", "loop"}
    assert figures["of_a_core"] == sum(part["of_a_core"] for part in figures["parts"].values())
    assert figures["press_us"] > 0
