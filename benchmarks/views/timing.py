"""Time the sides in turns, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Any, Protocol

from disnake.state import ConnectionState

from benchmarks.views.payloads import Payload
from benchmarks.views.survey import Probe

__all__ = ["Figures", "Recorded", "Side", "time_sides"]

IN_A_ROW = 10
"""Of one side before it is the next one's turn: the first after a press on stock disnake finds the
processor's caches full of stock's components."""

Figures = dict[str, dict[str, float]]
"""Median microseconds by kind and by what was timed."""


class Side(Protocol):
    """Views of one kind, many of them open."""

    kind: str

    @property
    def state(self) -> ConnectionState:
        """Where interactions arrive."""
        ...

    def take_loop(self) -> None:
        """Have the loop make tasks as this side's bot does."""
        ...

    def a_press(self) -> tuple[Payload, Probe]:
        """A press on any of the views, and what notes its handler's beginning."""
        ...

    async def close_and_open(self) -> tuple[int, int]:
        """Close one view and open another, in memory; nanoseconds of each."""
        ...


class Recorded(Side, Protocol):
    """The same with a row for each view."""

    async def open_and_close_recorded(self) -> tuple[int, int]:
        """Open and close one view with record and hook; nanoseconds of each."""
        ...


async def time_sides(
    sides: Sequence[Side], recorded: Sequence[Recorded], *, times: int, times_recorded: int
) -> Figures:
    """Time presses, opens and closes on each side, in turns of ten.

    The garbage collector rests meanwhile, for all sides: with a hundred thousand views a full
    collection takes a second, and it would hit whoever allocates at that moment.
    """
    samples: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    gc.collect()
    gc.disable()
    try:
        for turn in range(times):
            for side in _rotated(sides, turn):
                side.take_loop()
                for _ in range(IN_A_ROW):
                    for what, taken in (await _press(side)).items():
                        samples[side.kind][what].append(taken)
                for _ in range(IN_A_ROW):
                    closed, opened = await side.close_and_open()
                    samples[side.kind]["close_us"].append(closed)
                    samples[side.kind]["open_us"].append(opened)
        for turn in range(times_recorded):
            for side in _rotated(recorded, turn):
                side.take_loop()
                for _ in range(IN_A_ROW):
                    opened, closed = await side.open_and_close_recorded()
                    samples[side.kind]["open_db_us"].append(opened)
                    samples[side.kind]["close_db_us"].append(closed)
    finally:
        gc.enable()
        asyncio.get_running_loop().set_task_factory(None)
    return {
        kind: {what: median(taken) / 1000 for what, taken in timed.items()}
        for kind, timed in samples.items()
    }


def _rotated(sides: Sequence[Any], turn: int) -> list[Any]:
    first = turn % len(sides)
    return [*sides[first:], *sides[:first]]


async def _press(side: Side) -> dict[str, int]:
    """One press, from its arrival to its handler; of a durable view to the record's read."""
    payload, probe = side.a_press()
    entered = probe.arm()
    others = asyncio.all_tasks()
    began = time.perf_counter_ns()
    side.state.parse_interaction_create(payload)
    await entered
    await asyncio.sleep(0)  # what the press leaves to the next turn of the loop begins
    while pressing := asyncio.all_tasks() - others:
        await asyncio.wait(pressing)
    if not probe.read_begins:
        return {"press_us": probe.entered - began}
    return {
        "press_us": probe.read_begins - began,
        "press_db_us": probe.read_ends - probe.read_begins,
    }
