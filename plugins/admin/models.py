"""The tables of admins. Who acts is a Discord id here: an admin need not be a player, and what they
did stays theirs. Players are known by their number alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from core.db import UtcDatetimeField

__all__ = ["AuditEntry", "Grant"]


class Grant(Model):
    """Somebody whom an owner made an admin."""

    discord_id: int = fields.BigIntField(primary_key=True, generated=False)
    by_discord_id: int = fields.BigIntField()
    at: datetime = UtcDatetimeField()

    class Meta(Model.Meta):
        table = "admin_grant"


class AuditEntry(Model):
    """Something that an admin changed, written in the transaction that changed it. Nothing of it
    changes afterwards but `undone`."""

    id: int = fields.BigIntField(primary_key=True)
    guild_id: int = fields.BigIntField()
    admin_id: int = fields.BigIntField()
    """Their Discord id; 0 for the bot itself."""
    action = fields.CharField(max_length=24)
    player_id: int | None = fields.BigIntField(null=True)
    match_id: int | None = fields.BigIntField(null=True)
    user_id: int | None = fields.BigIntField(null=True)
    """The Discord id of somebody who was made an admin, or is none any more."""
    ladder = fields.CharField(max_length=32, null=True)
    before = fields.JSONField[dict[str, Any]]()
    after = fields.JSONField[dict[str, Any]]()
    reason = fields.CharField(max_length=300)
    at: datetime = UtcDatetimeField()
    undoes: int | None = fields.BigIntField(null=True)
    """The entry that this one took back."""
    undone = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "admin_audit"
        indexes = (
            Index(fields=("guild_id", "id")),
            Index(fields=("player_id",)),
            Index(fields=("match_id",)),
        )
