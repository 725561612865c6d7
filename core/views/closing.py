"""The one path on which every view ends.

Claim it (open -> closing, compare-and-set), drop its routes, let presses in flight finish, run its
`on_close` hook, owe the last edit, sever what would keep it in memory. A process that dies on the
way leaves the row in `closing`, and its next start goes on from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import disnake
from loguru import logger

from core.clock import Clock
from core.context import acting_for
from core.db import forbid_in_transaction, transaction
from core.disnake_private import sever
from core.jobs import JobQueue, Priority
from core.models import ViewKind, ViewRecord, ViewState
from core.tasks import bounded, spawn
from core.text import Catalogue
from core.views.durable import Closing, DurableView
from core.views.leaks import LeakAudit
from core.views.live import LiveView, LiveViews
from core.views.presses import PressesInFlight
from core.views.reasons import CloseReason
from core.views.rendering import Rendering
from core.views.short import ShortView
from core.views.statistics import Counters

__all__ = ["CORE", "LAST_EDIT", "Closer"]

CORE = "core"
LAST_EDIT = "last_edit"

HOOK_SECONDS = 5.0
RETRY_SECONDS = 2.0

WITHOUT_COMPONENTS: dict[str, Any] = {"components": []}


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
        self._calls: set[asyncio.Task[bool]] = set()
        self._dismissing: set[asyncio.Task[None]] = set()

    async def close(self, record_id: int, reason: CloseReason) -> bool:
        """End one view. Returns after its hook; the last edit drains behind.

        Idempotent: called twice or from two sides at once, the first one's reason stands and the
        others wait for it. Returns whether this call was the one that closed it.
        """
        forbid_in_transaction("closing a view")
        caller = asyncio.current_task()
        with acting_for(None):  # nothing between claim and hook may be cut short by the caller
            work = self._close(record_id, reason, caller)
            task = spawn(work, name=f"close view {record_id}")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        return await asyncio.shield(task)

    async def _close(
        self, record_id: int, reason: CloseReason, caller: asyncio.Task[Any] | None
    ) -> bool:
        claimed = await self._claim(record_id, reason)
        task = self._closing.get(record_id)
        if claimed is not None:
            task = self.finish(claimed, reason, caller)
        # A press that did not win may be one that the close waits for: it does not wait back.
        if task is not None and (claimed or not self._presses.is_of(record_id, caller)):
            await asyncio.shield(task)
        return claimed is not None

    def is_closing(self, record_id: int) -> bool:
        """Whether this process is ending that view now."""
        return record_id in self._closing

    async def _claim(self, record_id: int, reason: CloseReason) -> ViewRecord | None:
        """Decide by compare-and-set that the view ends now, and why."""
        record = await ViewRecord.get_or_none(id=record_id, state=ViewState.OPEN)
        if record is None:
            return None
        won = await ViewRecord.filter(id=record_id, state=ViewState.OPEN).update(
            state=ViewState.CLOSING, close_reason=reason.value, process=self._process
        )
        return record if won else None

    async def take_up(self) -> None:
        """Go on with closes that were claimed and then cut short: by a crash, or by the database
        going away between the claim and its answer."""
        for record in await ViewRecord.filter(process=self._process, state=ViewState.CLOSING):
            if record.id not in self._closing:
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
            task.add_done_callback(lambda _: self._closing.pop(record.id, None))
        return task

    def dismiss(self, view: disnake.ui.View) -> None:
        """End a short or adopted view that was stopped, on each of its messages."""
        for live in self._live.of(view):
            self.end(live, CloseReason.DISMISSED)

    def end(self, live: LiveView, reason: CloseReason) -> None:
        """End a short or adopted view on one message, from where nothing can be awaited."""
        with acting_for(None):
            task = spawn(self._end(live, reason), name=f"end {live.name}")
        self._dismissing.add(task)
        task.add_done_callback(self._dismissing.discard)

    async def _end(self, live: LiveView, reason: CloseReason) -> None:
        await self.close(await live.recorded(), reason)

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
        while True:  # the hook has run: it is not run again because the database was away
            try:
                await self._note_end(record, reason, edit)
                break
            except Exception as error:
                logger.opt(exception=error).error("a last edit could not be noted, trying again")
                await asyncio.sleep(RETRY_SECONDS)
        if live is not None and not self._live.of(live.view) and not _comes_back(record, reason):
            live.view.stop()
            sever(live.view)
            self._leaks.closed(live)

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
        return rendering.ended(note).as_payload()

    async def _on_close(
        self, record: ViewRecord, closing: Closing, live: LiveView | None
    ) -> Rendering | None:
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
        gone = reason is CloseReason.MESSAGE_DELETED
        async with transaction():
            await ViewRecord.filter(id=record.id, state=ViewState.CLOSING).update(
                state=ViewState.PAUSED if reopens else ViewState.CLOSED,
                process=None,
                **({"message_id": None, "token": None} if gone else {}),
            )
            await self.owe_last_edit(record.id, edit)

    async def owe_last_edit(self, record_id: int, edit: dict[str, Any]) -> None:
        """Have a closed view's message edited, after the commit of the open transaction."""
        await self._jobs.put(
            CORE,
            LAST_EDIT,
            str(record_id),
            payload={"edit": edit},
            lane=f"view:{record_id}",
            priority=Priority.LAST_EDIT,
        )


def _comes_back(record: ViewRecord, reason: CloseReason) -> bool:
    """Whether a third party may show its view again: a menu's "back" does, and disnake would
    not show one that was stopped."""
    return record.kind is ViewKind.ADOPTED and reason is CloseReason.REPLACED
