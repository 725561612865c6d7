"""The matches of one player on a ladder, as they see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import Any

from core.db import as_datetime, fetch
from plugins.queue.config import LadderConfig
from plugins.queue.domain.match import MatchState

__all__ = ["Outcome", "Played", "Point", "matches_of", "outcomes_of", "ratings_over_time", "streak"]

RECENT = 50
"""Of so many matches a streak is counted."""


class Outcome(StrEnum):
    """What became of a match for one of its players."""

    WON = "won"
    LOST = "lost"
    DRAW = "draw"
    VOID = "void"
    """It counts for nothing."""
    CONFLICT = "conflict"
    """An admin has yet to decide."""


@dataclass(frozen=True, slots=True)
class Played:
    """A match that is over.

    Attributes:
        opponent: the opponent's ladder name.
        rating_after: None when it did not move the rating.
    """

    number: int
    at: datetime
    outcome: Outcome
    faction: str
    opponent: str
    opponent_country: str | None
    opponent_faction: str
    map: str | None
    rating_before: int
    rating_after: int | None


Point = tuple[datetime, int]
"""A rating, and since when."""

_PLAYED = (
    " FROM queue_match_participant own JOIN queue_match m ON m.id = own.match_id"
    " JOIN queue_match_participant opponent"
    " ON opponent.match_id = own.match_id AND opponent.side <> own.side"
    " JOIN queue_player p ON p.id = opponent.player_id"
    " WHERE own.player_id = $1 AND m.ladder = $2 AND m.ended_at IS NOT NULL"
    " AND m.state IN ('completed', 'resolved', 'void', 'conflict')"
)


async def matches_of(
    ladder: LadderConfig, player_id: int, *, offset: int = 0, limit: int
) -> tuple[list[Played], int]:
    """A part of a player's matches that are over, newest first, and how many there are.

    Those that were aborted or not confirmed were never played, and are left out.
    """
    counted = await fetch(f"SELECT COUNT(*) AS total{_PLAYED}", player_id, ladder.name)
    rows = await fetch(
        "SELECT m.id, m.state, m.map, m.score, m.ended_at, own.side, own.faction,"
        " own.rating_before, own.rating_after, opponent.faction AS opponent_faction,"
        f" p.name AS opponent, p.country{_PLAYED} ORDER BY m.id DESC LIMIT $3 OFFSET $4",
        player_id,
        ladder.name,
        limit,
        offset,
    )
    return [_played(row) for row in rows], counted[0]["total"]


async def outcomes_of(ladder: LadderConfig, player_id: int) -> list[Outcome]:
    """How a player's last matches ended that count, newest first."""
    rows = await fetch(
        f"SELECT m.state, m.score, own.side{_PLAYED} AND m.score IS NOT NULL"
        " ORDER BY m.id DESC LIMIT $3",
        player_id,
        ladder.name,
        RECENT,
    )
    return [_outcome(row) for row in rows]


def streak(outcomes: Sequence[Outcome]) -> int:
    """How many of the outcomes, newest first, are like the newest, one after another."""
    return len(list(takewhile(lambda outcome: outcome == outcomes[0], outcomes)))


async def ratings_over_time(ladder: LadderConfig, player_id: int) -> dict[str, list[Point]]:
    """A player's ratings by faction: what each was before its first match, and after each."""
    rows = await fetch(
        "SELECT own.faction, own.rating_before, own.rating_after, m.ended_at"
        " FROM queue_match_participant own JOIN queue_match m ON m.id = own.match_id"
        " WHERE own.player_id = $1 AND m.ladder = $2 AND own.rating_after IS NOT NULL"
        " AND m.ended_at IS NOT NULL ORDER BY m.ended_at, m.id",
        player_id,
        ladder.name,
    )
    lines: dict[str, list[Point]] = {}
    for row in rows:
        at = as_datetime(row["ended_at"])
        line = lines.setdefault(row["faction"], [(at, row["rating_before"])])
        line.append((at, row["rating_after"]))
    return lines


def _played(row: dict[str, Any]) -> Played:
    return Played(
        number=row["id"],
        at=as_datetime(row["ended_at"]),
        outcome=_outcome(row),
        faction=row["faction"],
        opponent=row["opponent"],
        opponent_country=row["country"],
        opponent_faction=row["opponent_faction"],
        map=row["map"],
        rating_before=row["rating_before"],
        rating_after=row["rating_after"],
    )


def _outcome(row: dict[str, Any]) -> Outcome:
    if row["score"] is None:
        return Outcome.CONFLICT if row["state"] == MatchState.CONFLICT else Outcome.VOID
    if row["score"] == 0.5:
        return Outcome.DRAW
    return Outcome.WON if (row["score"] == 1.0) == (row["side"] == 0) else Outcome.LOST
