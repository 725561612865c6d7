"""The first tables of admins."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from core.db.fields import UtcDatetimeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("guild_id", fields.BigIntField()),
                ("admin_id", fields.BigIntField()),
                ("action", fields.CharField(max_length=24)),
                ("player_id", fields.BigIntField(null=True)),
                ("match_id", fields.BigIntField(null=True)),
                ("user_id", fields.BigIntField(null=True)),
                ("ladder", fields.CharField(max_length=32, null=True)),
                ("before", fields.JSONField()),
                ("after", fields.JSONField()),
                ("reason", fields.CharField(max_length=300)),
                ("at", UtcDatetimeField()),
                ("undoes", fields.BigIntField(null=True)),
                ("undone", fields.BooleanField(default=False)),
            ],
            options={
                "table": "admin_audit",
                "app": "admin",
                "indexes": [
                    Index(fields=["guild_id", "id"]),
                    Index(fields=["player_id"]),
                    Index(fields=["match_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Grant",
            fields=[
                (
                    "discord_id",
                    fields.BigIntField(
                        generated=False, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("by_discord_id", fields.BigIntField()),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "admin_grant",
                "app": "admin",
                "pk_attr": "discord_id",
            },
            bases=["Model"],
        ),
    ]
