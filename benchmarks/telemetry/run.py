"""What each thing that telemetry does takes of a processor, and how often it does it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from loguru import logger
from rich.console import Console
from rich.table import Table

from core.answer_times import AnswerTimes
from core.figures import Distribution
from core.plugin import PluginContext
from core.views import DurableView, Rendering
from ladderkeeper.testing import Stage
from plugins.telemetry.alerts import Alerts
from plugins.telemetry.config import TelemetryConfig
from plugins.telemetry.exposition import exposition
from plugins.telemetry.memory import MemoryLog
from plugins.telemetry.readings import Readings
from plugins.telemetry.sampler import DATABASE_SECONDS, LOOP_SECONDS, Sampler

__all__ = ["FULL", "SMALL", "Plan", "bench_telemetry"]

SCRAPE_SECONDS = 15.0
"""How often Prometheus is usually told to look."""

OURS = ("core", "plugins")

BOARD_SECONDS = 2.1
"""After so long the queue's board is read from the database anew, as at each scrape of a real
Prometheus."""

TARGET = 0.01
"""Of one core."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: with so many open views, each thing so many times."""

    views: int = 1_000
    times: int = 200


FULL = Plan()
SMALL = Plan(views=200, times=20)


@contextmanager
def _quiet() -> Generator[None]:
    """A thousand views that end are a thousand lines."""
    for name in OURS:
        logger.disable(name)
    try:
        yield
    finally:
        for name in OURS:
            logger.enable(name)


class Board(DurableView):
    """A view that shows nothing: only its record counts here."""

    name = "board"

    async def render(self, key: str, locale: str) -> Rendering | None:
        del key, locale
        return None


async def bench_telemetry(plan: Plan, *, json_file: Path | None, out: Console) -> int:
    """Measure, show the table, and write the JSON. Returns 0."""
    with TemporaryDirectory(prefix="ladderkeeper-") as name:
        folder = Path(name)
        url = f"sqlite://{folder / 'bench.sqlite3'}"
        with _quiet():
            async with Stage.set_up(folder, url, enabled=("queue",)) as stage:
                out.print(f"Opening {plan.views} views ...", style="dim")
                report = await _measure(stage, plan)
    _publish(report, json_file, out)
    return 0


async def _measure(stage: Stage, plan: Plan) -> dict[str, Any]:
    config = TelemetryConfig.model_validate({})
    context = PluginContext("telemetry", config, stage.app.host.parts)
    try:
        context.views.register(board := Board())
        for number in range(plan.views):
            key = str(number)
            await context.views.open(board, key, scope=f"match:{key}", channel_id=number + 1)
        readings, sampler = Readings(context), Sampler(context)
        memory = MemoryLog(context, Alerts(context))
        lag = Distribution(())

        async def tick() -> None:
            lag.note(0.0)

        async def scrape() -> None:
            exposition(await readings.all())

        scrapes: list[float] = []
        for _ in range(max(3, plan.times // 20)):
            await asyncio.sleep(BOARD_SECONDS)
            scrapes.append(await _processor(scrape, 1))
        seconds = {
            "line": (await _processor(memory.look, plan.times), config.interval_seconds),
            "scrape": (median(scrapes), SCRAPE_SECONDS),
            "database": (await _processor(sampler.ask_database, plan.times), DATABASE_SECONDS),
            "loop": (await _processor(tick, plan.times), LOOP_SECONDS),
        }
    finally:
        await context.release()
        await stage.app.views.close_plugin("telemetry")
        await stage.app.views.forget_plugin("telemetry")
    return {
        "views": plan.views,
        "parts": {
            name: {"ms": round(1_000 * each, 3), "every_s": every, "of_a_core": each / every}
            for name, (each, every) in seconds.items()
        },
        "of_a_core": sum(each / every for each, every in seconds.values()),
        "press_us": _press(),
    }


async def _processor(work: Callable[[], Awaitable[object]], times: int) -> float:
    """The median of the processor's seconds, in all threads of this process."""
    taken: list[float] = []
    for _ in range(times):
        began = time.process_time()
        await work()
        taken.append(time.process_time() - began)
    return median(taken)


def _press() -> float:
    """Microseconds that the figures add to an interaction."""
    times, rounds = AnswerTimes(), 100_000
    began = time.perf_counter()
    for number in range(rounds):
        times.arrived(number)
        times.answered(number)
    return round(1e6 * (time.perf_counter() - began) / rounds, 2)


def _publish(report: dict[str, Any], json_file: Path | None, out: Console) -> None:
    if json_file is not None:
        json_file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    table = Table("what", "takes", "every", "of a core")
    for name, part in report["parts"].items():
        table.add_row(
            name, f"{part['ms']} ms", f"{part['every_s']:g} s", f"{part['of_a_core']:.4%}"
        )
    table.add_row("together", "", "", f"{report['of_a_core']:.4%}")
    out.print(table)
    word = "met" if report["of_a_core"] <= TARGET else "NOT met"
    out.print(f"At most {TARGET:.0%} of a core with {report['views']} open views: {word}.")
    out.print(f"An interaction takes {report['press_us']} µs longer.")
