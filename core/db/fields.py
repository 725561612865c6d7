"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tortoise import fields

if TYPE_CHECKING:
    from tortoise.models import Model

__all__ = ["UtcDatetimeField", "as_datetime"]


def as_datetime(value: str | datetime) -> datetime:
    """A point in time as :func:`core.db.fetch` returns it: text on SQLite."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


class UtcDatetimeField(fields.DatetimeField[Any]):
    """A point in time, written in UTC.

    SQLite keeps a datetime as text with its offset and compares it as text, so two offsets would
    not sort. A naive datetime is refused: it does not say which moment it means.
    """

    def __init__(self, *, null: bool = False, **options: Any) -> None:
        super().__init__(null=null, **options)

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> datetime | None:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError(f"{self.model_field_name}: a time needs a timezone, got {value!r}")
            value = value.astimezone(UTC)
        return super().to_db_value(value, instance)
