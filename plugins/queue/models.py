"""The tables of the queue. A player's Discord id and names stand in ``Player`` alone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from core.db import UtcDatetimeField

__all__ = [
    "EntryState",
    "Match",
    "MatchEvent",
    "MatchParticipant",
    "MatchReport",
    "Player",
    "QueueEntry",
    "QueueMember",
    "Rating",
]


class Player(Model):
    """Somebody who plays. Every other table knows them by `id`."""

    id: int = fields.BigIntField(primary_key=True)
    discord_id: int = fields.BigIntField(unique=True)
    name = fields.CharField(max_length=64)
    locale = fields.CharField(max_length=16, default="en-US")

    class Meta(Model.Meta):
        table = "queue_player"


class Rating(Model):
    """A player's rating with one faction, derived from the match events: it can be recomputed."""

    id: int = fields.BigIntField(primary_key=True)
    ladder = fields.CharField(max_length=32)
    player_id: int = fields.BigIntField()
    faction = fields.CharField(max_length=32)
    value: int = fields.IntField()
    games: int = fields.IntField(default=0)

    class Meta(Model.Meta):
        table = "queue_rating"
        unique_together = (("ladder", "player_id", "faction"),)


class EntryState(StrEnum):
    """Where a queue entry is in its life."""

    WAITING = "waiting"
    MATCHED = "matched"
    """In a match; it waits again if that ends through no fault of its own."""
    ENDED = "ended"


class QueueEntry(Model):
    """A wait in the queue, by one player or, one day, by a team."""

    id: int = fields.BigIntField(primary_key=True)
    ladder = fields.CharField(max_length=32)
    guild_id: int = fields.BigIntField()
    state = fields.CharEnumField(EntryState, max_length=16, default=EntryState.WAITING)
    joined_at: datetime = UtcDatetimeField()
    waves: int = fields.IntField(default=0)

    class Meta(Model.Meta):
        table = "queue_entry"
        indexes = (Index(fields=("ladder", "state")),)


class QueueMember(Model):
    """A player in a queue entry. Active while it waits: one a player and ladder, by an index."""

    id: int = fields.BigIntField(primary_key=True)
    entry_id: int = fields.BigIntField(db_index=True)
    ladder = fields.CharField(max_length=32)
    player_id: int = fields.BigIntField(db_index=True)
    faction = fields.CharField(max_length=32)
    active = fields.BooleanField(default=True)

    class Meta(Model.Meta):
        table = "queue_member"


class Match(Model):
    """A match. `version` counts its transitions: each is a compare-and-set on it."""

    id: int = fields.BigIntField(primary_key=True)
    ladder = fields.CharField(max_length=32)
    guild_id: int = fields.BigIntField()
    state = fields.CharField(max_length=16)
    version: int = fields.IntField(default=0)
    room_id: int | None = fields.BigIntField(null=True)
    found_at: datetime = UtcDatetimeField()
    confirm_by: datetime | None = UtcDatetimeField(null=True)
    ended_at: datetime | None = UtcDatetimeField(null=True)

    class Meta(Model.Meta):
        table = "queue_match"
        indexes = (Index(fields=("ladder", "state")),)


class MatchParticipant(Model):
    """A player in a match. Active while it runs: one a player, by an index."""

    id: int = fields.BigIntField(primary_key=True)
    match_id: int = fields.BigIntField(db_index=True)
    player_id: int = fields.BigIntField(db_index=True)
    entry_id: int = fields.BigIntField()
    side: int = fields.SmallIntField()
    faction = fields.CharField(max_length=32)
    confirmed = fields.BooleanField(default=False)
    rating_before: int = fields.IntField()
    rating_after: int | None = fields.IntField(null=True)
    active = fields.BooleanField(default=True)

    class Meta(Model.Meta):
        table = "queue_match_participant"
        unique_together = (("match_id", "player_id"),)


class MatchReport(Model):
    """What a side said of the result, once."""

    id: int = fields.BigIntField(primary_key=True)
    match_id: int = fields.BigIntField()
    side: int = fields.SmallIntField()
    result = fields.CharField(max_length=8)
    player_id: int = fields.BigIntField()
    reported_at: datetime = UtcDatetimeField()

    class Meta(Model.Meta):
        table = "queue_match_report"
        unique_together = (("match_id", "side"),)


class MatchEvent(Model):
    """The history of the matches, appended to and never changed: the truth behind the ratings."""

    id: int = fields.BigIntField(primary_key=True)
    match_id: int = fields.BigIntField()
    number: int = fields.IntField()
    kind = fields.CharField(max_length=24)
    payload = fields.JSONField[dict[str, Any]]()
    at: datetime = UtcDatetimeField()

    class Meta(Model.Meta):
        table = "queue_match_event"
        unique_together = (("match_id", "number"),)
