"""From a press on Discord to the code that answers it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import disnake
from loguru import logger

from core.answering import Answering
from core.clock import CLOCK_SKEW, Clock
from core.context import current_plugin
from core.interactions import ErrorDesk, reply
from core.models import ViewRecord, ViewState
from core.tasks import contained, spawn
from core.text import Catalogue
from core.views.custom_id import CustomId
from core.views.durable import DurableView
from core.views.live import LiveView
from core.views.press import Press
from core.views.presses import PressesInFlight
from core.views.statistics import Counters
from core.views.tokens import fresh_token

__all__ = ["PressRouter"]


class PressRouter:
    """Finds what was pressed and runs its action, inside the error boundary."""

    def __init__(
        self,
        *,
        clock: Clock,
        desk: ErrorDesk,
        catalogue: Catalogue,
        definitions: dict[tuple[str, str], DurableView],
        presses: PressesInFlight,
        counters: Counters,
        is_closing: Callable[[int], bool],
    ) -> None:
        self._clock = clock
        self._desk = desk
        self._catalogue = catalogue
        self._definitions = definitions
        self._presses = presses
        self._counters = counters
        self._is_closing = is_closing
        self._tasks: set[asyncio.Task[None]] = set()

    def press_durable(self, inter: disnake.MessageInteraction[Any], custom_id: CustomId) -> None:
        """A press on a durable view: the custom_id names the row, the row decides."""
        self.start(self._press_durable(inter, custom_id))

    async def _press_durable(
        self, inter: disnake.MessageInteraction[Any], custom_id: CustomId
    ) -> None:
        view = self._definitions.get((custom_id.plugin, custom_id.view))
        where = f"{custom_id.plugin}.{custom_id.view}:{custom_id.action}"
        if view is None:
            text = self._catalogue.say("core.press.paused", inter.locale)
            await self._desk.guard(inter, reply(inter, text), plugin=None, where=where)
            return
        current_plugin.set(view.plugin)  # the context is this task's own, and ends with it
        with Answering(inter):
            try:
                # Before the boundary around the plugin's work: it would cost its time each press.
                record = await self._open_record(inter, view, custom_id.key)
            except Exception as error:
                await self._desk.report(inter, error, plugin=None, where=where)
                return
            answer = self._answer_durable(inter, view, custom_id.action, record)
            await self._desk.guard(inter, answer, plugin=view.plugin, where=where)

    def press_live(
        self,
        live: LiveView,
        item: disnake.ui.Item[Any],
        inter: disnake.MessageInteraction[Any],
    ) -> None:
        """A press on a short or an adopted view."""
        self.start(self._answer_live(live, item, inter))

    async def _answer_durable(
        self,
        inter: disnake.MessageInteraction[Any],
        view: DurableView,
        action_name: str,
        record: ViewRecord | None,
    ) -> None:
        action = view.actions.get(action_name)
        if record is None or action is None:
            await self._say_ended(inter)
            return
        if record.user_id is not None and record.user_id != inter.author.id:
            await reply(inter, self._catalogue.say("core.press.not_yours", inter.locale))
            return
        with self._presses.on(record.id):
            if self._is_closing(record.id):  # since the row was read
                await self._say_ended(inter)
                return
            press = Press(inter, record)
            try:
                await action(view, press)
                await press.acknowledge()
            finally:
                await self._note_press(record, press, view)

    async def _open_record(
        self, inter: disnake.MessageInteraction[Any], view: DurableView, key: str
    ) -> ViewRecord | None:
        """The open row of the view on that very message: an older message of it has ended."""
        record = await ViewRecord.get_or_none(
            plugin=view.plugin, view=view.name, key=key, state=ViewState.OPEN
        )
        if record is None or record.message_id == inter.message.id:
            return record
        if record.message_id is not None or not _may_be_on(record, inter.message):
            return None
        # Sent by a process that died before it learned the message's id, or just now.
        await ViewRecord.filter(id=record.id, message_id__isnull=True).update(
            message_id=inter.message.id, channel_id=inter.channel_id
        )
        if record.channel_id is None:
            self._counters.located(inter.channel_id)
        return record

    async def _note_press(self, record: ViewRecord, press: Press, view: DurableView) -> None:
        """Keep the newest token that can edit the message, and put off the idle deadline."""
        changes: dict[str, Any] = {}
        now = self._clock.now()
        if press.owns_message:
            changes |= fresh_token(
                press.interaction.token, now, view=view if record.ephemeral else None
            )
        if view.idle_seconds is not None:
            changes["idle_deadline"] = now + timedelta(seconds=view.idle_seconds)
        if not changes:
            return
        try:
            # On this message only: the action may have shown another view in its place.
            noted = ViewRecord.filter(id=record.id, message_id=press.interaction.message.id)
            await noted.update(**changes)
        except Exception as error:  # the press has succeeded all the same
            logger.opt(exception=error).error("a press on {} could not be noted", view.name)

    async def press_ended(self, inter: disnake.MessageInteraction[Any]) -> None:
        """A press on what is known to have ended."""
        await self._desk.guard(inter, self._say_ended(inter), plugin=None, where="an ended view")

    async def _say_ended(self, inter: disnake.MessageInteraction[Any]) -> None:
        """Take the buttons away that outlived their view, and say so to whoever pressed."""
        text = self._catalogue.say("core.press.ended", inter.locale)
        if inter.message.flags.ephemeral:
            await inter.response.edit_message(content=text, embeds=[], components=[])
        else:
            await inter.response.edit_message(components=[])
            await inter.followup.send(text, ephemeral=True)

    async def _answer_live(
        self,
        live: LiveView,
        item: disnake.ui.Item[Any],
        inter: disnake.MessageInteraction[Any],
    ) -> None:
        view = live.view
        where = f"{live.plugin}.{live.name}"
        if live.user_id is not None and live.user_id != inter.author.id:
            text = self._catalogue.say("core.press.not_yours", inter.locale)
            await self._desk.guard(inter, reply(inter, text), plugin=None, where=where)
            return
        current_plugin.set(live.plugin)  # as above
        with (
            Answering(inter),
            self._presses.on(record_id := live.record_id or await live.recorded()),
        ):
            try:
                if not await view.interaction_check(inter):  # pyright: ignore[reportUnknownMemberType]
                    return
                if live.idle_seconds is not None:
                    # Written once the handler first waits: a press costs no time for it.
                    loop = asyncio.get_running_loop()
                    loop.call_soon(self._put_off_now, record_id, live.idle_seconds)
                # Once more: one view may be on many messages, and pressed on two of them at once.
                item.refresh_state(inter)  # pyright: ignore[reportUnknownMemberType]
                await contained(item.callback(inter), where)
            except Exception as error:
                stock = type(view).on_error is disnake.ui.View.on_error  # pyright: ignore[reportUnknownMemberType]
                own = None if stock else view.on_error(error, item, inter)  # pyright: ignore[reportUnknownMemberType]
                await self._desk.answer_for(inter, error, own, plugin=live.plugin, where=where)

    def _put_off_now(self, record_id: int, seconds: float) -> None:
        self.start(self._put_off(record_id, seconds))

    async def _put_off(self, record_id: int, seconds: float) -> None:
        """Have the view idle from now."""
        until = self._clock.now() + timedelta(seconds=seconds)
        await ViewRecord.filter(id=record_id).update(idle_deadline=until)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what a press asks for, in a task of its own."""
        task = spawn(work, name="press")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.opt(exception=error).error("{} failed", task.get_name())


def _may_be_on(record: ViewRecord, message: disnake.Message) -> bool:
    """Whether the view whose message is not known may be on this one, not on an older one of it."""
    origin = message.interaction_metadata
    if record.interaction_id is not None and origin is not None:
        return origin.id == record.interaction_id
    return message.created_at >= record.opened_at - CLOCK_SKEW
