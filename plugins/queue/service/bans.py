"""Who may not join the ladders of a server, and until when."""

from __future__ import annotations

from datetime import datetime

from tortoise.expressions import Q

from core.db import execute, transaction
from plugins.queue.models import Ban

__all__ = ["ban_of", "hold", "keep_bans", "set_ban"]


async def ban_of(
    player_id: int, guild_id: int, now: datetime, *, discord_id: int | None = None
) -> Ban | None:
    """The ban of a player on the ladders of that server, unless it has ended.

    Args:
        discord_id: finds the ban of whoever had their data deleted and came back, too.
    """
    who = Q(player_id=player_id)
    if discord_id is not None:
        who |= Q(discord_id=discord_id)
    lasting = Q(until__isnull=True) | Q(until__gt=now)
    return await Ban.filter(who, lasting, guild_id=guild_id).order_by("id").first()


async def hold(player_id: int) -> bool:
    """As the first write of a transaction: until it ends the player neither joins nor is deleted.
    False when they were deleted."""
    return bool(
        await execute(
            "UPDATE queue_player SET id = id WHERE id = $1 AND discord_id IS NOT NULL", player_id
        )
    )


async def set_ban(
    player_id: int, guild_id: int, until: datetime | None, reason: str, *, at: datetime
) -> None:
    """Ban a player, in place of a ban that they have: until a moment, or for ever."""
    async with transaction():
        await Ban.filter(player_id=player_id, guild_id=guild_id).delete()
        await Ban.create(
            player_id=player_id, guild_id=guild_id, until=until, reason=reason[:300], at=at
        )


async def keep_bans(player_id: int) -> None:
    """Write into a player's bans who they are, before their row forgets it."""
    if await hold(player_id):
        await execute(
            "UPDATE queue_ban SET discord_id = (SELECT discord_id FROM queue_player WHERE id = $1)"
            " WHERE player_id = $1",
            player_id,
        )
