"""Show an open durable view as it is now, though nobody has pressed it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import disnake
from loguru import logger

from core.blame import is_the_plugins
from core.clock import Clock
from core.context import acting_for
from core.discord_api import DiscordApi, Gone, Unreachable
from core.jobs import Priority
from core.limits import request_priority
from core.models import ViewRecord, ViewState
from core.tasks import bounded
from core.views.closing import WITHOUT_COMPONENTS
from core.views.durable import DurableView
from core.views.reasons import CloseReason
from core.views.rendering import Rendering
from core.views.tokens import is_alive

__all__ = ["Redrawing"]

AT_ONCE = 10
"""So many edits of one call are under way at a time."""

RENDER_SECONDS = 5.0

UNDER_WAY = timedelta(seconds=5)
"""How long an edit may take to reach Discord."""


class Redrawing:
    """Edits the messages of open durable views.

    Args:
        close: ends a view whose message turns out to be gone.
    """

    def __init__(
        self,
        api: DiscordApi,
        clock: Clock,
        definitions: dict[tuple[str, str], DurableView],
        close: Callable[[int, CloseReason], Awaitable[bool]],
    ) -> None:
        self._api = api
        self._clock = clock
        self._definitions = definitions
        self._close = close

    async def redraw(self, view: DurableView, keys: Iterable[str], *, by_bot: bool) -> int:
        """Edit the messages of the open views of those keys. Returns how many were edited.

        With an interaction's token, which counts towards no limit; where there is none that is
        alive, by the bot itself if `by_bot`, else not at all.

        Raises:
            disnake.HTTPException: when Discord cannot do it now.
        """
        records = await ViewRecord.filter(
            plugin=view.plugin, view=view.name, key__in=list(keys), state=ViewState.OPEN
        )
        now = self._clock.now()
        reachable = [
            record
            for record in records
            if is_alive(record.token_expires_at, now) or (by_bot and not record.ephemeral)
            if not _rests(view, record, now)
        ]
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(record: ViewRecord) -> bool:
            async with slots:
                rendering = await view.render(record.key, record.locale)
                return rendering is not None and await self._edit(record, rendering, by_bot=by_bot)

        edits = await asyncio.gather(*map(one, reachable), return_exceptions=True)
        for edit in edits:
            if isinstance(edit, BaseException):
                raise edit
        return sum(edit is True for edit in edits)

    async def rest(self) -> None:
        """Give each private message whose token is about to end the edit that stays true without
        us; see ``DurableView.rest``."""
        due = ViewRecord.filter(state=ViewState.OPEN, rest_at__lte=self._clock.now())
        for record in await due.limit(100):
            if not await ViewRecord.filter(id=record.id, rest_at=record.rest_at).update(
                rest_at=None
            ):
                continue  # pressed meanwhile: there is a new token
            try:
                await self._rest(record)
            except Exception as error:
                logger.bind(plugin=record.plugin).warning(
                    "view {}.{} {} was not put to rest: {}",
                    record.plugin,
                    record.view,
                    record.key,
                    error,
                )

    async def _rest(self, record: ViewRecord) -> None:
        view = self._definitions.get((record.plugin, record.view))
        if view is None:
            return
        with acting_for(record.plugin):
            rendering = await bounded(
                view.rest(record.key, record.locale), RENDER_SECONDS, name=f"rest of {view.name}"
            )
        if rendering is not None:
            await self._edit(record, rendering, by_bot=False)

    async def _edit(self, record: ViewRecord, rendering: Rendering, *, by_bot: bool) -> bool:
        payload = rendering.as_payload()
        with request_priority(Priority.PANEL):
            try:
                edited = await self._reach(record, payload, by_bot=by_bot)
                if not await ViewRecord.filter(id=record.id, state=ViewState.OPEN).exists():
                    # It ended meanwhile, and its last edit may have come first.
                    await self._reach(record, WITHOUT_COMPONENTS, by_bot=by_bot)
                return edited
            except (Gone, disnake.NotFound):
                await self._close(record.id, CloseReason.MESSAGE_DELETED)
            except disnake.Forbidden:
                await self._close(record.id, CloseReason.UNREACHABLE)
            except disnake.HTTPException as error:
                if not is_the_plugins(error):
                    raise
                logger.bind(plugin=record.plugin).error(
                    "plugin {}: Discord refuses what view {} shows: {}",
                    record.plugin,
                    record.view,
                    error,
                )
        return False

    async def _reach(self, record: ViewRecord, payload: dict[str, Any], *, by_bot: bool) -> bool:
        if record.token is not None and is_alive(record.token_expires_at, self._clock.now()):
            try:
                await self._api.edit_by_token(record.token, record.token_message, payload)
            except Unreachable:
                pass
            else:
                return True
        if not by_bot or record.ephemeral or record.channel_id is None or record.message_id is None:
            return False
        await self._api.edit_message(record.channel_id, record.message_id, payload)
        return True


def _rests(view: DurableView, record: ViewRecord, now: datetime) -> bool:
    """Whether its message shows what stays true already, or is about to: what is shown after that
    does not stay true."""
    if not (view.rests and record.ephemeral):
        return False
    return record.rest_at is None or record.rest_at - UNDER_WAY <= now
