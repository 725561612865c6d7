"""The first tables of the queue."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from core.db.fields import UtcDatetimeField
from plugins.queue.models import EntryState


class Migration(migrations.Migration):
    initial = True

    operations = [
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
                ("room_id", fields.BigIntField(null=True)),
                ("found_at", UtcDatetimeField()),
                ("confirm_by", UtcDatetimeField(null=True)),
                ("ended_at", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "queue_match",
                "app": "queue",
                "indexes": [Index(fields=["ladder", "state"])],
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
            name="Player",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("discord_id", fields.BigIntField(unique=True)),
                ("name", fields.CharField(max_length=64)),
                ("locale", fields.CharField(default="en-US", max_length=16)),
            ],
            options={"table": "queue_player", "app": "queue", "pk_attr": "id"},
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
                        default=EntryState.WAITING, enum_type=EntryState, max_length=16
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
                ("faction", fields.CharField(max_length=32)),
                ("active", fields.BooleanField(default=True)),
            ],
            options={"table": "queue_member", "app": "queue", "pk_attr": "id"},
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
                ("player_id", fields.BigIntField()),
                ("faction", fields.CharField(max_length=32)),
                ("value", fields.IntField()),
                ("games", fields.IntField(default=0)),
            ],
            options={
                "table": "queue_rating",
                "app": "queue",
                "unique_together": (("ladder", "player_id", "faction"),),
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
    ]
