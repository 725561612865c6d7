"""What a soak found: as JSON, as a table, and whether it is good."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ladderkeeper.soak.audit import Audit
from ladderkeeper.soak.memory import MemoryCurve
from ladderkeeper.soak.plan import Plan

__all__ = ["Report", "percentile"]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all values are no greater than; 0 when there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True)
class Report:
    """One soak's findings.

    Attributes:
        seconds: from the first wait to the last match's end.
        requests: the bot's requests that count towards Discord's global limit.
        ack_seconds: what each interaction took to be acknowledged.
        bot: what the bot said of itself when it stopped.
        failed: interactions that were not answered in time.
        mishaps: what went otherwise than a player meant it.
    """

    plan: Plan
    seconds: float
    requests: int
    ack_seconds: Sequence[float]
    memory: MemoryCurve
    bot: Mapping[str, Any]
    audit: Audit
    failed: int
    mishaps: Counter[str]

    @property
    def matches(self) -> int:
        """How many there were."""
        return self.audit.matches.total()

    def figures(self) -> dict[str, Any]:
        """The shape that is written as JSON."""
        matches, opened = self.matches, int(self.bot["views_opened"])
        closed = int(self.bot["views_closed"])
        freed = closed - int(self.bot["views_leaked"])
        return {
            "matches": matches,
            "seconds": round(self.seconds, 1),
            "matches_per_second": round(matches / self.seconds, 2) if self.seconds else 0.0,
            "requests_per_match": round(self.requests / matches, 2) if matches else 0.0,
            "ack_ms": {
                name: round(1_000 * percentile(self.ack_seconds, share), 1)
                for name, share in (("p50", 0.5), ("p99", 0.99))
            },
            "rss_mb": self.memory.figures(),
            "views": {
                "opened": opened,
                "closed": closed,
                "open": int(self.bot["views_open"]),
                "leaked": int(self.bot["views_leaked"]),
            },
            "cleanup_rate": round(freed / opened, 4) if opened else 1.0,
            "hook_failures": int(self.bot["hook_failures"]),
            "lost": self.audit.lost,
            "doubled": self.audit.doubled,
            "rating_mismatches": self.audit.rating_mismatches,
        }

    @property
    def findings(self) -> list[str]:
        """What must not be; empty after a good soak."""
        figures = self.figures()
        counts = {
            "closed views are still reachable": figures["views"]["leaked"],
            "views are left open": figures["views"]["open"],
            "matches are lost": figures["lost"],
            "matches were counted twice": figures["doubled"],
            "ratings are not what the history says": figures["rating_mismatches"],
        }
        return [f"{count} {what}" for what, count in counts.items() if count]

    def write(self, file: Path) -> None:
        """Write the figures as JSON."""
        file.write_text(json.dumps(self.figures(), indent=2) + "\n", encoding="utf-8")

    def show(self, out: Console) -> None:
        """Print all of it."""
        figures = self.figures()
        ack, memory, views = figures["ack_ms"], figures["rss_mb"], figures["views"]
        outcomes = ", ".join(f"{count} {state}" for state, count in self.audit.matches.items())
        limits = "kept" if self.plan.limited else "OFF, in the sandbox and in the bot"
        table = Table("what", "how much", title="\nSoak", title_justify="left")
        for what, much in (
            ("matches", f"{figures['matches']}: {outcomes}"),
            ("matches a second", f"{figures['matches_per_second']} over {figures['seconds']} s"),
            ("requests per match", str(figures["requests_per_match"])),
            ("rate limits", limits),
            ("acknowledged after", f"p50 {ack['p50']} ms, p99 {ack['p99']} ms"),
            ("not answered in time", str(self.failed)),
            ("memory at 10 %", f"{memory['warm']} MB"),
            ("memory at the end", f"{memory['end']} MB ({memory['end'] - memory['warm']:+.1f})"),
            ("growth after 10 %", f"{memory['slope_per_1000']} MB per 1,000 matches"),
            ("views", ", ".join(f"{count} {what}" for what, count in views.items())),
            ("cleanup rate", f"{figures['cleanup_rate']:.2%}"),
            ("hook failures", str(figures["hook_failures"])),
            ("lost, counted twice", f"{figures['lost']}, {figures['doubled']}"),
            ("wrong ratings", str(figures["rating_mismatches"])),
            (
                "database rows",
                ", ".join(f"{table} {rows}" for table, rows in self.audit.rows.items() if rows),
            ),
        ):
            table.add_row(what, much)
        out.print(table)
        for mishap, times in self.mishaps.most_common(10):
            out.print(f"a player met {times} times: {mishap}", markup=False, style="dim")
        for finding in self.findings:
            out.print(f"NOT GOOD: {finding}", style="red")
        for view in self.audit.open_views[:10]:
            out.print(f"open: {view}", markup=False, style="red")
