"""Open a view: write its record, show it on Discord, and note where it is."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import disnake
from loguru import logger
from tortoise.exceptions import IntegrityError

from core.clock import Clock
from core.context import just_shown
from core.db import after_commit, fetch, savepoint, transaction
from core.discord_api import DiscordApi, Gone, Unreachable
from core.disnake_private import call_on_stop
from core.interactions import AnyInteraction
from core.models import ViewKind, ViewRecord
from core.views.closing import WITHOUT_COMPONENTS, Closer
from core.views.custom_id import CustomId
from core.views.deadlines import ViewDeadlines
from core.views.durable import DurableView
from core.views.live import LiveView, LiveViews
from core.views.posting import Posting
from core.views.reasons import CloseReason
from core.views.rendering import Rendering
from core.views.short import ShortView, name_components
from core.views.statistics import Counters
from core.views.tokens import ORIGINAL, fresh_token

__all__ = ["Opener"]

LONGEST_ACTION = "a" * 20

TRIES = 20
"""How many may open the same view of the same key at the same moment: whoever loses to another
tries again, and each loss is another's success."""


class Opener:
    """Opens durable and short views."""

    def __init__(
        self,
        *,
        clock: Clock,
        process: str,
        definitions: dict[tuple[str, str], DurableView],
        live: LiveViews,
        counters: Counters,
        closer: Closer,
        deadlines: ViewDeadlines,
        posting: Posting,
        api: DiscordApi,
    ) -> None:
        self._clock = clock
        self._process = process
        self._definitions = definitions
        self._live = live
        self._counters = counters
        self._closer = closer
        self._deadlines = deadlines
        self._posting = posting
        self._api = api

    async def open(
        self,
        view: DurableView,
        key: str,
        *,
        scope: str | None = None,
        user_id: int | None = None,
        guild_id: int | None = None,
        parent_channel_id: int | None = None,
        channel_id: int | None = None,
        ephemeral: bool = False,
        locale: str = "en-US",
    ) -> ViewRecord:
        """Write that the view is open, in the transaction that causes it. SQL only.

        The same view of the same key open elsewhere ends as `replaced`. What shows it on Discord
        is :meth:`answer` afterwards, or :meth:`post` instead.

        Raises:
            ValueError: when `key` cannot stand in a custom_id.
        """
        str(CustomId(view.plugin, view.name, key, LONGEST_ACTION))  # refuse a bad key at once
        opening: dict[str, Any] = {
            "scope": scope,
            "user_id": user_id,
            "guild_id": guild_id,
            "parent_channel_id": parent_channel_id,
            "channel_id": channel_id,
            "ephemeral": ephemeral,
            "locale": locale,
        }
        async with transaction():
            for _ in range(TRIES - 1):
                try:
                    async with savepoint():
                        return await self._replace(view, key, opening)
                except IntegrityError:
                    continue  # another was opened at the same moment: it is seen now
            return await self._replace(view, key, opening)

    async def _replace(self, view: DurableView, key: str, opening: dict[str, Any]) -> ViewRecord:
        """Open it in place of what is open."""
        replaced = await fetch(
            "UPDATE core_view SET state = 'closing', close_reason = 'replaced', process = $1"
            " WHERE plugin = $2 AND view = $3 AND key = $4 AND state = 'open' RETURNING id",
            self._process,
            view.plugin,
            view.name,
            key,
        )
        record = self.record(view, key, kind=ViewKind.DURABLE, plugin=view.plugin, **opening)
        await record.save()
        # Only now: what fails is tried again.
        for row in replaced:
            old = await ViewRecord.get(id=row["id"])
            after_commit(partial(self._closer.finish, old, CloseReason.REPLACED))
        after_commit(lambda: self._opened(record))
        return record

    async def post(
        self,
        view: DurableView,
        key: str,
        channel_id: int,
        *,
        after: float = 0.0,
        **opening: Any,
    ) -> None:
        """Open the view on a message of its own in a channel, after the commit.

        Takes what :meth:`open` takes.

        Args:
            after: seconds until the message is sent. Should the view end before, it never is.
        """
        async with transaction():
            record = await self.open(view, key, channel_id=channel_id, **opening)
            await self._posting.owe_post(record, after=after)

    async def answer(self, inter: AnyInteraction, record: ViewRecord) -> None:
        """Show an opened durable view as the answer to an interaction."""
        view = self._definitions[record.plugin, record.view]
        rendering = await view.render(record.key, record.locale) or Rendering("…")
        await ViewRecord.filter(id=record.id).update(interaction_id=inter.id)
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
        """Show a short view to whoever caused the interaction, and to nobody else.

        Raises:
            ValueError: when it has ended already.
        """
        if view.is_finished():
            raise ValueError(f"{plugin}.{view.name} has ended already: show a new one")
        record = self.record(
            view,
            view.id,
            kind=ViewKind.SHORT,
            plugin=plugin,
            scope=scope,
            user_id=inter.author.id,
            guild_id=inter.guild_id,
            channel_id=inter.channel_id,
            interaction_id=inter.id,
            ephemeral=True,
            locale=str(inter.locale),
            process=self._process,
        )
        await record.save()
        self.keep(view, record)
        kwargs = rendering.as_kwargs() | {"view": view}
        del kwargs["components"]
        try:
            shown = await _respond(inter, kwargs, ephemeral=True)
        except BaseException:
            await self._closer.close(record.id, CloseReason.ERROR)
            raise
        await self._shown(inter, record, shown)

    def record(
        self, view: DurableView | ShortView, key: str, *, kind: ViewKind, **fields: Any
    ) -> ViewRecord:
        """The record of a view that opens now, not yet written."""
        now = self._clock.now()
        return ViewRecord(
            kind=kind,
            view=view.name,
            key=key,
            opened_at=now,
            idle_seconds=view.idle_seconds,
            idle_deadline=_after(now, view.idle_seconds),
            deadline=_after(now, view.limit_seconds),
            **fields,
        )

    def keep(self, view: ShortView, record: ViewRecord) -> LiveView:
        """Keep a short view whose record is written, until it ends."""
        name_components(view, record.plugin)
        live = LiveView(
            view,
            kind=ViewKind.SHORT,
            plugin=record.plugin,
            name=view.name,
            scope=record.scope,
            user_id=record.user_id,
            idle_seconds=view.idle_seconds,
            record_id=record.id,
        )
        call_on_stop(view, self._closer.dismiss)
        self._live.add(live)
        self._opened(record)
        return live

    def _opened(self, record: ViewRecord) -> None:
        self._counters.opens(record)
        if record.deadline is not None or record.idle_deadline is not None:
            self._deadlines.changed.set()

    async def _shown(self, inter: AnyInteraction, record: ViewRecord, shown: _Shown) -> None:
        """Note where the view is, or, when it ended meanwhile, make its last edit here."""
        location = {
            "message_id": shown.message_id,
            "channel_id": inter.channel_id,
            "guild_id": inter.guild_id,
            "parent_channel_id": _parent_of(inter.channel),
            **fresh_token(
                inter.token,
                self._clock.now(),
                message=shown.token_message,
                view=self._definitions.get((record.plugin, record.view))
                if record.ephemeral
                else None,
            ),
        }
        if await ViewRecord.filter(id=record.id).update(**location):
            if record.channel_id is None:
                record.channel_id = inter.channel_id
                self._counters.located(inter.channel_id)
            return
        with suppress(Gone, Unreachable, disnake.NotFound):
            await self._api.edit_by_token(inter.token, shown.token_message, WITHOUT_COMPONENTS)


class _Shown(NamedTuple):
    """The message an interaction was answered with, and what it is to the interaction's token."""

    message_id: int | None
    """None when Discord did not say; the first press on it will."""
    token_message: str


async def _respond(inter: AnyInteraction, kwargs: dict[str, Any], *, ephemeral: bool) -> _Shown:
    kwargs = {name: value for name, value in kwargs.items() if value is not None}
    if inter.response.is_done():
        message = await inter.followup.send(wait=True, ephemeral=ephemeral, **kwargs)
        return _Shown(message.id, str(message.id))
    await inter.response.send_message(ephemeral=ephemeral, **kwargs)
    shown = just_shown.get()
    if shown is not None and shown.token == inter.token:
        return _Shown(shown.message_id, shown.token_message)
    try:
        return _Shown((await inter.original_response()).id, ORIGINAL)
    except disnake.HTTPException as error:
        logger.warning("Discord does not say which message an answer became: {}", error)
        return _Shown(None, ORIGINAL)


def _parent_of(channel: object) -> int | None:
    return channel.parent_id if isinstance(channel, disnake.Thread) else None


def _after(now: Any, seconds: float | None) -> Any:
    return None if seconds is None else now + timedelta(seconds=seconds)
