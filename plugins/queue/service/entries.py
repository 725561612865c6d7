"""Join the queue, wait in it, leave it."""

from __future__ import annotations

from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from core.db import fetch, transaction
from core.errors import Refused
from core.models import ViewRecord
from core.plugin import PluginContext
from core.views import DurableView
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.models import EntryState, MatchParticipant, Player, QueueEntry, QueueMember

__all__ = ["Joiner", "QueueService", "entry_scope"]


@dataclass(frozen=True, slots=True)
class Joiner:
    """Whoever wants to play, as Discord knows them."""

    discord_id: int
    name: str
    locale: str


def entry_scope(entry_id: int) -> str:
    """The scope of the views of one wait in the queue."""
    return f"queue:entry:{entry_id}"


class QueueService:
    """Queue entries and their states."""

    def __init__(self, context: PluginContext[QueueConfig]) -> None:
        self._context = context

    async def join(
        self,
        joiner: Joiner,
        ladder: LadderConfig,
        faction: str,
        searching: DurableView,
        channel_id: int,
    ) -> ViewRecord:
        """Enter the queue, and open the view that shows it.

        Raises:
            Refused: when the player waits already, or is in a match.
        """
        try:
            async with transaction():
                player_id = await self._player(joiner)
                entry = await QueueEntry.create(
                    ladder=ladder.name,
                    guild_id=ladder.guild_id,
                    joined_at=self._context.clock.now(),
                )
                # The index over active members decides when two of these run at once.
                await QueueMember.create(
                    entry_id=entry.id, ladder=ladder.name, player_id=player_id, faction=faction
                )
                if match := await MatchParticipant.get_or_none(player_id=player_id, active=True):
                    raise self._refused("in_match", joiner, match=match.match_id)
                return await self._context.views.open(
                    searching,
                    str(entry.id),
                    scope=entry_scope(entry.id),
                    user_id=joiner.discord_id,
                    guild_id=ladder.guild_id,
                    channel_id=channel_id,
                    ephemeral=True,
                    locale=joiner.locale,
                )
        except IntegrityError:
            raise self._refused("already_waiting", joiner) from None

    async def leave(self, discord_id: int, locale: str) -> None:
        """Leave every queue the player waits in.

        Raises:
            Refused: when they wait in none.
        """
        player = await Player.get_or_none(discord_id=discord_id)
        members = (
            await QueueMember.filter(player_id=player.id, active=True) if player is not None else []
        )
        left = [member for member in members if await self.end_wait(member.entry_id)]
        if not left:
            raise Refused(self._context.text("queue.not_waiting", locale))

    async def end_wait(self, entry_id: int) -> bool:
        """Take an entry out of the queue. False when it waits no more: it was paired, or left."""
        async with transaction():
            won = await QueueEntry.filter(id=entry_id, state=EntryState.WAITING).update(
                state=EntryState.ENDED
            )
            if won:
                await QueueMember.filter(entry_id=entry_id).update(active=False)
                await self._context.views.owe_scope_end(entry_scope(entry_id))
        return bool(won)

    async def waiting(self, ladder: str) -> int:
        """How many entries wait."""
        return await QueueEntry.filter(ladder=ladder, state=EntryState.WAITING).count()

    async def _player(self, joiner: Joiner) -> int:
        """The player's id; their name and language are brought up to date."""
        rows = await fetch(
            "INSERT INTO queue_player (discord_id, name, locale) VALUES ($1, $2, $3)"
            " ON CONFLICT (discord_id) DO UPDATE SET name = excluded.name,"
            " locale = excluded.locale RETURNING id",
            joiner.discord_id,
            joiner.name[:64],
            joiner.locale[:16],
        )
        return rows[0]["id"]

    def _refused(self, why: str, joiner: Joiner, **values: object) -> Refused:
        return Refused(self._context.text(f"queue.{why}", joiner.locale, **values))
