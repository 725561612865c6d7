"""The whole benchmark: memory first, in processes of their own, then time, in this one."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks.views.memory import bytes_per_view, residue
from benchmarks.views.ours import Ours
from benchmarks.views.report import Report, publish
from benchmarks.views.sides import DurableSide, ShortSide
from benchmarks.views.stock import StockSide
from benchmarks.views.timing import Figures, time_in_memory, time_recorded

__all__ = ["FULL", "SMALL", "Plan", "bench_views"]


SMALL_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        sizes: numbers of live views, rising.
        most_stock: the largest of them for stock disnake; beyond, it takes minutes.
        turns, turns_recorded: of ten repetitions each, without and with the database; thrice as
            many turns at up to a thousand views, where differences are small.
        rounds, views, ballast: of views that time out; how many bytes each holds.
        residue_recorded: whether those have rows.
    """

    sizes: Sequence[int] = (30, 300, 1_000, 10_000, 100_000)
    most_stock: int = 10_000
    turns: int = 40
    turns_recorded: int = 10
    rounds: int = 14
    views: int = 1_000
    ballast: int = 256 * 1024
    residue_recorded: bool = True

    def stock_sizes(self) -> list[int]:
        """The sizes that stock disnake is measured at."""
        return [size for size in self.sizes if size <= self.most_stock]


FULL = Plan()
SMALL = Plan(turns=10, turns_recorded=3, ballast=16 * 1024, residue_recorded=False)


async def bench_views(plan: Plan, *, json_file: Path | None, out: Console) -> int:
    """Measure, show the table, and write the JSON. Returns 0."""
    out.print("Memory, in processes of their own ...", style="dim")
    memory, left = await _memory(plan)
    times: dict[int, Figures] = {}
    with TemporaryDirectory() as folder:
        async with Ours.with_database(Path(folder)) as ours:
            stock, short, durable = StockSide(), ShortSide(ours), DurableSide(ours)
            gc.disable()  # while views are made it walks them again and again
            try:
                for size in plan.sizes:
                    out.print(f"Time, at {size:,} live views ...", style="dim")
                    if size <= plan.most_stock:
                        await stock.grow(size)
                    else:
                        stock.shrink()
                    await short.grow(size)
                    await durable.grow(size)
                    await ours.tidy()
                    sides = [stock] if size <= plan.most_stock else []
                    turns = plan.turns if size > SMALL_SIZE else 3 * plan.turns
                    with ours.memory_only():
                        figures = await time_in_memory([*sides, short, durable], turns=turns)
                    recorded = await time_recorded([short, durable], turns=plan.turns_recorded)
                    await ours.forget_closed()
                    times[size] = {k: timed | recorded.get(k, {}) for k, timed in figures.items()}
            finally:
                gc.enable()
                stock.shrink()
    publish(Report.of(times, memory, left), json_file, out)
    return 0


async def _memory(plan: Plan) -> tuple[dict[str, dict[int, float]], dict[str, int]]:
    async with asyncio.TaskGroup() as group:

        def bytes_of(kind: str) -> asyncio.Task[dict[int, float]]:
            sizes = plan.stock_sizes() if kind == "stock" else plan.sizes
            return group.create_task(bytes_per_view(kind, sizes))

        def residue_of(side: str) -> asyncio.Task[int]:
            return group.create_task(
                residue(
                    side,
                    rounds=plan.rounds,
                    views=plan.views,
                    ballast=plan.ballast,
                    recorded=plan.residue_recorded,
                )
            )

        # What takes longest begins first.
        each = {"short": bytes_of("short")}
        left = {"ours": residue_of("ours")}
        each |= {kind: bytes_of(kind) for kind in ("durable", "stock")}
        left["stock"] = residue_of("stock")
    return (
        {kind: task.result() for kind, task in each.items()},
        {side: task.result() for side, task in left.items()},
    )
