"""Stock views opened by a third party's cog: attributed to their plugin, held to the same ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import disnake
from loguru import logger

from core.clock import Clock
from core.context import acting_for, current_interaction, current_plugin, just_sent
from core.disnake_private import call_on_stop
from core.models import ViewKind, ViewRecord
from core.tasks import spawn
from core.views.closing import CORE, Closer
from core.views.live import LiveView, LiveViews
from core.views.routing import TOKEN_LIFE
from core.views.statistics import Counters

__all__ = ["Adoption", "UnownedView"]


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

    def adopt(self, view: disnake.ui.View, message_id: int | None) -> LiveView:
        """Supervise a stock view that disnake has just shown.

        Raises:
            UnownedView: when no plugin owns it and the configuration refuses such.
        """
        plugin = current_plugin.get()
        if plugin is None and self._unowned == "refuse":
            raise UnownedView(
                f'{type(view).__qualname__} belongs to no plugin, and [views] unowned = "refuse"'
            )
        live = LiveView(
            view,
            kind=ViewKind.ADOPTED,
            plugin=plugin or CORE,
            name=type(view).__name__.lower()[:64],
            idle_seconds=view.timeout,
        )
        self._live.add(live)
        call_on_stop(view, self._closer.dismiss)
        now = self._clock.now()
        record = ViewRecord(
            kind=ViewKind.ADOPTED,
            plugin=live.plugin,
            view=live.name,
            key=view.id,
            message_id=message_id,
            **self._place(message_id),
            process=self._process,
            opened_at=now,
            idle_seconds=view.timeout,
            idle_deadline=now + timedelta(seconds=view.timeout) if view.timeout else None,
        )
        self._counters.opens(record)
        with acting_for(None):
            live.saving = spawn(self._save(live, record), name="record an adopted view")
        return live

    def _place(self, message_id: int | None) -> dict[str, Any]:
        """Where the view has just been shown, and what can edit it there."""
        sent = just_sent.get()
        if sent is not None and sent[0] == message_id:
            return {"channel_id": sent[1]}
        inter = current_interaction.get()
        if inter is None:
            return {}
        return {
            "guild_id": inter.guild_id,
            "channel_id": inter.channel_id,
            "token": inter.token,
            "token_expires_at": self._clock.now() + TOKEN_LIFE,
            "token_message": "@original" if message_id is None else str(message_id),
        }

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
        if self._live.of(live.view) is live:
            self._live.add(live)
