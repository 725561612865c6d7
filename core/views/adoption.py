"""Stock views opened by a third party's cog: attributed to their plugin, held to the same ends."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import disnake
from loguru import logger

from core.clock import Clock
from core.context import ShownMessage, acting_for, current_plugin
from core.disnake_private import call_on_stop
from core.models import ViewKind, ViewRecord
from core.tasks import spawn
from core.views.closing import CORE, Closer
from core.views.live import LiveView, LiveViews
from core.views.reasons import CloseReason
from core.views.short import LONGEST_SHORT_VIEW_SECONDS, ShortView
from core.views.statistics import Counters
from core.views.tokens import fresh_token

__all__ = ["Adoption", "UnownedView"]

InGuild = disnake.abc.GuildChannel | disnake.Thread


class UnownedView(RuntimeError):
    """A stock view was shown by code that belongs to no plugin, and config.toml refuses those."""


class Adoption:
    """Makes live views of stock views."""

    def __init__(
        self,
        clock: Clock,
        live: LiveViews,
        counters: Counters,
        closer: Closer,
        *,
        process: str,
        unowned: str,
    ) -> None:
        self._clock = clock
        self._live = live
        self._counters = counters
        self._closer = closer
        self._process = process
        self._unowned = unowned
        self._number = count(2)
        """Tells one view's records apart, when it is on several messages."""

    def adopt(
        self,
        view: disnake.ui.View,
        message_id: int | None,
        shown: ShownMessage | None,
        channel: Any,
    ) -> LiveView:
        """Supervise a stock view that disnake has just shown.

        Args:
            message_id: the message it is on; None for any.
            shown: that message, when it has been sent or edited just now.
            channel: the channel of that, as far as disnake knows it.

        Raises:
            UnownedView: when no plugin owns it and the configuration refuses such.
        """
        plugin = current_plugin.get()
        short = isinstance(view, ShortView)  # a wizard's next step, in the place of the last one
        live = LiveView(
            view,
            kind=ViewKind.SHORT if short else self._kind(view, message_id, shown),
            plugin=plugin or CORE,
            name=view.name if short else type(view).__name__.lower()[:64],
            idle_seconds=view.idle_seconds if short else view.timeout,
        )
        self._live.add(live)
        call_on_stop(view, self._closer.dismiss)
        now = self._clock.now()
        limit = view.limit_seconds if short else None
        if limit is None and shown is not None and shown.ephemeral:
            limit = LONGEST_SHORT_VIEW_SECONDS  # afterwards nobody could take its buttons away
        record = ViewRecord(
            kind=live.kind,
            plugin=live.plugin,
            view=live.name,
            key=view.id if len(self._live.of(view)) == 1 else f"{view.id}.{next(self._number)}",
            message_id=message_id,
            **self._place(shown, channel),
            process=self._process,
            opened_at=now,
            idle_seconds=live.idle_seconds,
            idle_deadline=now + timedelta(seconds=live.idle_seconds) if live.idle_seconds else None,
            deadline=now + timedelta(seconds=limit) if limit else None,
        )
        self._counters.opens(record)
        with acting_for(None):
            live.saving = spawn(self._save(live, record), name="record an adopted view")
        if plugin is None and self._unowned == "refuse":
            self._closer.end(live, CloseReason.ERROR)  # it is on Discord already
            raise UnownedView(
                f'{type(view).__qualname__} belongs to no plugin, and [views] unowned = "refuse"'
            )
        return live

    def learn(self, live: LiveView, message: disnake.Message) -> LiveView:
        """A view that hears every message was pressed on one: it is known to be there from now on,
        and ends there with its plugin."""
        shown = ShownMessage(message.id, message.channel.id)
        with acting_for(live.plugin):
            return self.adopt(live.view, message.id, shown, message.channel)

    def _kind(
        self, view: disnake.ui.View, message_id: int | None, shown: ShownMessage | None
    ) -> ViewKind:
        private = shown is not None and shown.ephemeral
        added = message_id is None or self._live.is_heard_everywhere(view)
        if view.is_persistent() and added and not private:
            return ViewKind.PERSISTENT  # its author adds it again when the bot next starts
        return ViewKind.ADOPTED

    def _place(self, shown: ShownMessage | None, channel: Any) -> dict[str, Any]:
        """Where the view is, and what can edit it there."""
        if shown is None:
            return {}
        place: dict[str, Any] = {
            "guild_id": channel.guild.id if isinstance(channel, InGuild) else None,
            "parent_channel_id": channel.parent_id if isinstance(channel, disnake.Thread) else None,
            "channel_id": shown.channel_id,
            "ephemeral": shown.ephemeral,
        }
        if shown.token is not None:
            place |= fresh_token(shown.token, self._clock.now(), message=shown.token_message)
        return place

    async def _save(self, live: LiveView, record: ViewRecord) -> None:
        try:
            await record.save()
        except Exception as error:
            logger.opt(exception=error).error(
                "the record of an adopted view could not be written: it ends now"
            )
            self._live.remove(live)
            live.view.stop()
            return
        live.record_id = record.id
        live.saving = None
        if live in self._live.of(live.view):
            self._live.add(live)
