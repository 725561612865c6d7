"""The whole benchmark: start it, drive it, and say what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.sandbox.gateway import listen
from benchmarks.sandbox.load import Driven, drive
from benchmarks.sandbox.server import Server, serve

__all__ = ["Plan", "bench_sandbox"]

SAMPLES = 50
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        requests: in all; a third each are sent messages, edits and answers to interactions.
    """

    requests: int = 30_000


async def bench_sandbox(plan: Plan, *, json_file: Path | None, out: Console) -> int:
    """Measure, show the figures, and write the JSON. Returns 0, or 1 if it answered wrongly."""
    every = max(1, plan.requests // SAMPLES)

    def progress(done: int) -> None:
        if done * 10 % plan.requests < every * 10:
            out.print(f"{done:,} requests ...", style="dim")

    async with serve() as server, listen(server.url, server.token) as interactions:
        driven = await drive(
            server, interactions, plan.requests, sample_every=every, progress=progress
        )
        figures = _figures(server, driven)
    _publish(figures, json_file, out)
    if driven.wrong:
        out.print(f"answered wrongly: {driven.wrong}", style="red")
    return 1 if driven.wrong else 0


def _publish(figures: dict[str, Any], json_file: Path | None, out: Console) -> None:
    if json_file is not None:
        json_file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    out.print(
        f"start               {figures['start_s']:.2f} s\n"
        f"requests            {figures['requests']:,}\n"
        f"a second            {figures['requests_per_s']:,.0f}\n"
        f"a second of CPU     {figures['requests_per_cpu_s']:,.0f}\n"
        f"memory at 10 %      {figures['rss_at_tenth'] / MIB:,.0f} MiB\n"
        f"memory at the end   {figures['rss_at_end'] / MIB:,.0f} MiB\n"
        f"slope, last half    {figures['bytes_per_request']:,.1f} bytes a request",
        markup=False,
    )


def _figures(server: Server, driven: Driven) -> dict[str, Any]:
    samples = driven.samples
    tenth = next(rss for done, rss in samples if done * 10 >= driven.requests)
    return {
        "requests": driven.requests,
        "start_s": server.start_s,
        "requests_per_s": driven.requests / driven.seconds,
        "requests_per_cpu_s": driven.requests / driven.cpu_s,
        "rss_at_tenth": tenth,
        "rss_at_end": samples[-1][1],
        "bytes_per_request": slope(samples[len(samples) // 2 :]),
        "samples": samples,
    }


def slope(points: list[tuple[int, int]]) -> float:
    """Of the straight line that fits best: bytes for each request."""
    if len(points) < 2:
        return 0.0
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    above = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return above / sum((x - middle_x) ** 2 for x, _ in points)
