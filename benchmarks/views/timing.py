"""Time the sides in turns, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Protocol, TypeVar

from disnake.state import ConnectionState

from benchmarks.views.payloads import Payload
from benchmarks.views.survey import Probe

__all__ = ["Figures", "Recorded", "Side", "time_in_memory", "time_recorded"]

IN_A_ROW = 10
"""Of one side before it is the next one's turn: the first after a press on stock disnake finds the
processor's caches full of stock's components."""

Figures = dict[str, dict[str, float]]
"""Median microseconds by kind and by what was timed."""

Samples = defaultdict[str, defaultdict[str, list[int]]]

SideT = TypeVar("SideT", bound="Side")


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

    async def settle(self) -> None:
        """Wait until presses are answered."""
        ...

    async def close_and_open(self) -> tuple[int, int]:
        """Close one view and open another, in memory; nanoseconds of each."""
        ...


class Recorded(Side, Protocol):
    """The same with a row for each view."""

    async def open_and_close_recorded(self) -> tuple[int, int]:
        """Open and close one view with record and hook; nanoseconds of each."""
        ...


async def time_in_memory(sides: Sequence[Side], *, turns: int) -> Figures:
    """Time presses, closes and opens on each side, in turns of ten."""
    samples = _samples()
    for side in _in_turns(sides, turns):
        # Made beforehand, lest the view pressed be fresh in the processor's caches.
        for payload, probe in [side.a_press() for _ in range(IN_A_ROW)]:
            began = await _press(side, payload, probe)
            until = probe.read_begins or probe.entered
            samples[side.kind]["press_us"].append(until - began)
        for _ in range(IN_A_ROW):
            closed, opened = await side.close_and_open()
            samples[side.kind]["close_us"].append(closed)
            samples[side.kind]["open_us"].append(opened)
    return _medians(samples)


async def time_recorded(sides: Sequence[Recorded], *, turns: int) -> Figures:
    """Time the record's read of a press (where there is one), opens and closes with the database,
    in turns of ten."""
    samples = _samples()
    for side in _in_turns(sides, turns):
        for payload, probe in [side.a_press() for _ in range(IN_A_ROW)]:
            await _press(side, payload, probe)
            if probe.read_begins:
                read = probe.read_ends - probe.read_begins
                samples[side.kind]["press_db_us"].append(read)
        for _ in range(IN_A_ROW):
            opened, closed = await side.open_and_close_recorded()
            samples[side.kind]["open_db_us"].append(opened)
            samples[side.kind]["close_db_us"].append(closed)
    return _medians(samples)


def _in_turns(sides: Sequence[SideT], turns: int) -> Iterator[SideT]:
    """Each side once a turn, another one first each time.

    The garbage collector rests meanwhile, for all sides: with a hundred thousand views a full
    collection takes a second, and it would hit whoever allocates at that moment.
    """
    gc.collect()
    rested = not gc.isenabled()
    gc.disable()
    try:
        for turn in range(turns):
            first = turn % len(sides)
            for side in (*sides[first:], *sides[:first]):
                side.take_loop()
                yield side
    finally:
        if not rested:
            gc.enable()
        asyncio.get_running_loop().set_task_factory(None)


async def _press(side: Side, payload: Payload, probe: Probe) -> int:
    """One press, from its arrival to its end; when it began."""
    entered = probe.arm()
    began = time.perf_counter_ns()
    side.state.parse_interaction_create(payload)
    await entered
    await side.settle()
    return began


def _samples() -> Samples:
    return defaultdict(lambda: defaultdict(list))


def _medians(samples: Samples) -> Figures:
    return {
        kind: {what: median(taken) / 1000 for what, taken in timed.items()}
        for kind, timed in samples.items()
    }
