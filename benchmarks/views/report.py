"""The figures as a table and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.views.timing import Figures

__all__ = ["KINDS", "Report", "publish"]

KINDS = ("stock", "short", "durable")
COLUMNS = {
    "press_us": "press",
    "open_us": "open",
    "close_us": "close",
    "bytes": "bytes",
    "press_db_us": "query",
    "open_db_us": "open+row",
    "close_db_us": "close+row",
}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured.

    Attributes:
        rows: by number of live views and kind; None where a column does not apply.
        residue_bytes: what timed-out views leave, by side.
    """

    rows: list[Row]
    residue_bytes: dict[str, int]

    @classmethod
    def of(
        cls,
        times: dict[int, Figures],
        memory: dict[str, dict[int, float]],
        residue_bytes: dict[str, int],
    ) -> Report:
        """Put together what was measured apart."""
        rows: list[Row] = []
        for size, figures in times.items():
            for kind in KINDS:
                if kind not in figures:
                    continue
                measured = figures[kind] | {"bytes": memory[kind][size]}
                values = {column: _rounded(measured.get(column)) for column in COLUMNS}
                rows.append({"live": size, "kind": kind, **values})
        return cls(rows, residue_bytes)

    def as_json(self) -> dict[str, Any]:
        """As it is written to a file."""
        return {"rows": self.rows, "residue_bytes": self.residue_bytes}


def publish(report: Report, json_file: Path | None, out: Console) -> None:
    """Print the table, and what timed-out views leave; write the JSON where it is wanted."""
    if json_file is not None:
        json_file.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
    title = "\nViews: microseconds (medians), and bytes of memory a view"
    table = Table("live", "kind", title=title, title_justify="left", box=SIMPLE, padding=0)
    for heading in COLUMNS.values():
        table.add_column(heading, justify="right", min_width=8)
    last = None
    for row in report.rows:
        if last not in (None, row["live"]):
            table.add_section()
        last = row["live"]
        figures = [_short(row[name]) for name in COLUMNS]
        table.add_row(f"{row['live']:,}", row["kind"], *figures)
    out.print(table)
    stock, ours = report.residue_bytes["stock"], report.residue_bytes["ours"]
    out.print(
        f"Timed-out views leave {stock / 2**20:,.1f} MiB on stock disnake,"
        f" {ours / 2**20:,.2f} MiB here ({ours / stock:.3%})."
    )


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
