"""The first tables of the queue."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from core.db.fields import UtcDatetimeField
from plugins.queue.models import EntryState, RoomChoice


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Abort",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("ladder", fields.CharField(max_length=32)),
                ("player_id", fields.BigIntField()),
                ("match_id", fields.BigIntField(unique=True)),
                ("at", UtcDatetimeField()),
                ("forgiven", fields.BooleanField(default=False)),
            ],
            options={
                "table": "queue_abort",
                "app": "queue",
                "indexes": [Index(fields=["player_id", "ladder", "at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Acknowledgement",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("player_id", fields.BigIntField()),
                ("link", fields.CharField(max_length=400)),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "queue_acknowledgement",
                "app": "queue",
                "unique_together": (("player_id", "link"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Ban",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("guild_id", fields.BigIntField()),
                ("player_id", fields.BigIntField()),
                ("until", UtcDatetimeField(null=True)),
                ("reason", fields.CharField(max_length=300)),
                ("discord_id", fields.BigIntField(null=True, db_index=True)),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "queue_ban",
                "app": "queue",
                "unique_together": (("guild_id", "player_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Ladder",
            fields=[
                (
                    "name",
                    fields.CharField(max_length=32, primary_key=True, unique=True, db_index=True),
                ),
                ("rated", fields.IntField(default=0)),
                ("next_wave_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "queue_ladder",
                "app": "queue",
                "pk_attr": "name",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LastChoice",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("ladder", fields.CharField(max_length=32)),
                ("player_id", fields.BigIntField()),
                ("factions", fields.JSONField()),
                ("vetoes", fields.JSONField()),
            ],
            options={
                "table": "queue_last_choice",
                "app": "queue",
                "unique_together": (("ladder", "player_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Match",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("ladder", fields.CharField(max_length=32)),
                ("guild_id", fields.BigIntField()),
                ("state", fields.CharField(max_length=16)),
                ("version", fields.IntField(default=0)),
                ("map", fields.CharField(max_length=32, null=True)),
                ("server", fields.CharField(max_length=16, null=True)),
                ("room_id", fields.BigIntField(null=True)),
                ("found_at", UtcDatetimeField()),
                ("confirm_by", UtcDatetimeField(null=True)),
                ("ended_at", UtcDatetimeField(null=True)),
                ("score", fields.FloatField(null=True)),
            ],
            options={
                "table": "queue_match",
                "app": "queue",
                "indexes": [Index(fields=["ladder", "state"]), Index(fields=["ended_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MatchEvent",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("match_id", fields.BigIntField()),
                ("number", fields.IntField()),
                ("kind", fields.CharField(max_length=24)),
                ("payload", fields.JSONField()),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "queue_match_event",
                "app": "queue",
                "unique_together": (("match_id", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MatchParticipant",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("match_id", fields.BigIntField(db_index=True)),
                ("player_id", fields.BigIntField(db_index=True)),
                ("entry_id", fields.BigIntField()),
                ("side", fields.SmallIntField()),
                ("faction", fields.CharField(max_length=32)),
                ("confirmed", fields.BooleanField(default=False)),
                ("dm_id", fields.BigIntField(null=True)),
                ("rating_before", fields.IntField()),
                ("rating_after", fields.IntField(null=True)),
                ("active", fields.BooleanField(default=True)),
            ],
            options={
                "table": "queue_match_participant",
                "app": "queue",
                "unique_together": (("match_id", "player_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MatchReport",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("match_id", fields.BigIntField()),
                ("side", fields.SmallIntField()),
                ("result", fields.CharField(max_length=8)),
                ("player_id", fields.BigIntField()),
                ("reported_at", UtcDatetimeField()),
            ],
            options={
                "table": "queue_match_report",
                "app": "queue",
                "unique_together": (("match_id", "side"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MemberFaction",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("member_id", fields.BigIntField()),
                ("faction", fields.CharField(max_length=32)),
            ],
            options={
                "table": "queue_member_faction",
                "app": "queue",
                "unique_together": (("member_id", "faction"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Panel",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("ladder", fields.CharField(max_length=32)),
                ("guild_id", fields.BigIntField()),
                ("channel_id", fields.BigIntField()),
            ],
            options={
                "table": "queue_panel",
                "app": "queue",
                "unique_together": (("ladder", "channel_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Player",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("discord_id", fields.BigIntField(null=True, unique=True)),
                ("name", fields.CharField(max_length=64)),
                ("discord_name", fields.CharField(max_length=64, default="")),
                ("dm_id", fields.BigIntField(null=True)),
                ("locale", fields.CharField(max_length=16, default="en-US")),
                ("account", fields.CharField(max_length=64, null=True)),
                ("country", fields.CharField(max_length=2, null=True)),
                ("region", fields.CharField(max_length=16, null=True)),
                (
                    "room",
                    fields.CharEnumField(
                        enum_type=RoomChoice, max_length=8, default=RoomChoice.THREAD
                    ),
                ),
                ("listed", fields.BooleanField(default=True)),
                ("seen_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "queue_player",
                "app": "queue",
                "indexes": [Index(fields=["seen_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="QueueEntry",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("ladder", fields.CharField(max_length=32)),
                ("guild_id", fields.BigIntField()),
                (
                    "state",
                    fields.CharEnumField(
                        enum_type=EntryState, max_length=16, default=EntryState.WAITING
                    ),
                ),
                ("joined_at", UtcDatetimeField()),
                ("waves", fields.IntField(default=0)),
            ],
            options={
                "table": "queue_entry",
                "app": "queue",
                "indexes": [Index(fields=["ladder", "state"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="QueueMember",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("entry_id", fields.BigIntField(db_index=True)),
                ("ladder", fields.CharField(max_length=32)),
                ("player_id", fields.BigIntField(db_index=True)),
                ("vetoes", fields.JSONField()),
                ("sees_rooms", fields.BooleanField(default=False)),
                ("active", fields.BooleanField(default=True)),
            ],
            options={
                "table": "queue_member",
                "app": "queue",
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("ladder", fields.CharField(max_length=32)),
                ("player_id", fields.BigIntField(db_index=True)),
                ("faction", fields.CharField(max_length=32)),
                ("value", fields.IntField()),
                ("games", fields.IntField(default=0)),
                ("wins", fields.IntField(default=0)),
                ("draws", fields.IntField(default=0)),
            ],
            options={
                "table": "queue_rating",
                "app": "queue",
                "unique_together": (("ladder", "player_id", "faction"),),
                "indexes": [Index(fields=["ladder", "value"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RatingAdjustment",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("ladder", fields.CharField(max_length=32)),
                ("player_id", fields.BigIntField(db_index=True)),
                ("faction", fields.CharField(max_length=32)),
                ("points", fields.IntField()),
                ("start", fields.IntField()),
                ("order", fields.IntField()),
                ("by_discord_id", fields.BigIntField()),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "queue_rating_adjustment",
                "app": "queue",
                "unique_together": (("ladder", "order"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        # One wait a player and ladder, and one match a player, whatever runs at once.
        ops.RunSQL(
            "CREATE UNIQUE INDEX queue_member_active ON queue_member (ladder, player_id)"
            " WHERE active",
            "DROP INDEX queue_member_active",
        ),
        ops.RunSQL(
            "CREATE UNIQUE INDEX queue_match_participant_active"
            " ON queue_match_participant (player_id) WHERE active",
            "DROP INDEX queue_match_participant_active",
        ),
        # Admins name a player by it. Those who were deleted have given theirs back.
        ops.RunSQL(
            "CREATE UNIQUE INDEX queue_player_name ON queue_player (lower(name))"
            " WHERE discord_id IS NOT NULL",
            "DROP INDEX queue_player_name",
        ),
    ]
