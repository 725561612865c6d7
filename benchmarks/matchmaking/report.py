"""The figures as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

__all__ = ["Report", "Row", "publish"]

Row = dict[str, Any]

EVENING = (
    "matches",
    "unmatched",
    "wait_median",
    "wait_p95",
    "gap_median",
    "gap_p95",
    "gap_rms",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured.

    Attributes:
        rows: by number of those who wait, and seed; None where no optimum was looked for.
        evening: by number of players, seed and policy.
    """

    rows: list[Row]
    evening: list[Row]

    def as_json(self) -> dict[str, Any]:
        """As it is written to a file."""
        return {"rows": self.rows, "evening": self.evening}


def publish(report: Report, json_file: Path | None, out: Console) -> None:
    """Print the tables, medians of the seeds; write the JSON where it is wanted."""
    if json_file is not None:
        json_file.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
    table = _table("Waves: medians of the seeds; ours / the optimum / greedy", "waiting")
    for heading in ("pairs", "waited", "rms gap", "cost", "ms", "stall ms"):
        table.add_column(heading, justify="right", no_wrap=True)
    for size in dict.fromkeys(row["waiting"] for row in report.rows):
        rows = [row for row in report.rows if row["waiting"] == size]
        costs = [cost for row in rows if (cost := _cost(row)) is not None]
        table.add_row(
            f"{size:,}",
            *(_three(rows, name) for name in ("pairs", "waited", "rms_gap")),
            f"{median(costs):.3f}x" if costs else "",
            f"{_median(rows, 'seconds') * 1000:,.1f}",
            f"{_median(rows, 'loop_stall_ms'):,.1f}",
        )
    out.print(table)
    table = _table("Evenings: medians of the seeds; seconds and points", "players")
    for heading in ("policy", *EVENING):
        table.add_column(heading.replace("_", " "), justify="right", min_width=6)
    for players, policy in dict.fromkeys((r["players"], r["policy"]) for r in report.evening):
        rows = [r for r in report.evening if (r["players"], r["policy"]) == (players, policy)]
        table.add_row(f"{players:,}", policy, *(f"{_median(rows, name):,.0f}" for name in EVENING))
    out.print(table)


def _table(title: str, first: str) -> Table:
    return Table(first, title=f"\n{title}", title_justify="left", box=SIMPLE, padding=0)


def _three(rows: list[Row], name: str) -> str:
    figures = [_median(rows, name)]
    if rows[0][f"{name}_optimum"] is not None:
        figures += [_median(rows, f"{name}_optimum"), _median(rows, f"{name}_greedy")]
    return "/".join(f"{figure:,.1f}".removesuffix(".0") for figure in figures)


def _cost(row: Row) -> float | None:
    """Squared gaps, and the square of the widest window for each pair that is missing, by the
    optimum's."""
    if not row["squared_gaps_optimum"]:
        return None
    missing = row["pairs_optimum"] - row["pairs"]
    return (row["squared_gaps"] + missing * row["widest_window"] ** 2) / row["squared_gaps_optimum"]


def _median(rows: Iterable[Row], name: str) -> float:
    return median(row[name] for row in rows)
