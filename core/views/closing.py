"""The one path on which every view ends.

Claim it (open -> closing, compare-and-set), drop its routes, let presses in flight finish, run its
`on_close` hook, owe the last edit, sever what would keep it in memory. A process that dies on the
way leaves the row in `closing`, and its next start goes on from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import disnake
from loguru import logger

from core.clock import Clock
from core.context import acting_for
from core.db import fetch, forbid_in_transaction, transaction, until_written
from core.disnake_private import sever
from core.jobs import JobQueue, Priority
from core.models import ViewKind, ViewRecord, ViewState
from core.tasks import bounded, spawn
from core.text import Catalogue
from core.views.durable import Closing, DurableView
from core.views.finished import leave
from core.views.leaks import LeakAudit
from core.views.live import LiveView, LiveViews
from core.views.presses import PressesInFlight
from core.views.reasons import CloseReason
from core.views.rendering import DeleteMessage, Rendering
from core.views.short import ShortView
from core.views.statistics import Counters
from core.views.together import Together

__all__ = ["CORE", "LAST_EDIT", "Closer"]

CORE = "core"
LAST_EDIT = "last_edit"

HOOK_SECONDS = 5.0

WITHOUT_COMPONENTS: dict[str, Any] = {"components": []}

WITHOUT_MESSAGE: dict[str, Any] = {"message_id": None, "token": None}
"""Of a record whose message is gone, or another's: nothing can be edited there."""


class Closer:
    """Ends views. One of a process; every reason and every caller come through :meth:`close`."""

    def __init__(
        self,
        *,
        clock: Clock,
        jobs: JobQueue,
        catalogue: Catalogue,
        process: str,
        definitions: dict[tuple[str, str], DurableView],
        live: LiveViews,
        presses: PressesInFlight,
        counters: Counters,
        leaks: LeakAudit,
        on_failure: Callable[[str, str, Exception], None],
    ) -> None:
        self._clock = clock
        self._jobs = jobs
        self._catalogue = catalogue
        self._process = process
        self._definitions = definitions
        self._live = live
        self._presses = presses
        self._counters = counters
        self._leaks = leaks
        self._on_failure = on_failure
        self._closing: dict[int, asyncio.Task[None]] = {}
        self._reading: list[set[int]] = []
        """Of each look for closes that were cut short, what ended since it began."""
        self._ends = Together()
        self._calls: set[asyncio.Task[bool]] = set()
        self._dismissing: set[asyncio.Task[None]] = set()

    async def close(
        self, record_id: int, reason: CloseReason, *, message_lost: bool = False
    ) -> bool:
        """End one view. Returns after its hook; the last edit drains behind.

        Idempotent: called twice or from two sides at once, the first one's reason stands and the
        others wait for it. Returns whether this call was the one that closed it.

        Args:
            message_lost: its message is not its own any more: no last edit is made.
        """
        return await self.close_all([record_id], reason, message_lost=message_lost)

    async def close_all(
        self, record_ids: Sequence[int], reason: CloseReason, *, message_lost: bool = False
    ) -> bool:
        """End so many views at once; as :meth:`close` for one. Whether any was closed by this."""
        forbid_in_transaction("closing a view")
        caller = asyncio.current_task()
        with acting_for(None):  # nothing between claim and hook may be cut short by the caller
            work = self._close(record_ids, reason, caller, message_lost)
            task = spawn(work, name=f"close views {record_ids}")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        return await asyncio.shield(task)

    async def _close(
        self,
        record_ids: Sequence[int],
        reason: CloseReason,
        caller: asyncio.Task[Any] | None,
        message_lost: bool,
    ) -> bool:
        claimed = await self._claim(record_ids, reason, message_lost)
        ends = [self.finish(record, reason, caller) for record in claimed]
        for record_id in {*record_ids} - {record.id for record in claimed}:
            task = self._closing.get(record_id)
            # A press that did not win may be one that the close waits for: it does not wait back.
            if task is not None and not self._presses.is_of(record_id, caller):
                ends.append(task)
        await asyncio.gather(*(asyncio.shield(end) for end in ends))
        return bool(claimed)

    def is_closing(self, record_id: int) -> bool:
        """Whether this process is ending that view now."""
        return record_id in self._closing

    async def _claim(
        self, record_ids: Sequence[int], reason: CloseReason, message_lost: bool
    ) -> list[ViewRecord]:
        """Decide by compare-and-set which of the views end now, and why."""
        lost = message_lost or reason is CloseReason.MESSAGE_DELETED
        records = await ViewRecord.filter(id__in=record_ids, state=ViewState.OPEN)
        if not records:
            return []
        marks = ", ".join(f"${number}" for number in range(3, 3 + len(records)))
        won = await fetch(
            "UPDATE core_view SET state = 'closing', close_reason = $1, process = $2"  # noqa: S608  only placeholders are put in
            + (", message_id = NULL, token = NULL" if lost else "")
            + f" WHERE state = 'open' AND id IN ({marks}) RETURNING id",
            reason.value,
            self._process,
            *(record.id for record in records),
        )
        ids = {row["id"] for row in won}
        return [record for record in records if record.id in ids]

    async def take_up(self) -> None:
        """Go on with closes that were claimed and then cut short: by a crash, or by the database
        going away between the claim and its answer."""
        ended: set[int] = set()
        self._reading.append(ended)
        try:
            cut_short = await ViewRecord.filter(process=self._process, state=ViewState.CLOSING)
        finally:
            self._reading = [other for other in self._reading if other is not ended]
        for record in cut_short:
            # What ended while this was read is not cut short: its hook would run a second time.
            if record.id not in self._closing and record.id not in ended:
                self.finish(record, CloseReason(record.close_reason))

    def finish(
        self, record: ViewRecord, reason: CloseReason, closer: asyncio.Task[Any] | None = None
    ) -> asyncio.Task[None]:
        """Go on after the claim, in a task of the core's own.

        Args:
            closer: whoever asked; if it answers a press on this view, it is not waited for.
        """
        task = self._closing.get(record.id)
        if task is None:
            with acting_for(None):
                work = self._finish(record, reason, closer)
                task = self._closing[record.id] = spawn(work, name=f"close view {record.id}")
            task.add_done_callback(lambda _: self._end_of(record.id))
        return task

    def _end_of(self, record_id: int) -> None:
        self._closing.pop(record_id, None)
        for ended in self._reading:
            ended.add(record_id)

    def dismiss(self, view: disnake.ui.View) -> None:
        """End a short or adopted view that was stopped, on each of its messages."""
        for live in self._live.of(view):
            self.end(live, CloseReason.DISMISSED)

    def end(self, live: LiveView, reason: CloseReason) -> None:
        """End a short or adopted view on one message, from where nothing can be awaited."""
        self._behind(self._end(live, reason), f"end {live.name}")

    def replaced(self, live: LiveView) -> None:
        """End a live view whose message does not show it any more.

        It is finished at once: its author may show it again before its end has been written.
        """
        self.end(live, CloseReason.REPLACED)
        if not self._live.is_shown(live.view):
            leave(live.view)

    def taken(self, message_id: int) -> None:
        """End the durable view on a message that shows somebody else's components now."""
        self._behind(self._end_taken(message_id), f"message {message_id} is taken")

    def _behind(self, work: Coroutine[Any, Any, None], name: str) -> None:
        with acting_for(None):
            task = spawn(work, name=name)
        self._dismissing.add(task)
        task.add_done_callback(self._dismissing.discard)

    async def _end(self, live: LiveView, reason: CloseReason) -> None:
        await self.close(await live.recorded(), reason)

    async def _end_taken(self, message_id: int) -> None:
        on_it = ViewRecord.filter(message_id=message_id, state=ViewState.OPEN)
        for record in await on_it.filter(kind=ViewKind.DURABLE):
            await self.close(record.id, CloseReason.REPLACED, message_lost=True)

    def is_busy(self) -> bool:
        """Whether a close is under way."""
        return bool(self._closing or self._calls or self._dismissing)

    async def settle(self) -> None:
        """Wait until every close under way has run its hook."""
        while tasks := [*self._closing.values(), *self._calls, *self._dismissing]:
            await asyncio.wait(tasks)

    async def _finish(
        self, record: ViewRecord, reason: CloseReason, closer: asyncio.Task[Any] | None
    ) -> None:
        self._counters.closes(record, reason)
        live = self._live.with_record(record.id)
        if live is not None:
            self._live.remove(live)
        await self._presses.finish(record.id, closer)
        edit = await self._hook(record, reason, live)
        # The hook has run: it is not run again because the database was away.
        note = partial(self._note_end, record, reason, edit)
        await until_written(partial(self._ends.write, note), what="a view's end")
        if live is None or self._live.is_shown(live.view):
            return
        if reason is not CloseReason.REPLACED:  # else it was left, and may have come back
            live.view.stop()
            sever(live.view)
        self._leaks.closed(live, may_return=reason is CloseReason.REPLACED)

    async def _hook(
        self, record: ViewRecord, reason: CloseReason, live: LiveView | None
    ) -> dict[str, Any]:
        """Run `on_close`, isolated and bounded, and say what the message shows from now on."""
        closing = Closing(record.key, reason, record.scope, record.locale)
        name = f"on_close of {record.plugin}.{record.view}"
        try:
            with acting_for(record.plugin):
                rendering = await bounded(
                    self._on_close(record, closing, live), HOOK_SECONDS, name=name
                )
        except Exception as error:
            self._counters.hook_failures += 1
            logger.bind(plugin=record.plugin).opt(exception=error).error(
                "plugin {}: {} failed (key {})", record.plugin, name, record.key
            )
            self._on_failure(record.plugin, name, error)
            rendering = None
        note = ""
        if reason is CloseReason.UNLOAD and record.kind is ViewKind.DURABLE:
            note = self._catalogue.say("core.view.paused", record.locale)
        if rendering is None:
            return WITHOUT_COMPONENTS
        if isinstance(rendering, DeleteMessage):
            return rendering.as_payload()
        return rendering.ended(note).as_payload()

    async def _on_close(
        self, record: ViewRecord, closing: Closing, live: LiveView | None
    ) -> Rendering | DeleteMessage | None:
        if record.kind is ViewKind.DURABLE:
            definition = self._definitions.get((record.plugin, record.view))
            return await definition.on_close(closing) if definition is not None else None
        if live is None:
            return None  # left over by a process that died
        if isinstance(live.view, ShortView):
            return await live.view.on_close(closing)
        if closing.reason is CloseReason.TIMEOUT:
            await live.view.on_timeout()
        return None

    async def _note_end(
        self, record: ViewRecord, reason: CloseReason, edit: dict[str, Any]
    ) -> None:
        reopens = reason is CloseReason.UNLOAD and record.kind is ViewKind.DURABLE
        async with transaction():
            await ViewRecord.filter(id=record.id, state=ViewState.CLOSING).update(
                state=ViewState.PAUSED if reopens else ViewState.CLOSED,
                process=None,
            )
            await self.owe_last_edit(record.id, edit, for_good=not reopens)

    async def owe_last_edit(
        self, record_id: int, edit: dict[str, Any], *, for_good: bool = True
    ) -> None:
        """Have a closed view's message edited, after the commit of the open transaction."""
        lane = f"view:{record_id}"
        if for_good:  # a message that is to be sent later would hold the end up
            await self._jobs.take_back(lane)
        await self._jobs.put(
            CORE,
            LAST_EDIT,
            str(record_id),
            payload={"edit": edit},
            lane=lane,
            priority=Priority.LAST_EDIT,
        )
