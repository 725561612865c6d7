"""Read the audit: narrowed, newest first, or all of it for a table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.db import as_datetime, fetch
from plugins.admin.models import AuditEntry

__all__ = ["ACTIONS", "COLUMNS", "AuditFilters", "export_rows", "read_audit"]

ACTIONS = (
    "resolve",
    "adjust_rating",
    "remove_queue",
    "unblock_queue",
    "ban",
    "unban",
    "reset_aborts",
    "clear_queue",
    "undo",
    "repair",
    "grant",
    "revoke",
)

COLUMNS = (
    "id",
    "at",
    "admin_id",
    "action",
    "player_id",
    "player",
    "match_id",
    "user_id",
    "ladder",
    "before",
    "after",
    "reason",
    "undoes",
    "undone",
)

PAGE = 500


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """What is looked for; None is everything.

    Attributes:
        player_id: the player concerned, or one of those of a match concerned.
    """

    admin_id: int | None = None
    player_id: int | None = None
    action: str | None = None
    since: datetime | None = None


async def read_audit(
    guild_id: int, filters: AuditFilters, *, offset: int, limit: int
) -> tuple[list[AuditEntry], int]:
    """A part of a server's audit, newest first, and how many entries there are."""
    found = AuditEntry.filter(guild_id=guild_id)
    if filters.admin_id is not None:
        found = found.filter(admin_id=filters.admin_id)
    if filters.player_id is not None:
        found = found.filter(player_id=filters.player_id)
    if filters.action is not None:
        found = found.filter(action=filters.action)
    if filters.since is not None:
        found = found.filter(at__gte=filters.since)
    return await found.order_by("-id").offset(offset).limit(limit), await found.count()


async def export_rows(since: datetime | None) -> AsyncIterator[dict[str, Any]]:
    """All entries, oldest first, by :data:`COLUMNS`, with the names players have now."""
    last = 0
    while rows := await fetch(
        "SELECT a.id, a.at, a.admin_id, a.action, a.player_id, p.name AS player, a.match_id,"
        " a.user_id, a.ladder, a.before, a.after, a.reason, a.undoes, a.undone"
        " FROM admin_audit a LEFT JOIN queue_player p ON p.id = a.player_id"
        " WHERE a.id > $1 AND a.at >= $2 ORDER BY a.id LIMIT $3",
        last,
        since or datetime.fromisoformat("1970-01-01T00:00:00+00:00"),
        PAGE,
    ):
        for row in rows:
            row["at"] = as_datetime(row["at"])
            row["undone"] = bool(row["undone"])
            yield row
        last = rows[-1]["id"]
