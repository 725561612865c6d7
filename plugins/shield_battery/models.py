"""The plugin's table. Players are known by their ladder's number, never by their Discord id."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from core.db import UtcDatetimeField

__all__ = ["Acknowledgement"]


class Acknowledgement(Model):
    """A player has said that they understand a notice. They never get it again."""

    id: int = fields.BigIntField(primary_key=True)
    notice = fields.CharField(max_length=24)
    player_id: int = fields.BigIntField()
    at: datetime = UtcDatetimeField()

    class Meta(Model.Meta):
        table = "shield_battery_acknowledgement"
        unique_together = (("notice", "player_id"),)
