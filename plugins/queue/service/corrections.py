"""What admins look up and put right in the queue besides matches and ratings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.db import as_datetime, execute, fetch
from plugins.queue.config import LadderConfig
from plugins.queue.models import Abort

__all__ = [
    "Running",
    "Waiting",
    "conflicts_of",
    "forgive_aborts",
    "running_matches",
    "start_of_month",
    "take_forgiveness_back",
    "used_aborts",
    "waiting_of",
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits."""

    player_id: int
    name: str
    ladder: str
    joined_at: datetime
    waves: int


@dataclass(frozen=True, slots=True)
class Running:
    """A match that goes on, or that nobody has decided yet.

    Attributes:
        names: the ladder names of side 0 and of side 1.
    """

    number: int
    state: str
    found_at: datetime
    room_id: int | None
    names: Sequence[str]


async def waiting_of(ladder: str | None = None, player_id: int | None = None) -> list[Waiting]:
    """Those who wait on a ladder, or where a player waits, longest first."""
    rows = await fetch(
        "SELECT m.player_id, p.name, e.ladder, e.joined_at, e.waves FROM queue_entry e"
        " JOIN queue_member m ON m.entry_id = e.id JOIN queue_player p ON p.id = m.player_id"
        " WHERE e.state = 'waiting' AND m.active"
        " AND (CAST($1 AS VARCHAR) = '' OR e.ladder = $1)"
        " AND (CAST($2 AS BIGINT) = 0 OR m.player_id = $2) ORDER BY e.joined_at, e.id",
        ladder or "",
        player_id or 0,
    )
    return [Waiting(joined_at=as_datetime(row.pop("joined_at")), **row) for row in rows]


async def running_matches(ladder: str) -> list[Running]:
    """The matches of a ladder that are not over, oldest first."""
    return await _matches(ladder, "'found', 'confirmed', 'running', 'reported'")


async def conflicts_of(ladder: str) -> list[Running]:
    """The matches of a ladder whose players disagree, oldest first."""
    return await _matches(ladder, "'conflict'")


async def _matches(ladder: str, states: str) -> list[Running]:
    rows = await fetch(
        "SELECT m.id, m.state, m.found_at, m.room_id, one.name AS one, other.name AS other"  # noqa: S608  ours
        " FROM queue_match m"
        " JOIN queue_match_participant a ON a.match_id = m.id AND a.side = 0"
        " JOIN queue_player one ON one.id = a.player_id"
        " JOIN queue_match_participant b ON b.match_id = m.id AND b.side = 1"
        " JOIN queue_player other ON other.id = b.player_id"
        f" WHERE m.ladder = $1 AND m.state IN ({states}) ORDER BY m.id",
        ladder,
    )
    return [
        Running(
            row["id"],
            row["state"],
            as_datetime(row["found_at"]),
            row["room_id"],
            (row["one"], row["other"]),
        )
        for row in rows
    ]


def start_of_month(now: datetime) -> datetime:
    """Since when aborts count against a player."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def used_aborts(ladder: LadderConfig, player_id: int, now: datetime) -> int:
    """How many aborts of this month count against a player."""
    return await Abort.filter(
        ladder=ladder.name, player_id=player_id, at__gte=start_of_month(now), forgiven=False
    ).count()


async def forgive_aborts(ladder: LadderConfig, player_id: int, now: datetime) -> list[int]:
    """Have a player's aborts of this month count no more. Returns the ids of their rows."""
    rows = await fetch(
        "UPDATE queue_abort SET forgiven = TRUE WHERE ladder = $1 AND player_id = $2"
        " AND at >= $3 AND NOT forgiven RETURNING id",
        ladder.name,
        player_id,
        start_of_month(now),
    )
    return [row["id"] for row in rows]


async def take_forgiveness_back(aborts: Sequence[int]) -> int:
    """Have aborts count that were forgiven. Returns how many those were."""
    return await execute(
        "UPDATE queue_abort SET forgiven = FALSE WHERE forgiven AND id IN"
        " (SELECT CAST(given.key AS BIGINT) FROM json_each($1) given)",
        json.dumps(dict.fromkeys(aborts, 0)),
    )
