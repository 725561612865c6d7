"""Who has acknowledged which notice."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.db.fields import UtcDatetimeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Acknowledgement",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("notice", fields.CharField(max_length=24)),
                ("player_id", fields.BigIntField()),
                ("at", UtcDatetimeField()),
            ],
            options={
                "table": "shield_battery_acknowledgement",
                "app": "shield_battery",
                "unique_together": (("notice", "player_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
