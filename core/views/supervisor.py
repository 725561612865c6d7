"""The ViewSupervisor: every view a plugin opens is registered here, and here each of them ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import disnake
from disnake.state import ConnectionState

from core.clock import Clock
from core.db import after_commit, fetch, transaction
from core.discord_api import DiscordApi
from core.disnake_private import replace_view_store
from core.interactions import AnyInteraction, ErrorDesk
from core.jobs import JobHandler, JobQueue, JobRunner, OwedJob
from core.models import ViewKind, ViewRecord, ViewState
from core.text import Catalogue
from core.views.adoption import Adoption
from core.views.closing import CORE, LAST_EDIT, WITHOUT_COMPONENTS, Closer
from core.views.custom_id import CustomId
from core.views.deadlines import ViewDeadlines
from core.views.durable import DurableView
from core.views.last_edit import LastEdits
from core.views.leaks import LeakAudit
from core.views.live import LiveView, LiveViews
from core.views.posting import POST_VIEW, REOPEN_VIEW, Posting
from core.views.presses import PressesInFlight
from core.views.reasons import CloseReason
from core.views.rendering import Rendering
from core.views.routing import TOKEN_LIFE, PressRouter
from core.views.short import ShortView
from core.views.statistics import Counters, ViewStatistics
from core.views.store import SupervisedViewStore

__all__ = ["ViewSupervisor"]

END_SCOPE = "end_scope"

LAST_EDIT_ATTEMPTS = 12
"""About twenty minutes of trying; by then a message is as good as gone."""


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
        jobs: JobQueue,
        runner: JobRunner,
        desk: ErrorDesk,
        catalogue: Catalogue,
        process: str,
        unowned: str,
        on_failure: Callable[[str, str, Exception], None],
    ) -> None:
        self._clock = clock
        self._jobs = jobs
        self._runner = runner
        self._process = process
        self._definitions: dict[tuple[str, str], DurableView] = {}
        self._live = LiveViews()
        self._counters = Counters()
        presses = PressesInFlight()
        self.leaks = LeakAudit(clock, self._counters)
        self._router = PressRouter(
            clock=clock,
            desk=desk,
            catalogue=catalogue,
            definitions=self._definitions,
            presses=presses,
            counters=self._counters,
        )
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
        self._adoption = Adoption(
            clock, self._live, self._counters, self._closer, process=process, unowned=unowned
        )
        self._deadlines = ViewDeadlines(clock, self._closer, process=process)

    # -- life of the supervisor ------------------------------------------------------------

    def attach(self, state: ConnectionState, api: DiscordApi) -> None:
        """Take the place of disnake's view store, and have last edits made. Once, at start."""
        store = SupervisedViewStore(
            state, self._live, adopt=self._adoption.adopt, press=self._router.press_live
        )
        replace_view_store(state, store)
        edits = LastEdits(api, self._clock, self._counters)
        posting = Posting(api, self._definitions, self._counters, self.close)
        for kind, handler in {
            LAST_EDIT: JobHandler(edits.carry_out, edits.failed, LAST_EDIT_ATTEMPTS),
            POST_VIEW: JobHandler(posting.post),
            REOPEN_VIEW: JobHandler(posting.reopen),
            END_SCOPE: JobHandler(self._end_scope),
        }.items():
            self._runner.register(CORE, kind, handler)

    async def recover(self) -> None:
        """Go on where a process of this name left off, and count what is open."""
        for record in await ViewRecord.filter(state=ViewState.OPEN):
            self._counters.restored(record)
        mine = ViewRecord.filter(process=self._process)
        for record in await mine.filter(state=ViewState.CLOSING):
            self._counters.restored(record)
            self._closer.finish(record, CloseReason(record.close_reason))
        for record in await mine.filter(state=ViewState.OPEN):
            await self.close(record.id, CloseReason.SHUTDOWN)

    async def run(self) -> None:
        """Enforce deadlines until cancelled."""
        await self._deadlines.run()

    async def shutdown(self) -> None:
        """End the views whose state dies with this process. Durable ones stay open."""
        for live in self._live:
            await live.saved.wait()
            await self.close(live.record.id, CloseReason.SHUTDOWN)
        await self._closer.settle()

    # -- plugins ---------------------------------------------------------------------------

    def register(self, plugin: str, view: DurableView) -> None:
        """Let presses on this durable view reach it.

        Raises:
            ValueError: when the plugin has a view of that name already.
        """
        if (plugin, view.name) in self._definitions:
            raise ValueError(f"plugin {plugin} has two views named {view.name}")
        view.plugin = plugin
        self._definitions[plugin, view.name] = view

    async def reopen(self, plugin: str) -> None:
        """Open the durable views again that were paused when the plugin was unloaded."""
        async with transaction():
            for record in await ViewRecord.filter(plugin=plugin, state=ViewState.PAUSED):
                await self._jobs.put(CORE, REOPEN_VIEW, str(record.id), lane=f"view:{record.id}")

    async def close_plugin(self, plugin: str) -> None:
        """End every view of a plugin that is unloaded: its durable ones visibly pause."""
        for live in [live for live in self._live if live.record.plugin == plugin]:
            await live.saved.wait()
            await self.close(live.record.id, CloseReason.UNLOAD)
        while (
            ids := await ViewRecord.filter(plugin=plugin, state=ViewState.OPEN)
            .limit(100)
            .values_list("id", flat=True)
        ):
            await self._close_all(ids, CloseReason.UNLOAD)

    def forget_plugin(self, plugin: str) -> None:
        """Let no press reach the plugin's durable views any more."""
        for key in [key for key in self._definitions if key[0] == plugin]:
            del self._definitions[key]

    # -- opening ---------------------------------------------------------------------------

    async def open(
        self,
        view: DurableView,
        key: str,
        *,
        scope: str | None = None,
        user_id: int | None = None,
        guild_id: int | None = None,
        channel_id: int | None = None,
        ephemeral: bool = False,
        locale: str = "en-US",
    ) -> ViewRecord:
        """Write that the view is open, in the transaction that causes it. SQL only.

        The same view of the same key open elsewhere ends as `replaced`. What shows it on Discord
        is :meth:`answer` afterwards, or :meth:`post` instead.
        """
        now = self._clock.now()
        async with transaction():
            replaced = await fetch(
                "UPDATE core_view SET state = 'closing', close_reason = 'replaced', process = $1"
                " WHERE plugin = $2 AND view = $3 AND key = $4 AND state = 'open' RETURNING id",
                self._process,
                view.plugin,
                view.name,
                key,
            )
            for row in replaced:
                old = await ViewRecord.get(id=row["id"])
                after_commit(partial(self._closer.finish, old, CloseReason.REPLACED))
            record = await ViewRecord.create(
                kind=ViewKind.DURABLE,
                plugin=view.plugin,
                view=view.name,
                key=key,
                version=view.version,
                scope=scope,
                user_id=user_id,
                guild_id=guild_id,
                channel_id=channel_id,
                ephemeral=ephemeral,
                locale=locale,
                opened_at=now,
                idle_seconds=view.idle_seconds,
                idle_deadline=_after(now, view.idle_seconds),
                deadline=_after(now, view.limit_seconds),
            )
            after_commit(lambda: self._opened(record))
        return record

    async def post(self, view: DurableView, key: str, channel_id: int, **opening: Any) -> None:
        """Open the view on a message of its own in a channel, after the commit.

        Takes what :meth:`open` takes.
        """
        async with transaction():
            record = await self.open(view, key, channel_id=channel_id, **opening)
            await self._jobs.put(CORE, POST_VIEW, str(record.id), lane=f"view:{record.id}")

    async def answer(self, inter: AnyInteraction, record: ViewRecord) -> None:
        """Show an opened durable view as the answer to an interaction."""
        view = self._definitions[record.plugin, record.view]
        rendering = await view.render(record.key, record.locale) or Rendering("…")
        shown = await _respond(inter, rendering.as_kwargs(), ephemeral=record.ephemeral)
        await self._shown(inter, record, shown)

    async def show(
        self,
        inter: AnyInteraction,
        view: ShortView,
        rendering: Rendering,
        *,
        plugin: str,
        scope: str | None = None,
    ) -> None:
        """Show a short view to whoever caused the interaction, and to nobody else."""
        now = self._clock.now()
        record = await ViewRecord.create(
            kind=ViewKind.SHORT,
            plugin=plugin,
            view=view.name,
            key=view.id,
            scope=scope,
            user_id=inter.author.id,
            guild_id=inter.guild_id,
            channel_id=inter.channel_id,
            ephemeral=True,
            locale=str(inter.locale),
            process=self._process,
            opened_at=now,
            idle_seconds=view.idle_seconds,
            idle_deadline=_after(now, view.idle_seconds),
            deadline=_after(now, view.limit_seconds),
        )
        live = LiveView(view, record)
        self._live.add(live)
        self._live.recorded(live)
        self._opened(record)
        kwargs = rendering.as_kwargs() | {"view": view}
        del kwargs["components"]
        try:
            shown = await _respond(inter, kwargs, ephemeral=True)
        except BaseException:
            await self.close(record.id, CloseReason.ERROR)
            raise
        await self._shown(inter, record, shown)

    # -- pressing --------------------------------------------------------------------------

    async def pressed(self, inter: disnake.MessageInteraction[Any]) -> None:
        """Answer a press if it is on a durable view; others come through the view store."""
        custom_id = CustomId.parse(inter.data.custom_id)
        if custom_id is not None:
            await self._router.press_durable(inter, custom_id)

    # -- closing ---------------------------------------------------------------------------

    async def close(self, record_id: int, reason: CloseReason) -> bool:
        """End one view; see :meth:`core.views.closing.Closer.close`."""
        return await self._closer.close(record_id, reason)

    async def close_scope(self, scope: str, reason: CloseReason = CloseReason.SCOPE_END) -> None:
        """End everything that was opened in a scope, whoever opened it."""
        await self._forget_paused(scope)
        while (
            ids := await ViewRecord.filter(scope=scope, state=ViewState.OPEN)
            .limit(100)
            .values_list("id", flat=True)
        ):
            await self._close_all(ids, reason)

    async def owe_scope_end(self, scope: str) -> None:
        """Have the scope closed after the commit of the open transaction, whatever happens."""
        await self._jobs.put(CORE, END_SCOPE, scope)

    async def message_deleted(self, *message_ids: int) -> None:
        """Messages are gone from Discord: whatever view was on them ends."""
        ids = await ViewRecord.filter(message_id__in=message_ids, state=ViewState.OPEN).values_list(
            "id", flat=True
        )
        await self._close_all(ids, CloseReason.MESSAGE_DELETED)

    # -- figures ---------------------------------------------------------------------------

    def stats(self) -> ViewStatistics:
        """The figures now, in constant time."""
        return self._counters.snapshot()

    # -- inside ----------------------------------------------------------------------------

    def _opened(self, record: ViewRecord) -> None:
        self._counters.opens(record)
        if record.deadline is not None or record.idle_deadline is not None:
            self._deadlines.changed.set()

    async def _shown(self, inter: AnyInteraction, record: ViewRecord, shown: _Shown) -> None:
        """Note where the view is, or, when it ended meanwhile, make its last edit here."""
        location = {
            "message_id": shown.message.id,
            "channel_id": inter.channel_id,
            "token": inter.token,
            "token_expires_at": self._clock.now() + TOKEN_LIFE,
            "token_message": shown.token_message,
        }
        if await ViewRecord.filter(id=record.id).update(**location):
            if record.channel_id is None:
                record.channel_id = inter.channel_id
                self._counters.located(inter.channel_id)
            return
        await shown.message.edit(components=[])

    async def _forget_paused(self, scope: str) -> None:
        """What is paused will not be opened again. Its last edit may still be on its way."""
        for record in await ViewRecord.filter(scope=scope, state=ViewState.PAUSED):
            async with transaction():
                await ViewRecord.filter(id=record.id, state=ViewState.PAUSED).update(
                    state=ViewState.CLOSED
                )
                await self._closer.owe_last_edit(record.id, WITHOUT_COMPONENTS)

    async def _close_all(self, ids: Any, reason: CloseReason) -> None:
        await asyncio.gather(*(self.close(record_id, reason) for record_id in ids))

    async def _end_scope(self, job: OwedJob) -> None:
        await self.close_scope(job.key)


class _Shown:
    """The message an interaction was answered with, and what it is to the interaction's token."""

    def __init__(self, message: Any, token_message: str) -> None:
        self.message = message
        self.token_message = token_message


async def _respond(inter: AnyInteraction, kwargs: dict[str, Any], *, ephemeral: bool) -> _Shown:
    kwargs = {name: value for name, value in kwargs.items() if value is not None}
    if inter.response.is_done():
        message = await inter.followup.send(wait=True, ephemeral=ephemeral, **kwargs)
        return _Shown(message, str(message.id))
    await inter.response.send_message(ephemeral=ephemeral, **kwargs)
    return _Shown(await inter.original_response(), "@original")


def _after(now: Any, seconds: float | None) -> Any:
    return None if seconds is None else now + timedelta(seconds=seconds)
