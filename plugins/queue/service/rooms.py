"""The room of a match: a private thread, made once and closed in the end."""

from __future__ import annotations

from datetime import timedelta

import disnake

from core.db import transaction
from core.discord_api import Gone
from core.jobs import GiveUp, Later, OwedJob
from core.models import ViewRecord
from core.plugin import PluginContext
from core.views import DurableView
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.match import Illegal, MatchState, RoomLost
from plugins.queue.models import Match
from plugins.queue.service.entries import entry_scope
from plugins.queue.service.matches import CONFIRM_DEADLINE, MatchService, match_scope
from plugins.queue.service.reading import read_match

__all__ = ["MAKE_ROOM", "ROOM_ATTEMPTS", "RoomService"]

MAKE_ROOM = "make_room"
ROOM_ATTEMPTS = 5
"""About half a minute: then the players are better off in the queue."""

CLOSE_RETRY_SECONDS = 2.0


class RoomService:
    """Handlers of the jobs that make and close rooms."""

    def __init__(
        self, context: PluginContext[QueueConfig], matches: MatchService, view: DurableView
    ) -> None:
        self._context = context
        self._matches = matches
        self._view = view

    async def make(self, job: OwedJob) -> None:
        """Make the room and post the match in it, unless an earlier try has made it."""
        match = await Match.get_or_none(
            id=int(job.key), state=MatchState.FOUND, room_id__isnull=True
        )
        ladder = self._context.config.ladder(match.ladder) if match is not None else None
        if match is None:
            return
        if ladder is None:
            raise GiveUp(f"there is no ladder {match.ladder} in config.toml any more")
        name = self._context.text("match.room_name", number=match.id)
        room_id: int | None = None
        try:
            if job.attempt > 1:
                # A thread has no nonce: an earlier try may have made it and then died.
                room_id = await self._context.api.active_thread(
                    match.guild_id, ladder.room_channel_id, name
                )
            if room_id is None:
                room_id = await self._context.api.create_private_thread(
                    ladder.room_channel_id, name
                )
        except (Gone, disnake.Forbidden) as error:
            raise GiveUp(
                f"[plugins.queue] room_channel_id {ladder.room_channel_id} of ladder"
                f" {ladder.name}: the bot cannot make a private thread there ({error})"
            ) from None
        await self._open(match, room_id, ladder)

    async def failed(self, job: OwedJob, error: Exception) -> None:
        """There will be no room: the match is void, and both wait again."""
        self._context.log.error("match {} has no room and is void: {}", job.key, error)
        try:
            await self._matches.apply(int(job.key), RoomLost())
        except Illegal:
            return  # it ended in another way

    async def close(self, job: OwedJob) -> None:
        """Put the room to sleep, once its last message has been edited."""
        match_id = int(job.key)
        if await ViewRecord.filter(scope=match_scope(match_id)).exists():
            raise Later(CLOSE_RETRY_SECONDS)
        match = await Match.get_or_none(id=match_id)
        if match is not None and match.room_id is not None:
            try:
                await self._context.api.edit_thread(match.room_id, archived=True)
            except (Gone, disnake.Forbidden, disnake.NotFound):
                return

    async def _open(self, match: Match, room_id: int, ladder: LadderConfig) -> None:
        async with transaction():
            confirm_by = self._context.clock.now() + timedelta(seconds=ladder.confirm_seconds)
            won = await Match.filter(
                id=match.id, state=MatchState.FOUND, room_id__isnull=True
            ).update(room_id=room_id, confirm_by=confirm_by)
            if not won:
                return
            page = await read_match(match.id)
            if page is None:
                return
            await self._context.views.post(
                self._view,
                str(match.id),
                room_id,
                scope=match_scope(match.id),
                guild_id=match.guild_id,
                parent_channel_id=ladder.room_channel_id,
                locale=self._context.guild_locale(match.guild_id),
            )
            await self._context.jobs.put(CONFIRM_DEADLINE, str(match.id), due_at=confirm_by)
            for seat in page.seats:
                await self._context.views.owe_scope_end(entry_scope(seat.entry_id))
