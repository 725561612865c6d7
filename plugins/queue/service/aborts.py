"""How many matches a player may still abort this month."""

from __future__ import annotations

from datetime import datetime

from plugins.queue.config import LadderConfig
from plugins.queue.models import Abort

__all__ = ["aborts_left"]


async def aborts_left(ladder: LadderConfig, player_id: int, now: datetime) -> int:
    """How many are left in the calendar month (UTC) of `now`, 0 at least."""
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    used = await Abort.filter(
        ladder=ladder.name, player_id=player_id, at__gte=month, forgiven=False
    ).count()
    return max(0, ladder.aborts_a_month - used)
