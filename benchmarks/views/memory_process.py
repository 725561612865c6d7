"""One measurement of memory by tracemalloc: ``python -m benchmarks.views.memory_process TASK``.

The task is JSON, and so is the answer.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import tracemalloc
from collections.abc import Coroutine
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.views.ours import Ours
from benchmarks.views.sides import DurableSide, ShortSide
from benchmarks.views.stock import StockSide
from benchmarks.views.survey import StockSurvey
from core.models import ViewRecord
from core.views import CloseReason

__all__ = ["measure"]

TIMES_OUT_AT_ONCE = 1e-9
"""Seconds. Of a stock view: its timer's first look finds it over, and nobody has to wait."""

PAST_EVERY_DEADLINE = 20 * 60.0
"""Seconds by which the bot's clock is moved: a short view lives fourteen minutes at most."""

WARM = 1_000
"""Views that are opened before those that are measured."""


async def measure(task: dict[str, Any]) -> Any:
    """Do the task: the bytes a view, or the residue."""
    if task.pop("measure") == "bytes":
        return await _bytes(**task)
    tracemalloc.start()
    return await (_residue_stock if task.pop("side") == "stock" else _residue_ours)(**task)


async def _bytes(kind: str, sizes: list[int]) -> dict[int, float]:
    gc.disable()  # of a growing heap it is most of the work; it runs before each look
    tracemalloc.start()
    warm = _side(kind)  # kept, so that what Python caches once used is not counted
    await warm.grow(WARM)
    await asyncio.sleep(0)
    side = _side(kind)
    before = _traced() - side.bookkeeping()
    measured: dict[int, float] = {}
    for size in sizes:
        await side.grow(size)
        await asyncio.sleep(0)  # the timers of stock views begin
        measured[size] = round((_traced() - side.bookkeeping() - before) / size, 1)
    tracemalloc.stop()
    side.shrink()
    warm.shrink()
    return measured


def _side(kind: str) -> StockSide | ShortSide | DurableSide:
    if kind == "stock":
        return StockSide()
    return (ShortSide if kind == "short" else DurableSide)(Ours(), rows=False)


async def _residue_stock(rounds: int, views: int, ballast: int) -> int:
    stock = StockSide()
    message_ids = count(1)
    before = 0
    for number in range(rounds + 1):
        waiting = [_show(stock, next(message_ids), ballast) for _ in range(views if number else 1)]
        assert all(await asyncio.gather(*waiting)), "each has timed out"
        waiting.clear()
        await asyncio.sleep(0)  # on_timeout runs
        before = before or _traced()  # the first one is not counted: it fills caches
    return _traced() - before


def _show(stock: StockSide, message_id: int, ballast: int) -> Coroutine[Any, Any, bool]:
    """Show a view that times out at once, and wait for that."""
    view = StockSurvey(timeout=TIMES_OUT_AT_ONCE)
    view.ballast = bytes(ballast)
    stock.state.store_view(view, message_id)
    return view.wait()


async def _residue_ours(rounds: int, views: int, ballast: int, recorded: bool) -> int:
    with TemporaryDirectory() as folder:
        async with Ours.with_database(Path(folder)) as ours:
            before = 0
            for number in range(rounds + 1):
                short = ShortSide(ours, rows=recorded)
                records = await short.show_ballasted(views if number else 1, ballast)
                await (_time_out(ours) if recorded else _close_as_timed_out(ours, records))
                del records
                before = before or _traced()
            return _traced() - before


async def _time_out(ours: Ours) -> None:
    """Let the deadlines of all open views pass."""
    enforcing = asyncio.create_task(ours.supervisor.run())
    ours.clock.advance(PAST_EVERY_DEADLINE)
    await ours.until_all_are_closed()
    enforcing.cancel()
    await asyncio.wait([enforcing])


async def _close_as_timed_out(ours: Ours, records: list[ViewRecord]) -> None:
    with ours.memory_only():
        for record in records:
            await ours.closer.finish(record, CloseReason.TIMEOUT)


def _traced() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(json.loads(sys.argv[1])))))
