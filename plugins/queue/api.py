"""All of the queue that other plugins may import: those that list it in ``requires``.

What it can do is one service: ``context.service(QueueApi)``. What changes something takes part in
the caller's transaction where one is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import disnake

from core.db import execute, fetch, transaction
from core.errors import Refused
from core.plugin import PluginContext
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.config.sections import Section
from plugins.queue.domain.match import (
    Illegal,
    MatchState,
    Reopen,
    Resolve,
    Result,
    Snapshot,
    Why,
)
from plugins.queue.domain.ratings import Move, Which
from plugins.queue.models import Ban, MatchParticipant, Player
from plugins.queue.service.bans import ban_of, hold, set_ban
from plugins.queue.service.board import Board, Boards
from plugins.queue.service.corrections import (
    Running,
    Waiting,
    conflicts_of,
    forgive_aborts,
    running_matches,
    take_forgiveness_back,
    used_aborts,
    waiting_of,
)
from plugins.queue.service.entries import QueueService
from plugins.queue.service.finding import (
    PlayerFacts,
    find_players,
    player_by_id,
    suggest_players,
)
from plugins.queue.service.matches import MatchChanged, MatchService
from plugins.queue.service.rated import read_standings
from plugins.queue.service.ratings import RatingService
from plugins.queue.service.reading import MatchPage, Seat, read_match
from plugins.queue.service.repair import Repair, RepairService
from plugins.queue.views.match_history import match_history
from plugins.queue.views.paging import PageView, Part, embed_of
from plugins.queue.views.profile import profile
from plugins.queue.views.steps import StepButton

__all__ = [
    "Ban",
    "Board",
    "Illegal",
    "LadderConfig",
    "MatchChanged",
    "MatchPage",
    "MatchState",
    "Move",
    "PageView",
    "Part",
    "PlayerFacts",
    "QueueApi",
    "Reopen",
    "Repair",
    "Resolve",
    "Result",
    "Running",
    "Seat",
    "Section",
    "Snapshot",
    "StepButton",
    "Waiting",
    "Why",
    "embed_of",
    "find_players",
    "player_by_id",
    "read_match",
    "suggest_players",
    "used_aborts",
]


class QueueApi:
    """The ladders, their queues, matches and ratings, for plugins that look after them."""

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        queue: QueueService,
        matches: MatchService,
        ratings: RatingService,
        boards: Boards,
    ) -> None:
        self._context = context
        self._queue = queue
        self._matches = matches
        self._ratings = ratings
        self._boards = boards
        self._repairs = RepairService(context)

    # ------------------------------------------------------------------ ladders

    @property
    def ladders(self) -> Sequence[LadderConfig]:
        """All ladders there are."""
        return self._context.config.ladders

    def ladders_of(self, guild_id: int | None) -> list[LadderConfig]:
        """The ladders whose home is that server."""
        return self._context.config.of_guild(guild_id)

    def ladder(self, name: str) -> LadderConfig | None:
        """The ladder of that name."""
        return self._context.config.ladder(name)

    async def board(self, ladder: LadderConfig) -> Board:
        """A ladder's queue at a glance."""
        return await self._boards.of(ladder)

    async def running(self, ladder: LadderConfig) -> list[Running]:
        """The matches of a ladder that are not over."""
        return await running_matches(ladder.name)

    async def conflicts(self, ladder: LadderConfig) -> list[Running]:
        """The matches of a ladder that wait for an admin's decision."""
        return await conflicts_of(ladder.name)

    # ------------------------------------------------------------------ the queue

    async def waiting(
        self, *, ladder: LadderConfig | None = None, player_id: int | None = None
    ) -> list[Waiting]:
        """Those who wait, on a ladder or as one player."""
        return await waiting_of(ladder.name if ladder is not None else None, player_id)

    async def withdraw_player(self, player_id: int, guild_id: int) -> list[str]:
        """Take a player out of the queues of a server. Returns the names of their ladders."""
        before = await waiting_of(player_id=player_id)
        await self._queue.withdraw(
            "guild_id = $1 AND id IN"
            " (SELECT entry_id FROM queue_member WHERE active AND player_id = $2)",
            guild_id,
            player_id,
        )
        still = {waiting.ladder for waiting in await waiting_of(player_id=player_id)}
        return [waiting.ladder for waiting in before if waiting.ladder not in still]

    async def withdraw_all(self, ladder: LadderConfig) -> list[int]:
        """Take everybody out of a ladder's queue. Returns who those were."""
        before = await waiting_of(ladder.name)
        await self._queue.withdraw("ladder = $1", ladder.name)
        still = {waiting.player_id for waiting in await waiting_of(ladder.name)}
        return [waiting.player_id for waiting in before if waiting.player_id not in still]

    async def match_of(self, player_id: int) -> int | None:
        """The number of the match that a player is in."""
        seat = await MatchParticipant.get_or_none(player_id=player_id, active=True)
        return seat.match_id if seat is not None else None

    async def wrong_with(self, player_id: int) -> list[Repair]:
        """What :meth:`repair` would put right now; nothing is changed."""
        return await self._repairs.wrong(player_id)

    async def repair(self, player_id: int = 0) -> list[Repair]:
        """Put right where a player's state, or anybody's, disagrees with the rows."""
        return await self._repairs.repair(player_id)

    # ------------------------------------------------------------------ matches and ratings

    async def resolve(
        self, match_id: int, score: float | None, *, version: int, locale: object
    ) -> Snapshot:
        """Decide a match as an admin, if nothing has happened to it since that version.

        Raises:
            MatchChanged: when something has.
            Refused: when it cannot be decided.
        """
        return await self._apply(match_id, Resolve(score), version, locale)

    async def reopen(self, match_id: int, *, version: int, locale: object) -> Snapshot:
        """Take back the decision of a conflict, so that it waits for one again; as there."""
        return await self._apply(match_id, Reopen(), version, locale)

    def check(self, page: MatchPage, event: Resolve | Reopen, locale: object) -> Snapshot:
        """What would become of a match.

        Raises:
            Refused: when that is not possible.
        """
        try:
            return page.snapshot.after(event)
        except Illegal as illegal:
            raise self._refused(illegal, locale) from None

    async def _apply(
        self, match_id: int, event: Resolve | Reopen, version: int, locale: object
    ) -> Snapshot:
        try:
            return await self._matches.apply(match_id, event, version=version)
        except Illegal as illegal:
            raise self._refused(illegal, locale) from None

    def _refused(self, illegal: Illegal, locale: object) -> Refused:
        return Refused(self._context.text(f"match.refused.{illegal.why}", locale))

    async def rating(self, ladder: LadderConfig, player_id: int, faction: str) -> int:
        """A player's rating with a faction."""
        standings = await read_standings(ladder.name, [player_id])
        standing = standings.get(Which(player_id, faction))
        return standing.value if standing is not None else ladder.elo.start

    async def adjust(
        self, ladder: LadderConfig, player_id: int, faction: str, points: int, *, by: int
    ) -> Move:
        """Give points to a rating; it becomes a part of the history. Returns before and after.

        Args:
            by: the Discord id of the admin who does.
        """
        which = Which(player_id, faction)
        now = self._context.clock.now()
        return await self._ratings.adjust(ladder, which, points, by=by, at=now)

    # ------------------------------------------------------------------ players

    async def ban(self, player: PlayerFacts, guild_id: int) -> Ban | None:
        """The ban of a player on the ladders of a server, if it lasts."""
        now = self._context.clock.now()
        return await ban_of(player.id, guild_id, now, discord_id=player.discord_id)

    async def set_ban(
        self, player: PlayerFacts, guild_id: int, until: datetime | None, reason: str
    ) -> None:
        """Ban a player, and take them out of the queue. A match that goes on is played."""
        async with transaction():
            await hold(player.id)
            await self.lift_ban(player, guild_id)
            now = self._context.clock.now()
            await set_ban(player.id, guild_id, until, reason, at=now)
            await self.withdraw_player(player.id, guild_id)

    async def lift_ban(self, player: PlayerFacts, guild_id: int) -> bool:
        """Let a player join again. False when they were not banned."""
        return bool(
            await execute(
                "DELETE FROM queue_ban WHERE guild_id = $1 AND (player_id = $2 OR discord_id = $3)",
                guild_id,
                player.id,
                player.discord_id or 0,
            )
        )

    async def hold(self, player_id: int) -> bool:
        """As the first write of a transaction: until it ends, the player neither joins a queue nor
        is deleted, and no other ban of theirs is written. False when they were deleted."""
        return await hold(player_id)

    async def used_aborts(self, ladder: LadderConfig, player_id: int) -> int:
        """How many aborts of this month count against a player."""
        return await used_aborts(ladder, player_id, self._context.clock.now())

    async def forgive_aborts(self, ladder: LadderConfig, player_id: int) -> list[int]:
        """Have them count no more. Returns the ids of their rows."""
        return await forgive_aborts(ladder, player_id, self._context.clock.now())

    async def take_forgiveness_back(self, aborts: Sequence[int]) -> int:
        """Have aborts count again. Returns how many those were."""
        return await take_forgiveness_back(aborts)

    async def dm_of(self, player_id: int) -> int | None:
        """The channel of a player's direct messages, once it is known."""
        rows = await fetch("SELECT dm_id FROM queue_player WHERE id = $1", player_id)
        return rows[0]["dm_id"] if rows else None

    # ------------------------------------------------------------------ what players are shown

    async def match_embed(self, page: MatchPage, locale: object) -> disnake.Embed:
        """A match, as ``/match`` shows it."""
        return await match_history(self._context, page, str(locale))

    async def profile_embed(
        self, ladder: LadderConfig, player_id: int, locale: Any
    ) -> disnake.Embed:
        """A player, as ``/profile`` shows them."""
        player = await Player.get(id=player_id)
        return await profile(self._context, ladder, player, own=False, locale=locale)
