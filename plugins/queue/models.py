"""The tables of the queue. A player's Discord id, names and language stand in ``Player`` alone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from core.db import UtcDatetimeField

__all__ = [
    "Abort",
    "Acknowledgement",
    "Ban",
    "EntryState",
    "Ladder",
    "LastChoice",
    "Match",
    "MatchEvent",
    "MatchParticipant",
    "MatchReport",
    "MemberFaction",
    "Panel",
    "Player",
    "QueueEntry",
    "QueueMember",
    "Rating",
    "RatingAdjustment",
    "RoomChoice",
]


class RoomChoice(StrEnum):
    """Where a player would rather play."""

    THREAD = "thread"
    DM = "dm"
    """By direct messages, where the ladder offers it and the opponent chose so too."""


class Player(Model):
    """Somebody who plays. Every other table knows them by `id`.

    Set up once `account`, `country` and `region` are there. A deleted player keeps their row, so
    that others' history stays true, and nothing in it says who they were.
    """

    id: int = fields.BigIntField(primary_key=True)
    discord_id: int | None = fields.BigIntField(unique=True, null=True)
    """None once they are deleted."""
    name = fields.CharField(max_length=64)
    """What the ladder calls them; their Discord name until they set another."""
    discord_name = fields.CharField(max_length=64, default="")
    dm_id: int | None = fields.BigIntField(null=True)
    """The channel of their direct messages with the bot, once it is known."""
    locale = fields.CharField(max_length=16, default="en-US")
    account = fields.CharField(max_length=64, null=True)
    """How opponents find them in the game."""
    country = fields.CharField(max_length=2, null=True)
    """ISO 3166-1 alpha-2."""
    region = fields.CharField(max_length=16, null=True)
    room = fields.CharEnumField(RoomChoice, max_length=8, default=RoomChoice.THREAD)
    listed = fields.BooleanField(default=True)
    """Whether the leaderboard shows them."""
    seen_at: datetime | None = UtcDatetimeField(null=True)

    class Meta(Model.Meta):
        table = "queue_player"
        indexes = (Index(fields=("seen_at",)),)


class Acknowledgement(Model):
    """A player agreed to terms, or read a guide: that very link, so a new one is asked for anew."""

    id: int = fields.BigIntField(primary_key=True)
    player_id: int = fields.BigIntField()
    link = fields.CharField(max_length=400)
    at: datetime = UtcDatetimeField()

    class Meta(Model.Meta):
        table = "queue_acknowledgement"
        unique_together = (("player_id", "link"),)


class LastChoice(Model):
    """What a player chose when they last joined a ladder's queue."""

    id: int = fields.BigIntField(primary_key=True)
    ladder = fields.CharField(max_length=32)
    player_id: int = fields.BigIntField()
    factions = fields.JSONField[list[str]]()
    vetoes = fields.JSONField[list[str]]()

    class Meta(Model.Meta):
        table = "queue_last_choice"
        unique_together = (("ladder", "player_id"),)


class Ladder(Model):
    """What a ladder of config.toml knows of itself.

    `rated` numbers what moved its ratings. Raising it is the first statement of whatever moves
    them, so that two such transactions follow one another.
    """

    name = fields.CharField(max_length=32, primary_key=True)
    rated: int = fields.IntField(default=0)
    next_wave_at: datetime | None = UtcDatetimeField(null=True)

    class Meta(Model.Meta):
        table = "queue_ladder"


class Rating(Model):
    """A player's rating with one faction, derived from the match events: it can be recomputed."""

    id: int = fields.BigIntField(primary_key=True)
    ladder = fields.CharField(max_length=32)
    player_id: int = fields.BigIntField(db_index=True)
    faction = fields.CharField(max_length=32)
    value: int = fields.IntField()
    games: int = fields.IntField(default=0)
    wins: int = fields.IntField(default=0)
    draws: int = fields.IntField(default=0)

    class Meta(Model.Meta):
        table = "queue_rating"
        unique_together = (("ladder", "player_id", "faction"),)
        indexes = (Index(fields=("ladder", "value")),)


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
    vetoes = fields.JSONField[list[str]]()
    sees_rooms = fields.BooleanField(default=False)
    """Whether a mention in a room is sure to bring them in. In doubt they are added by request."""
    active = fields.BooleanField(default=True)

    class Meta(Model.Meta):
        table = "queue_member"


class MemberFaction(Model):
    """A faction that a member of the queue would play; the pairing picks one."""

    id: int = fields.BigIntField(primary_key=True)
    member_id: int = fields.BigIntField()
    faction = fields.CharField(max_length=32)

    class Meta(Model.Meta):
        table = "queue_member_faction"
        unique_together = (("member_id", "faction"),)


class Match(Model):
    """A match. `version` counts its transitions: each is a compare-and-set on it."""

    id: int = fields.BigIntField(primary_key=True)
    ladder = fields.CharField(max_length=32)
    guild_id: int = fields.BigIntField()
    state = fields.CharField(max_length=16)
    version: int = fields.IntField(default=0)
    map = fields.CharField(max_length=32, null=True)
    """Its short name."""
    server = fields.CharField(max_length=16, null=True)
    room_id: int | None = fields.BigIntField(null=True)
    """The thread; None while there is none, and when it is played by direct messages."""
    found_at: datetime = UtcDatetimeField()
    confirm_by: datetime | None = UtcDatetimeField(null=True)
    """Set when the room is there, or each one's direct messages are."""
    ended_at: datetime | None = UtcDatetimeField(null=True)
    score: float | None = fields.FloatField(null=True)
    """Of side 0: 1, 0.5 or 0. None while it counts for nothing."""

    class Meta(Model.Meta):
        table = "queue_match"
        indexes = (Index(fields=("ladder", "state")), Index(fields=("ended_at",)))


class MatchParticipant(Model):
    """A player in a match. Active while it runs: one a player, by an index."""

    id: int = fields.BigIntField(primary_key=True)
    match_id: int = fields.BigIntField(db_index=True)
    player_id: int = fields.BigIntField(db_index=True)
    entry_id: int = fields.BigIntField()
    side: int = fields.SmallIntField()
    faction = fields.CharField(max_length=32)
    confirmed = fields.BooleanField(default=False)
    dm_id: int | None = fields.BigIntField(null=True)
    """The channel of the direct messages in which they play, None in a thread."""
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
    """The history of the matches, appended to and never changed: the truth behind the ratings.

    What moves ratings has in its payload `score` (of side 0, null for void) and `order` (see
    ``Ladder.rated``).
    """

    id: int = fields.BigIntField(primary_key=True)
    match_id: int = fields.BigIntField()
    number: int = fields.IntField()
    kind = fields.CharField(max_length=24)
    payload = fields.JSONField[dict[str, Any]]()
    at: datetime = UtcDatetimeField()

    class Meta(Model.Meta):
        table = "queue_match_event"
        unique_together = (("match_id", "number"),)


class Abort(Model):
    """A player aborted a match. The ladder allows so many a month."""

    id: int = fields.BigIntField(primary_key=True)
    ladder = fields.CharField(max_length=32)
    player_id: int = fields.BigIntField()
    match_id: int = fields.BigIntField(unique=True)
    at: datetime = UtcDatetimeField()
    forgiven = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "queue_abort"
        indexes = (Index(fields=("player_id", "ladder", "at")),)


class RatingAdjustment(Model):
    """Points that an admin gave to a rating, or took from it: a part of the history that ratings
    are derived from, appended to and never changed."""

    id: int = fields.BigIntField(primary_key=True)
    ladder = fields.CharField(max_length=32)
    player_id: int = fields.BigIntField(db_index=True)
    faction = fields.CharField(max_length=32)
    points: int = fields.IntField()
    start: int = fields.IntField()
    """Where the rating begins if nothing moved it before."""
    order: int = fields.IntField()
    """Its place among all that moved the ladder's ratings (see ``Ladder.rated``)."""
    by_discord_id: int = fields.BigIntField()
    at: datetime = UtcDatetimeField()

    class Meta(Model.Meta):
        table = "queue_rating_adjustment"
        unique_together = (("ladder", "order"),)


class Ban(Model):
    """A player may not join the ladders of a server: until a moment, or for ever."""

    id: int = fields.BigIntField(primary_key=True)
    guild_id: int = fields.BigIntField()
    player_id: int = fields.BigIntField()
    until: datetime | None = UtcDatetimeField(null=True)
    """None is for ever."""
    reason = fields.CharField(max_length=300)
    discord_id: int | None = fields.BigIntField(null=True, db_index=True)
    """Set when the player has their data deleted while they are banned, and only then: otherwise
    that would be a way out of the ban."""
    at: datetime = UtcDatetimeField()

    class Meta(Model.Meta):
        table = "queue_ban"
        unique_together = (("guild_id", "player_id"),)


class Panel(Model):
    """A panel that an owner posted: one a channel and ladder. Its id is the key of its view."""

    id: int = fields.BigIntField(primary_key=True)
    ladder = fields.CharField(max_length=32)
    guild_id: int = fields.BigIntField()
    channel_id: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "queue_panel"
        unique_together = (("ladder", "channel_id"),)
