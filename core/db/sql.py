"""Hand-written SQL, for what the ORM cannot say: UPDATE ... RETURNING, aggregates, bulk reads."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tortoise.connection import get_connection

__all__ = ["ALIAS", "execute", "fetch", "is_sqlite"]

ALIAS = "default"
"""The only connection: one bot, one database."""

_NUMBERED = re.compile(r"\$(\d+)")


async def fetch(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Run `sql` with PostgreSQL's numbered placeholders ($1, $2, ...) and return its rows."""
    return await _connection().execute_query_dict(*_for_dialect(sql, values))


async def execute(sql: str, *values: Any) -> int:
    """Run an UPDATE, DELETE or INSERT as :func:`fetch` does; return how many rows it changed."""
    return (await _connection().execute_query(*_for_dialect(sql, values)))[0]


def is_sqlite() -> bool:
    """Whether the open database is SQLite."""
    return get_connection(ALIAS).capabilities.dialect == "sqlite"


def _connection() -> Any:
    # Tortoise leaves the rows of its results untyped.
    return get_connection(ALIAS)


def _for_dialect(sql: str, values: tuple[Any, ...]) -> tuple[str, list[Any]]:
    if not is_sqlite():
        return sql, list(values)
    # As Tortoise writes it, so that the text compares.
    as_text = [str(v.astimezone(UTC)) if isinstance(v, datetime) else v for v in values]
    return _NUMBERED.sub(r"?\1", sql), as_text
