"""The ViewSupervisor: every view a plugin opens is registered here, and here each of them ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from disnake.state import ConnectionState
from tortoise.expressions import Q

from core.clock import Clock
from core.db import transaction
from core.discord_api import DiscordApi
from core.disnake_private import replace_stores
from core.interactions import ErrorDesk
from core.jobs import JobHandler, JobQueue, JobRunner, Later, OwedJob
from core.models import ViewKind, ViewRecord, ViewState
from core.text import Catalogue
from core.views.adoption import Adoption
from core.views.closing import CORE, LAST_EDIT, WITHOUT_COMPONENTS, WITHOUT_MESSAGE, Closer
from core.views.custom_id import CustomId
from core.views.deadlines import ViewDeadlines
from core.views.durable import DurableView
from core.views.finished import show_finished_as_such
from core.views.last_edit import LastEdits
from core.views.leaks import LeakAudit
from core.views.live import LiveViews
from core.views.modals import SupervisedModalStore
from core.views.opening import Opener
from core.views.posting import Posting
from core.views.presses import PressesInFlight
from core.views.reasons import CloseReason
from core.views.redrawing import Redrawing
from core.views.routing import PressRouter
from core.views.statistics import Counters, ViewFeed, ViewStatistics
from core.views.store import SupervisedViewStore

__all__ = ["ViewSupervisor"]

END_SCOPE = "end_scope"
BATCH = 100


class ViewSupervisor:
    """Opens views, leads presses to them, and enforces their end.

    Args:
        process: this process's name, the same after a restart.
        unowned: what happens to a stock view that no plugin owns, "adopt" or "refuse".
        on_failure: told of each plugin's failing hook or press: (plugin, where, error).
    """

    def __init__(
        self,
        *,
        clock: Clock,
        api: DiscordApi,
        jobs: JobQueue,
        runner: JobRunner,
        desk: ErrorDesk,
        catalogue: Catalogue,
        process: str,
        unowned: str,
        on_failure: Callable[[str, str, Exception], None],
    ) -> None:
        self._api = api
        self._jobs = jobs
        self._runner = runner
        self._process = process
        self._desk = desk
        self._definitions: dict[tuple[str, str], DurableView] = {}
        self._live = LiveViews()
        self._counters = Counters()
        self._presses = presses = PressesInFlight()
        self.leaks = LeakAudit(clock, self._counters)
        self._closer = Closer(
            clock=clock,
            jobs=jobs,
            catalogue=catalogue,
            process=process,
            definitions=self._definitions,
            live=self._live,
            presses=presses,
            counters=self._counters,
            leaks=self.leaks,
            on_failure=on_failure,
        )
        self._router = PressRouter(
            clock=clock,
            desk=desk,
            catalogue=catalogue,
            definitions=self._definitions,
            presses=presses,
            counters=self._counters,
            is_closing=self._closer.is_closing,
        )
        self._adoption = Adoption(
            clock, self._live, self._counters, self._closer, process=process, unowned=unowned
        )
        self.redrawing = Redrawing(api, clock, self._definitions, self.close)
        self._deadlines = ViewDeadlines(
            clock, self._closer, process=process, rest=self.redrawing.rest
        )
        self._posting = Posting(api, jobs, self._definitions, self._counters, self.close)
        edits = LastEdits(api, clock, self._counters)
        runner.register(CORE, LAST_EDIT, JobHandler(edits.carry_out, edits.given_up))
        runner.register(CORE, END_SCOPE, JobHandler(self._end_scope))
        self.opener = Opener(
            clock=clock,
            process=process,
            definitions=self._definitions,
            live=self._live,
            counters=self._counters,
            closer=self._closer,
            deadlines=self._deadlines,
            posting=self._posting,
            api=api,
        )

    # -- life of the supervisor ------------------------------------------------------------

    def attach(self, state: ConnectionState) -> None:
        """Take the place of disnake's stores of views and modals. Once, at start."""
        show_finished_as_such()
        store = SupervisedViewStore(
            state, self._live, self._router, self._closer, self._adoption, self._api.showing
        )
        self._modals = SupervisedModalStore(state, self._desk, self._router.start)
        replace_stores(state, store, self._modals)
        self._api.on_edit = store.message_shows

    async def restore(self) -> None:
        """Count what is open already, and end what died with the process before this one. Once,
        before plugins open more."""
        was_open = Q(state=ViewState.OPEN) | Q(state=ViewState.CLOSING, process=self._process)
        for record in await ViewRecord.filter(was_open):
            self._counters.restored(record)
        await self._close_where(Q(process=self._process), CloseReason.SHUTDOWN)

    async def resume(self) -> None:
        """Go on where the process before this one left off. Once, when the plugins are loaded:
        the hooks of closes that were cut short are theirs. Views of plugins that are not loaded
        any more pause."""
        await self._closer.take_up()
        durable = ViewRecord.filter(kind=ViewKind.DURABLE, state=ViewState.OPEN)
        plugins = await durable.distinct().values("plugin")
        for name in {str(row["plugin"]) for row in plugins}:
            if not any(plugin == name for plugin, _ in self._definitions):
                await self.close_plugin(name)

    async def run(self) -> None:
        """Enforce deadlines, and look for leaks, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._deadlines.run())
            group.create_task(self.leaks.run())

    async def is_settled(self) -> bool:
        """Whether nobody presses, no view is overdue and none is being closed."""
        overdue = await self._deadlines.overdue(1)  # first: what is claimed meanwhile, is busy
        return not (overdue or self._presses.any() or self._closer.is_busy())

    async def shutdown(self) -> None:
        """End the views whose state dies with this process. Durable ones stay open."""
        self._modals.close_all()
        for live in self._live:
            await self.close(await live.recorded(), CloseReason.SHUTDOWN)
        await self._closer.settle()

    # -- plugins ---------------------------------------------------------------------------

    def register(self, plugin: str, view: DurableView) -> None:
        """Let presses on this durable view reach it.

        Raises:
            ValueError: when its name cannot stand in a custom_id, or the plugin has a view of
                that name already.
        """
        CustomId.check_word(getattr(view, "name", ""), f"{type(view).__name__}.name")
        if (plugin, view.name) in self._definitions:
            raise ValueError(f"plugin {plugin} has two views named {view.name}")
        if not any(name == plugin for name, _ in self._definitions):
            for kind, handler in self._posting.handlers().items():
                self._runner.register(plugin, kind, handler)
        view.plugin = plugin
        self._definitions[plugin, view.name] = view

    async def reopen(self, plugin: str) -> None:
        """Open the durable views again that were paused when the plugin was unloaded."""
        async with transaction():
            for record in await ViewRecord.filter(plugin=plugin, state=ViewState.PAUSED):
                await self._posting.owe_reopening(record)

    async def close_plugin(self, plugin: str) -> None:
        """End every view of a plugin that is unloaded: its durable ones visibly pause."""
        self._modals.close_plugin(plugin)
        for live in [live for live in self._live if live.plugin == plugin]:
            await self.close(await live.recorded(), CloseReason.UNLOAD)
        await self._close_where(Q(plugin=plugin), CloseReason.UNLOAD)

    async def forget_plugin(self, plugin: str) -> None:
        """Let no press reach the plugin's durable views any more."""
        for kind in self._posting.handlers():
            await self._runner.unregister(plugin, kind)
        for key in [key for key in self._definitions if key[0] == plugin]:
            del self._definitions[key]

    # -- closing ---------------------------------------------------------------------------

    async def close(self, record_id: int, reason: CloseReason) -> bool:
        """End one view; see :meth:`core.views.closing.Closer.close`."""
        return await self._closer.close(record_id, reason)

    async def close_scope(self, scope: str, reason: CloseReason = CloseReason.SCOPE_END) -> None:
        """End everything that was opened in a scope, whoever opened it."""
        await self._forget_paused(Q(scope=scope))
        await self._close_where(Q(scope=scope), reason)

    async def owe_scope_end(self, scope: str) -> None:
        """Have the scope closed after the commit of the open transaction, whatever happens."""
        await self._jobs.put(CORE, END_SCOPE, scope)

    async def channel_deleted(self, channel_id: int) -> None:
        """A channel or thread is gone, and with a channel its threads: Discord does not name the
        messages, nor those threads."""
        where = Q(channel_id=channel_id) | Q(parent_channel_id=channel_id)
        await self._end_where(where, CloseReason.MESSAGE_DELETED)

    async def guild_listed(
        self, guild_id: int, channels: Collection[int], threads: Collection[int]
    ) -> None:
        """That is what a guild has: channels that are not there were deleted while the bot was
        away. A thread that is not listed may only be archived, unless its channel is gone."""
        opened = ViewRecord.filter(guild_id=guild_id, state=ViewState.OPEN)
        there = {*channels, *threads}
        for row in await opened.distinct().values("channel_id", "parent_channel_id"):
            place: int | None = row["parent_channel_id"] or row["channel_id"]
            if place is not None and place not in there:
                await self.channel_deleted(place)

    async def guild_left(self, guild_id: int) -> None:
        """The bot is in that guild no more."""
        await self._end_where(Q(guild_id=guild_id), CloseReason.UNREACHABLE)

    async def message_deleted(self, *message_ids: int) -> None:
        """Messages are gone from Discord: whatever view was on them ends."""
        await self._end_where(Q(message_id__in=message_ids), CloseReason.MESSAGE_DELETED)

    # -- figures ---------------------------------------------------------------------------

    def watch(self) -> ViewFeed:
        """Views as they open and close from now on: ``with supervisor.watch() as feed``."""
        return ViewFeed(self._counters.feeds)

    async def oldest(self) -> datetime | None:
        """When the view that has been open longest was opened; None when none is open."""
        row = await ViewRecord.filter(state=ViewState.OPEN).order_by("opened_at").first()
        return row.opened_at if row is not None else None

    def presses_in_flight(self, record_id: int) -> int:
        """How many presses on that view are being answered now."""
        return self._presses.count(record_id)

    def stats(self) -> ViewStatistics:
        """The figures now, in constant time."""
        return self._counters.snapshot()

    async def _end_where(self, where: Q, reason: CloseReason) -> None:
        """Close what is open where nothing can be shown any more, and forget what is paused."""
        await self._forget_paused(where, WITHOUT_MESSAGE)
        await self._close_where(where, reason)

    async def _close_where(self, where: Q, reason: CloseReason) -> None:
        """Close every open view that `where` selects, a batch at a time."""
        while await self._close_some(where, reason):
            pass

    async def _close_some(self, where: Q, reason: CloseReason) -> bool:
        """Close a batch of them. False when there was none left."""
        records = await ViewRecord.filter(where, state=ViewState.OPEN).only("id").limit(BATCH)
        await self._closer.close_all([record.id for record in records], reason)
        return bool(records)

    async def _forget_paused(self, where: Q, changes: Mapping[str, Any] = {}) -> None:
        """What is paused will not be opened again. Its last edit, and the line about it, may still
        be on their way."""
        for record in await ViewRecord.filter(where, state=ViewState.PAUSED):
            async with transaction():
                await ViewRecord.filter(id=record.id, state=ViewState.PAUSED).update(
                    state=ViewState.CLOSED, **changes
                )
                await self._closer.owe_last_edit(record.id, WITHOUT_COMPONENTS)

    async def _end_scope(self, job: OwedJob) -> None:
        """A batch for each run: a job may take a minute, very many views may take longer."""
        scope = Q(scope=job.key)
        await self._forget_paused(scope)
        if await self._close_some(scope, CloseReason.SCOPE_END):
            raise Later(0)
