"""Who has said that they understand what."""

from __future__ import annotations

from datetime import datetime

from core.db import execute
from plugins.shield_battery.models import Acknowledgement

__all__ = ["acknowledge", "is_acknowledged"]


async def acknowledge(notice: str, player_id: int, at: datetime) -> None:
    """Note that the player understands the notice. The first time stands."""
    await execute(
        "INSERT INTO shield_battery_acknowledgement (notice, player_id, at) VALUES ($1, $2, $3)"
        " ON CONFLICT (notice, player_id) DO NOTHING",
        notice,
        player_id,
        at,
    )


async def is_acknowledged(notice: str, player_id: int) -> bool:
    """Whether the player has said so, in this match or in any before."""
    return await Acknowledgement.filter(notice=notice, player_id=player_id).exists()
