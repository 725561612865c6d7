"""The last edit of a closed view: nothing on Discord may look alive that is not.

It is a job, so it is retried through outages and restarts, behind everything players wait for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import disnake
from loguru import logger

from core.blame import is_the_plugins
from core.clock import Clock
from core.discord_api import DiscordApi, Gone, Unreachable
from core.jobs import GiveUp, Later, OwedJob, Priority
from core.limits import request_priority
from core.models import ViewKind, ViewRecord, ViewState
from core.views.reasons import CloseReason
from core.views.rendering import DeleteMessage
from core.views.statistics import Counters
from core.views.tokens import is_alive

__all__ = ["LastEdits"]

LEFT = "left to what took its place"

DELETION = DeleteMessage().as_payload()


class LastEdits:
    """Makes the last edit of a view, then forgets the view."""

    def __init__(self, api: DiscordApi, clock: Clock, counters: Counters) -> None:
        self._api = api
        self._clock = clock
        self._counters = counters

    async def carry_out(self, job: OwedJob) -> None:
        """Handler of the job ``last_edit``."""
        record = await ViewRecord.get_or_none(id=int(job.key))
        if record is None or record.state not in (ViewState.CLOSED, ViewState.PAUSED):
            return
        with request_priority(Priority.LAST_EDIT):
            try:
                outcome = await self._edit(record, job.payload["edit"])
            except disnake.HTTPException as error:
                if not is_the_plugins(error):
                    raise  # Discord's own trouble passes: it is tried for as long as it takes
                outcome = await self._plain(record, error)
        await self._forget(record, outcome)

    async def _plain(self, record: ViewRecord, refused: disnake.HTTPException) -> str:
        """Discord refuses what the view wants to show: the buttons go at least."""
        logger.bind(plugin=record.plugin).error(
            "plugin {}: Discord refuses what on_close of view {} shows: {}",
            record.plugin,
            record.view,
            refused,
        )
        try:
            return await self._edit(record, {"components": []})
        except disnake.HTTPException as error:
            if not is_the_plugins(error):
                raise
            raise GiveUp(str(error)) from None

    async def given_up(self, job: OwedJob, error: Exception) -> None:
        """The edit was refused for good: say so, and forget the view."""
        record = await ViewRecord.get_or_none(id=int(job.key))
        self._counters.last_edit_failures += 1
        if record is not None:
            await self._forget(record, f"refused ({error})")

    async def _edit(self, record: ViewRecord, edit: dict[str, Any]) -> str:
        if record.kind is not ViewKind.DURABLE and record.close_reason == CloseReason.REPLACED:
            return LEFT
        if record.kind is ViewKind.PERSISTENT and record.close_reason == CloseReason.SHUTDOWN:
            return "left to the next start"
        deletion = edit == DELETION
        if record.token is not None and is_alive(record.token_expires_at, self._clock.now()):
            try:
                if deletion:
                    await self._api.delete_by_token(record.token, record.token_message)
                else:
                    await self._api.edit_by_token(record.token, record.token_message, edit)
            except Unreachable:
                pass
            except (Gone, disnake.NotFound):
                return "message gone"
            else:
                return "arrived"
        if record.channel_id is None or record.message_id is None:
            return LEFT if record.close_reason == CloseReason.REPLACED else "never shown"
        if record.ephemeral:
            return "unreachable"
        try:
            if deletion:
                await self._api.delete_message(record.channel_id, record.message_id)
            else:
                await self._api.edit_message(record.channel_id, record.message_id, edit)
        except (Gone, disnake.NotFound):
            return "message gone"
        except disnake.Forbidden:
            return "not allowed"
        return "arrived"

    async def _forget(self, record: ViewRecord, outcome: str) -> None:
        if record.state is ViewState.PAUSED:
            # Its row stays: the view opens again when its plugin does. Without its reason the row
            # says that this end has been told, for when its scope ends meanwhile.
            paused = ViewRecord.filter(id=record.id, state=ViewState.PAUSED)
            if await paused.filter(close_reason__not_isnull=True).update(close_reason=None):
                _log_close(record, outcome, self._clock.now())
            return
        # Whoever sent the message may learn its id only now; then the edit is still to be made.
        shown = (
            {"message_id": record.message_id} if record.message_id else {"message_id__isnull": True}
        )
        token = {"token": record.token} if record.token else {"token__isnull": True}
        if not await ViewRecord.filter(id=record.id, **shown, **token).delete():
            raise Later(0)
        if record.close_reason is not None:
            _log_close(record, outcome, self._clock.now())


def _log_close(record: ViewRecord, outcome: str, now: datetime) -> None:
    logger.bind(plugin=record.plugin).info(
        "view closed: view={}.{} key={} scope={} reason={} age={:.0f}s edit={}",
        record.plugin,
        record.view,
        record.key,
        record.scope,
        record.close_reason,
        (now - record.opened_at).total_seconds(),
        outcome,
    )
