"""The room of a match: a private thread, or direct messages with each player.

It is made once and closed in the end. Direct messages are opened only where the ladder offers them
and both players chose them; when one of them cannot be written to, a thread takes their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import disnake

from core.db import fetch, transaction
from core.discord_api import Gone
from core.jobs import GiveUp, Later, OwedJob
from core.models import ViewRecord
from core.plugin import PluginContext
from core.views import DurableView
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.match import Illegal, MatchState, RoomLost
from plugins.queue.models import Match, MatchParticipant, Player, RoomChoice
from plugins.queue.service.entries import entry_scope
from plugins.queue.service.keys import MatchKey
from plugins.queue.service.matches import (
    CONFIRM_DEADLINE,
    MatchService,
    dm_scope,
    match_scope,
)
from plugins.queue.service.notices import Notices
from plugins.queue.service.reading import MatchPage, Seat, read_match

__all__ = ["MAKE_ROOM", "ROOM_ATTEMPTS", "RoomService"]

MAKE_ROOM = "make_room"
ROOM_ATTEMPTS = 5
"""About half a minute: then the players are better off in the queue."""

CLOSE_RETRY_SECONDS = 2.0


class RoomService:
    """Handlers of the jobs that make and close rooms."""

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        matches: MatchService,
        notices: Notices,
        view: DurableView,
    ) -> None:
        self._context = context
        self._matches = matches
        self._notices = notices
        self._view = view

    async def make(self, job: OwedJob) -> None:
        """Make the room and post the match in it, unless an earlier try has made it."""
        page = await read_match(int(job.key))
        if page is None or _has_room(page):
            return
        ladder = self._context.config.ladder(page.match.ladder)
        if page.snapshot.state.is_over:
            if ladder is not None and job.attempt > 1:
                with suppress(Gone, disnake.Forbidden):
                    await self._sleep(await self._made_before(page, ladder))
            return
        if ladder is None:
            raise GiveUp(f"there is no ladder {page.match.ladder} in config.toml any more")
        if ladder.room == "dm" and not job.payload.get("thread"):
            channels = await self._direct_messages(page.seats)
            if channels is not None:
                await self._open_dms(page, ladder, channels)
                return
        await self._open_thread(page, ladder, await self._thread(page, ladder, job.attempt))

    async def dm_refused(self, match_id: int) -> None:
        """A player cannot be written to: a thread takes the place of the direct messages."""
        async with transaction():
            played_by_dm = await MatchParticipant.filter(
                match_id=match_id, dm_id__isnull=False
            ).update(dm_id=None)
            if played_by_dm:
                await self._context.jobs.put(
                    MAKE_ROOM, str(match_id), payload={"thread": True}, lane=f"room:{match_id}"
                )
                await self._context.views.owe_scope_end(dm_scope(match_id))

    async def failed(self, job: OwedJob, error: Exception) -> None:
        """There will be no room: the match is void, and both wait again if it had not begun."""
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
        if match is not None:
            await self._sleep(match.room_id)

    async def _sleep(self, room_id: int | None) -> None:
        if room_id is not None:
            with suppress(Gone, disnake.Forbidden, disnake.NotFound):
                await self._context.api.edit_thread(room_id, archived=True)

    async def _direct_messages(self, seats: Sequence[Seat]) -> dict[int, int] | None:
        """The channels of both players' direct messages by side, or None to play in a thread."""
        players = {seat.side: await Player.get(id=seat.player_id) for seat in seats}
        if any(player.room is not RoomChoice.DM for player in players.values()):
            return None
        channels: dict[int, int] = {}
        for side, player in players.items():
            if player.dm_id is None:
                if player.discord_id is None:
                    return None
                try:
                    player.dm_id = await self._context.api.open_dm(player.discord_id)
                except disnake.HTTPException as error:
                    if error.status >= 500:
                        raise
                    self._context.log.info("direct messages cannot be opened: {}", error)
                    return None
                await Player.filter(id=player.id).update(dm_id=player.dm_id)
            channels[side] = player.dm_id
        return channels

    async def _thread(self, page: MatchPage, ladder: LadderConfig, attempt: int) -> int:
        """Make the thread, or find the one that an earlier attempt made."""
        name = ladder.room_title.format(number=page.match.id)
        room_id: int | None = None
        try:
            if attempt > 1:
                room_id = await self._made_before(page, ladder)
            if room_id is None:
                room_id = await self._context.api.create_private_thread(
                    ladder.room_channel_id, name
                )
        except (Gone, disnake.Forbidden) as error:
            raise GiveUp(
                f"[plugins.queue] room_channel_id {ladder.room_channel_id} of ladder"
                f" {ladder.name}: the bot cannot make a private thread there ({error})"
            ) from None
        for user_id in await self._to_be_added(page):
            try:
                await self._context.api.add_to_thread(room_id, user_id)
            except (Gone, disnake.Forbidden, disnake.NotFound) as error:
                self._context.log.warning(
                    "match {}: player {} cannot be brought into the room under channel {}: {}",
                    page.match.id,
                    user_id,
                    ladder.room_channel_id,
                    error,
                )
        return room_id

    async def _made_before(self, page: MatchPage, ladder: LadderConfig) -> int | None:
        """The thread of an earlier try that has died since: a thread has no nonce."""
        return await self._context.api.active_thread(
            page.match.guild_id,
            ladder.room_channel_id,
            ladder.room_title.format(number=page.match.id),
        )

    async def _to_be_added(self, page: MatchPage) -> list[int]:
        """Whom a mention may not bring in, because they may not see the channel above."""
        rows = await fetch(
            "SELECT p.discord_id FROM queue_match_participant s"
            " JOIN queue_member m ON m.entry_id = s.entry_id AND m.player_id = s.player_id"
            " JOIN queue_player p ON p.id = s.player_id"
            " WHERE s.match_id = $1 AND NOT m.sees_rooms AND p.discord_id IS NOT NULL",
            page.match.id,
        )
        return [int(row["discord_id"]) for row in rows]

    async def _open_thread(self, page: MatchPage, ladder: LadderConfig, room_id: int) -> None:
        match = page.match
        async with transaction():
            if await self._claim(match, ladder, room_id=room_id):
                await self._context.views.post(
                    self._view,
                    str(MatchKey(match.id)),
                    room_id,
                    scope=match_scope(match.id),
                    guild_id=match.guild_id,
                    parent_channel_id=ladder.room_channel_id,
                    locale=self._context.guild_locale(match.guild_id),
                )
                await self._opened(page, ladder)
                return
        # The match has ended while the thread was made, or another process has made one.
        if not await Match.filter(id=match.id, room_id=room_id).exists():
            await self._sleep(room_id)

    async def _open_dms(
        self, page: MatchPage, ladder: LadderConfig, channels: dict[int, int]
    ) -> None:
        match = page.match
        async with transaction():
            if not await self._claim(match, ladder):
                return
            if await MatchParticipant.filter(match_id=match.id, dm_id__isnull=False).exists():
                return
            for seat in page.seats:
                await MatchParticipant.filter(match_id=match.id, side=seat.side).update(
                    dm_id=channels[seat.side]
                )
                await self._context.views.post(
                    self._view,
                    str(MatchKey(match.id, seat.side)),
                    channels[seat.side],
                    scope=dm_scope(match.id),
                    user_id=seat.discord_id,
                    locale=seat.locale,
                )
            await self._opened(page, ladder)

    async def _claim(
        self, match: Match, ladder: LadderConfig, *, room_id: int | None = None
    ) -> bool:
        """Note that the room is there. False when the match has ended, or has a room already."""
        seconds = timedelta(seconds=ladder.confirm_seconds)
        confirm_by = match.confirm_by or self._context.clock.now() + seconds
        going_on = [state.value for state in MatchState if not state.is_over]
        return bool(
            await Match.filter(id=match.id, state__in=going_on, room_id__isnull=True).update(
                room_id=room_id, confirm_by=confirm_by
            )
        )

    async def _opened(self, page: MatchPage, ladder: LadderConfig) -> None:
        if page.match.confirm_by is None:
            await self._context.jobs.put(
                CONFIRM_DEADLINE, str(page.match.id), after=ladder.confirm_seconds
            )
            await self._notices.owe_confirm_reminder(page.match.id, ladder)
        for seat in page.seats:
            await self._context.views.owe_scope_end(entry_scope(seat.entry_id))


def _has_room(page: MatchPage) -> bool:
    return page.match.room_id is not None or any(seat.dm_id is not None for seat in page.seats)
