"""The first tables of the core."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from core.db.fields import UtcDatetimeField
from core.models import ViewKind, ViewState


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("plugin", fields.CharField(max_length=64)),
                ("kind", fields.CharField(max_length=64)),
                ("key", fields.CharField(max_length=100)),
                ("lane", fields.CharField(null=True, max_length=100)),
                ("priority", fields.SmallIntField()),
                ("payload", fields.JSONField()),
                ("due_at", UtcDatetimeField()),
                ("generation", fields.IntField(default=1)),
                ("attempts", fields.IntField(default=0)),
                ("claimed_by", fields.CharField(null=True, max_length=64)),
                ("claimed_until", UtcDatetimeField(null=True)),
                ("last_error", fields.CharField(null=True, max_length=300)),
            ],
            options={
                "table": "core_job",
                "app": "core",
                "unique_together": (("plugin", "kind", "key"),),
                "indexes": [
                    Index(fields=["due_at"]),
                    # The order in which jobs are carried out: the first few are found without a
                    # look at all ten thousand that are due.
                    Index(fields=["priority", "due_at", "id"]),
                    Index(fields=["lane"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PluginCommands",
            fields=[
                (
                    "plugin",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("commands", fields.JSONField()),
            ],
            options={"table": "core_plugin_commands", "app": "core", "pk_attr": "plugin"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ViewRecord",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("kind", fields.CharEnumField(enum_type=ViewKind, max_length=16)),
                ("plugin", fields.CharField(max_length=64)),
                ("view", fields.CharField(max_length=64)),
                ("key", fields.CharField(max_length=64)),
                ("scope", fields.CharField(null=True, max_length=100)),
                (
                    "state",
                    fields.CharEnumField(
                        default=ViewState.OPEN, enum_type=ViewState, max_length=16
                    ),
                ),
                ("close_reason", fields.CharField(null=True, max_length=24)),
                ("user_id", fields.BigIntField(null=True)),
                ("guild_id", fields.BigIntField(null=True)),
                ("parent_channel_id", fields.BigIntField(null=True)),
                ("channel_id", fields.BigIntField(null=True)),
                ("message_id", fields.BigIntField(null=True)),
                ("interaction_id", fields.BigIntField(null=True)),
                ("ephemeral", fields.BooleanField(default=False)),
                ("locale", fields.CharField(default="en-US", max_length=16)),
                ("token", fields.CharField(null=True, max_length=400)),
                ("token_expires_at", UtcDatetimeField(null=True)),
                ("token_message", fields.CharField(default="@original", max_length=24)),
                ("rest_at", UtcDatetimeField(null=True)),
                ("process", fields.CharField(null=True, max_length=64)),
                ("opened_at", UtcDatetimeField()),
                ("idle_seconds", fields.FloatField(null=True)),
                ("idle_deadline", UtcDatetimeField(null=True)),
                ("deadline", UtcDatetimeField(null=True)),
            ],
            options={
                "table": "core_view",
                "app": "core",
                "indexes": [
                    Index(fields=["scope"]),
                    Index(fields=["message_id"]),
                    Index(fields=["deadline"]),
                    Index(fields=["idle_deadline"]),
                    Index(fields=["token_expires_at"]),
                    Index(fields=["rest_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        # One open view of each identity: opening it again closes the first.
        ops.RunSQL(
            "CREATE UNIQUE INDEX core_view_open ON core_view (plugin, view, key)"
            " WHERE state = 'open'",
            "DROP INDEX core_view_open",
        ),
        ops.RunSQL(
            "CREATE INDEX core_view_oldest ON core_view (opened_at) WHERE state = 'open'",
            "DROP INDEX core_view_oldest",
        ),
        ops.RunSQL(
            "CREATE INDEX core_view_process ON core_view (process) WHERE process IS NOT NULL",
            "DROP INDEX core_view_process",
        ),
    ]
