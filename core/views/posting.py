"""Put a durable view on a message of its own, exactly once, and bring a paused one back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import disnake
from loguru import logger

from core.discord_api import DiscordApi, Gone, Unreachable
from core.jobs import OwedJob
from core.models import ViewRecord, ViewState
from core.views.custom_id import CustomId
from core.views.durable import DurableView
from core.views.reasons import CloseReason
from core.views.statistics import Counters

__all__ = ["POST_VIEW", "REOPEN_VIEW", "Posting"]

POST_VIEW = "post_view"
REOPEN_VIEW = "reopen_view"


class Posting:
    """Handlers of the jobs that show durable views."""

    def __init__(
        self,
        api: DiscordApi,
        definitions: dict[tuple[str, str], DurableView],
        counters: Counters,
        close: Callable[[int, CloseReason], Awaitable[bool]],
    ) -> None:
        self._api = api
        self._definitions = definitions
        self._counters = counters
        self._close = close

    async def post(self, job: OwedJob) -> None:
        """Send the message of a view, unless an earlier try has sent it."""
        record = await ViewRecord.get_or_none(id=int(job.key), message_id__isnull=True)
        if record is None or record.channel_id is None:
            return
        if (
            job.attempt > 1
            and (found := await self._sent_earlier(record, record.channel_id)) is not None
        ):
            await self._note(record, found)
            return
        view = self._definitions.get((record.plugin, record.view))
        if view is None or record.state is not ViewState.OPEN:
            return
        rendering = await view.render(record.key, record.locale)
        if rendering is None:
            await self._close(record.id, CloseReason.UNREACHABLE)
            return
        try:
            message = await self._api.send_message(
                record.channel_id, rendering.as_payload(), nonce=f"view-{record.id}"
            )
        except (Gone, disnake.Forbidden) as error:
            logger.warning(
                "view {}.{} {} cannot be shown: {}", record.plugin, record.view, record.key, error
            )
            await self._close(record.id, CloseReason.UNREACHABLE)
            return
        await self._note(record, int(message["id"]))

    async def reopen(self, job: OwedJob) -> None:
        """Show a paused view's buttons again, or forget it when there is nothing left to show."""
        record = await ViewRecord.get_or_none(id=int(job.key), state=ViewState.PAUSED)
        if record is None:
            return
        view = self._definitions.get((record.plugin, record.view))
        if view is None:
            return
        rendering = await view.render(record.key, record.locale)
        if rendering is None or not rendering.rows:
            await record.delete()
            return
        opened = await ViewRecord.filter(id=record.id, state=ViewState.PAUSED).update(
            state=ViewState.OPEN, close_reason=None
        )
        if not opened:
            return
        self._counters.opens(record)
        try:
            await self._show_again(record, rendering.as_payload())
        except (Gone, Unreachable) as error:
            # Nobody can press what nobody can see.
            await ViewRecord.filter(id=record.id).delete()
            logger.info(
                "view {}.{} {} is not reopened: {}", record.plugin, record.view, record.key, error
            )

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
            for row in message.get("components", ()):
                for component in row.get("components", ()):
                    custom_id = CustomId.parse(component.get("custom_id", ""))
                    if custom_id is not None and custom_id[:3] == identity:
                        return int(message["id"])
        return None

    async def _note(self, record: ViewRecord, message_id: int) -> None:
        await ViewRecord.filter(id=record.id).update(message_id=message_id)
