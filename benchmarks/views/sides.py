"""The two kinds of view of Ladderkeeper's side: open many, press, open and close one."""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any, cast

import disnake
from disnake.state import ConnectionState

from benchmarks.views import payloads
from benchmarks.views.ours import PLUGIN, Ours
from benchmarks.views.payloads import Payload
from benchmarks.views.survey import TEXT, Probe, ShortSurvey
from core.answering import Answering
from core.models import ViewKind, ViewRecord
from core.views import CloseReason, Rendering
from core.views.live import LiveView

__all__ = ["DurableSide", "ShortSide"]

ROWS_AT_ONCE = 5_000

ids = count(4 * 10**17)
"""Of messages, channels and interactions."""

record_ids = count(-1, -1)
"""Away from those that the database gives."""


class DurableSide:
    """Durable views, each in a scope and a channel of its own, as matches are.

    Args:
        rows: whether each has its row; else memory alone is filled.
    """

    kind = "durable"

    def __init__(self, ours: Ours, *, rows: bool = True) -> None:
        self._ours = ours
        self._rows = rows
        self._places: list[tuple[int, int]] = []
        """Of each open view, its channel and message."""

    @property
    def state(self) -> ConnectionState:
        """Where interactions arrive."""
        return self._ours.state

    def take_loop(self) -> None:
        """Have the loop make tasks as in a running bot."""
        self._ours.take_loop()

    async def grow(self, live: int) -> None:
        """Open views until so many are."""
        while len(self._places) < live:
            until = min(live, len(self._places) + ROWS_AT_ONCE)
            records: list[ViewRecord] = []
            for number in range(len(self._places), until):
                self._places.append((next(ids), next(ids)))
                record = self._record(number)
                self._ours.opened(record)
                records.append(record)
            if self._rows:
                await ViewRecord.bulk_create(records)

    def a_press(self) -> tuple[Payload, Probe]:
        """A press on the button of any of them."""
        number = random.randrange(len(self._places))
        custom_ids = [
            f"lk1:{PLUGIN}.panel:{number}:{action}" for action in ("result", "map", "send")
        ]
        shown = payloads.message(self._places[number][1], custom_ids, answers=next(ids))
        return payloads.press(next(ids), shown, custom_ids[-1]), self._ours.durable.probe

    def bookkeeping(self) -> int:
        """The bytes of this object's own list of the views."""
        # Each a tuple of two numbers of 32 bytes; the channel's is also the counters'.
        each = sys.getsizeof((0, 0)) + 32
        return sys.getsizeof(self._places) + each * len(self._places)

    def shrink(self) -> None:
        """Nothing of it outlives the benchmark."""

    async def settle(self) -> None:
        """Wait until presses are answered and noted."""
        await self._ours.settle()

    async def close_and_open(self) -> tuple[int, int]:
        """Close any of them and open it again, in memory; nanoseconds of each."""
        record = self._record(random.randrange(len(self._places)))
        closed = await close_in_memory(self._ours, record)
        began = time.perf_counter_ns()
        self._ours.opened(record)
        return closed, time.perf_counter_ns() - began

    async def open_and_close_recorded(self) -> tuple[int, int]:
        """Open one with its record and close it with its hook; nanoseconds of each."""
        number = next(ids)
        began = time.perf_counter_ns()
        record = await self._ours.opener.open(
            self._ours.durable,
            str(number),
            scope=f"match:{number}",
            guild_id=payloads.GUILD_ID,
            channel_id=number,
        )
        opened = time.perf_counter_ns() - began
        return opened, await close_recorded(self._ours, record.id)

    def _record(self, number: int) -> ViewRecord:
        channel_id, message_id = self._places[number]
        return ViewRecord(
            kind=ViewKind.DURABLE,
            plugin=PLUGIN,
            view="panel",
            key=str(number),
            scope=f"match:{number}",
            guild_id=payloads.GUILD_ID,
            channel_id=channel_id,
            message_id=message_id,
            opened_at=datetime.now(UTC),
        )


class ShortSide:
    """Short views, each shown to its user in the answer to an interaction.

    Args:
        rows: whether each has its row; else memory alone is filled.
    """

    kind = "short"

    def __init__(self, ours: Ours, *, rows: bool = True) -> None:
        self._ours = ours
        self._rows = rows
        self._open: list[LiveView] = []

    @property
    def state(self) -> ConnectionState:
        """Where interactions arrive."""
        return self._ours.state

    def take_loop(self) -> None:
        """Have the loop make tasks as in a running bot."""
        self._ours.take_loop()

    async def grow(self, live: int) -> None:
        """Open views until so many are, lying in memory in another order."""
        made = [ShortSurvey() for _ in range(live - len(self._open))]
        random.shuffle(made)
        for first in range(0, len(made), ROWS_AT_ONCE):
            records: list[ViewRecord] = []
            for view in made[first : first + ROWS_AT_ONCE]:
                record = self._record(view)
                self._keep(view, record)
                records.append(record)
            if self._rows:
                await ViewRecord.bulk_create(records)

    async def show_ballasted(self, views: int, ballast: int) -> list[ViewRecord]:
        """Open views that each hold so many bytes, and keep no hold of them but their records."""
        records: list[ViewRecord] = []
        for _ in range(views):
            view = ShortSurvey()
            view.ballast = bytes(ballast)
            records.append(self._record(view))
            self._keep(view, records[-1])
        self._open.clear()
        if self._rows:
            await ViewRecord.bulk_create(records)
        return records

    def a_press(self) -> tuple[Payload, Probe]:
        """A press on the button of any of them."""
        live = random.choice(self._open)
        custom_ids = [route[2] for route in live.routes]
        shown = payloads.message(live.message_id or 0, custom_ids, answers=next(ids))
        return payloads.press(next(ids), shown, custom_ids[-1]), ShortSurvey.probe

    def bookkeeping(self) -> int:
        """The bytes of this object's own list of the views."""
        return sys.getsizeof(self._open)

    def shrink(self) -> None:
        """Nothing of it outlives the benchmark."""

    async def settle(self) -> None:
        """Wait until presses are answered and noted."""
        await self._ours.settle()

    async def close_and_open(self) -> tuple[int, int]:
        """Close any of them and open another, in memory; nanoseconds of each."""
        index = random.randrange(len(self._open))
        self._open[index], self._open[-1] = self._open[-1], self._open[index]
        closing = self._open.pop()
        record = self._record(cast("ShortSurvey", closing.view), closing.record_id)
        closed = await close_in_memory(self._ours, record)
        view = ShortSurvey()
        return closed, self._keep(view, self._record(view, closing.record_id))

    async def open_and_close_recorded(self) -> tuple[int, int]:
        """Show one with its record and close it with its hook; nanoseconds of each."""
        view = ShortSurvey()
        inter = cast("Any", disnake.MessageInteraction)(data=self.a_press()[0], state=self.state)
        began = time.perf_counter_ns()
        with Answering(inter):
            await self._ours.opener.show(inter, view, Rendering(TEXT), plugin=PLUGIN)
        opened = time.perf_counter_ns() - began
        (live,) = self._ours.live.of(view)
        return opened, await close_recorded(self._ours, live.record_id)

    def _keep(self, view: ShortSurvey, record: ViewRecord) -> int:
        """What `Opener.show` and the sending do in memory once the record is written; nanoseconds
        of it."""
        message_id = next(ids)
        began = time.perf_counter_ns()
        live = self._ours.opener.keep(view, record)
        self.state.store_view(view, message_id)
        opened = time.perf_counter_ns() - began
        self._open.append(live)
        return opened

    def _record(self, view: ShortSurvey, record_id: int | None = None) -> ViewRecord:
        return self._ours.opener.record(
            view,
            view.id,
            id=next(record_ids) if record_id is None else record_id,
            kind=ViewKind.SHORT,
            plugin=PLUGIN,
            user_id=payloads.USER_ID,
            guild_id=payloads.GUILD_ID,
            channel_id=payloads.CHANNEL_ID,
            ephemeral=True,
            process="bench",
        )


async def close_in_memory(ours: Ours, record: ViewRecord) -> int:
    """Close a view from its claim on, while the database rests; nanoseconds."""
    began = time.perf_counter_ns()
    await ours.closer.finish(record, CloseReason.DISMISSED)
    return time.perf_counter_ns() - began


async def close_recorded(ours: Ours, record_id: int) -> int:
    """Close a view with its record and hook; nanoseconds."""
    began = time.perf_counter_ns()
    await ours.closer.close(record_id, CloseReason.DISMISSED)
    return time.perf_counter_ns() - began
