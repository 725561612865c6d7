"""Put a durable view on a message of its own, exactly once, and bring a paused one back.

Both are jobs of the view's plugin: they wait while it is not loaded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import disnake
from loguru import logger

from core.clock import CLOCK_SKEW
from core.db import transaction
from core.discord_api import DiscordApi, Gone, Unreachable
from core.jobs import JobHandler, JobQueue, OwedJob
from core.models import ViewRecord, ViewState
from core.views.custom_id import CustomId
from core.views.durable import DurableView
from core.views.reasons import CloseReason
from core.views.statistics import Counters

__all__ = ["POST_VIEW", "REOPEN_VIEW", "Posting"]

POST_VIEW = "view.post"
REOPEN_VIEW = "view.reopen"

POST_ATTEMPTS = 8
"""About two minutes: whoever waits for the view is told otherwise by then."""


class Posting:
    """Handlers of the jobs that show durable views.

    Args:
        close: ends a view that cannot be shown.
    """

    def __init__(
        self,
        api: DiscordApi,
        jobs: JobQueue,
        definitions: dict[tuple[str, str], DurableView],
        counters: Counters,
        close: Callable[[int, CloseReason], Awaitable[bool]],
    ) -> None:
        self._api = api
        self._jobs = jobs
        self._definitions = definitions
        self._counters = counters
        self._close = close

    def handlers(self) -> dict[str, JobHandler]:
        """By kind."""
        return {
            POST_VIEW: JobHandler(self._post, self._not_posted, POST_ATTEMPTS),
            REOPEN_VIEW: JobHandler(self._reopen),
        }

    async def owe_post(self, record: ViewRecord, *, after: float = 0.0) -> None:
        """Have an open view's message sent, so many seconds after the commit of the open
        transaction."""
        await self._jobs.put(
            record.plugin, POST_VIEW, str(record.id), after=after, lane=f"view:{record.id}"
        )

    async def owe_reopening(self, record: ViewRecord) -> None:
        """Have a paused view opened again."""
        await self._jobs.put(record.plugin, REOPEN_VIEW, str(record.id), lane=f"view:{record.id}")

    async def _post(self, job: OwedJob) -> None:
        """Send the message of a view, unless an earlier try has sent it."""
        record = await ViewRecord.get_or_none(id=int(job.key), message_id__isnull=True)
        if record is None or record.channel_id is None:
            return
        try:
            if job.attempt > 1:
                found = await self._sent_earlier(record, record.channel_id)
                if found is not None:
                    await self._note(record, found)
                    return
            if record.state is ViewState.OPEN:
                await self._send(record, record.channel_id)
        except (Gone, disnake.Forbidden) as error:
            logger.warning(
                "view {}.{} {} cannot be shown: {}", record.plugin, record.view, record.key, error
            )
            await self._close(record.id, CloseReason.UNREACHABLE)

    async def _not_posted(self, job: OwedJob, error: Exception) -> None:
        """It cannot be shown at all: whoever waits for it is told by its end."""
        del error
        await self._close(int(job.key), CloseReason.ERROR)

    async def _send(self, record: ViewRecord, channel_id: int) -> None:
        view = self._definitions[record.plugin, record.view]
        rendering = await view.render(record.key, record.locale)
        if rendering is None:
            await self._close(record.id, CloseReason.UNREACHABLE)
            return
        message = await self._api.send_message(
            channel_id, rendering.as_payload(), nonce=f"view-{record.id}"
        )
        await self._note(record, int(message["id"]))

    async def _reopen(self, job: OwedJob) -> None:
        """Show a paused view's buttons again, or forget it when there is nothing left to show."""
        record = await ViewRecord.get_or_none(id=int(job.key), state=ViewState.PAUSED)
        view = self._definitions.get((record.plugin, record.view)) if record is not None else None
        if record is None or view is None:
            return
        paused = ViewRecord.filter(id=record.id, state=ViewState.PAUSED)
        rendering = await view.render(record.key, record.locale)
        if rendering is None or not rendering.rows:
            await paused.delete()
            return
        if record.message_id is None and not record.ephemeral:
            # It was paused before it was ever shown.
            async with transaction():
                if await paused.update(state=ViewState.OPEN, close_reason=None):
                    await self.owe_post(record)
        else:
            try:
                # Before the state: what fails here is tried again from the beginning.
                await self._show_again(record, rendering.as_payload())
            except (Gone, Unreachable, disnake.Forbidden) as error:
                logger.info(
                    "view {}.{} {} is not opened again: {}",
                    record.plugin,
                    record.view,
                    record.key,
                    error,
                )
                await paused.delete()
                return
            if not await paused.update(state=ViewState.OPEN, close_reason=None):
                return  # its scope has ended meanwhile, and its last edit is owed
        self._counters.opens(record)

    async def _show_again(self, record: ViewRecord, payload: dict[str, Any]) -> None:
        if record.token is not None:
            try:
                await self._api.edit_by_token(record.token, record.token_message, payload)
            except Unreachable:
                pass
            else:
                return
        if record.ephemeral or record.channel_id is None or record.message_id is None:
            raise Unreachable("its message can be edited by nobody")
        await self._api.edit_message(record.channel_id, record.message_id, payload)

    async def _sent_earlier(self, record: ViewRecord, channel_id: int) -> int | None:
        """The message an earlier try sent before it died: its components name the view.

        Discord's nonce would do for a few minutes; this does after any time.
        """
        identity = (record.plugin, record.view, record.key)
        for message in await self._api.recent_messages(channel_id):
            if disnake.utils.snowflake_time(int(message["id"])) < record.opened_at - CLOCK_SKEW:
                continue  # of the view that this one takes the place of
            for row in message.get("components", ()):
                for component in row.get("components", ()):
                    custom_id = CustomId.parse(component.get("custom_id", ""))
                    if custom_id is not None and custom_id[:3] == identity:
                        return int(message["id"])
        return None

    async def _note(self, record: ViewRecord, message_id: int) -> None:
        await ViewRecord.filter(id=record.id).update(message_id=message_id)
