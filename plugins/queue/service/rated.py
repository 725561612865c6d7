"""What moved a ladder's ratings, and what is written of it: read and written many rows at once.

Values travel to the database as one JSON object, whose ``json_each`` SQLite and PostgreSQL both
know: no statement a row, and no list of placeholders without end.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.db import execute, fetch
from plugins.queue.config import LadderConfig
from plugins.queue.domain.elo import Elo
from plugins.queue.domain.ratings import Adjustment, Move, Result, Standing, Which

__all__ = [
    "PAGE",
    "Past",
    "in_order",
    "last_order",
    "pages",
    "raise_order",
    "read_adjustments",
    "read_past",
    "read_standings",
    "write_moves",
    "write_standings",
]

PAGE = 1000
"""Rows at once: some milliseconds of the event loop's time."""

NO_MOVE = (None, None)


@dataclass(slots=True)
class Past:
    """A match that was decided, and what its participants' rows say of it.

    Attributes:
        participants: the ids of those rows, of side 0 and side 1.
        moves: as they are written; `after` is None where the match counts for nothing.
    """

    result: Result
    participants: tuple[int, int]
    moves: tuple[tuple[int, int | None], tuple[int, int | None]]

    @property
    def rated(self) -> tuple[Move, Move] | None:
        """What it did to the ratings, as it is written."""
        (one, one_after), (other, other_after) = self.moves
        if one_after is None or other_after is None:
            return None
        return (one, one_after), (other, other_after)


async def raise_order(ladder: str) -> int:
    """The next place in what moves a ladder's ratings. Whoever asks next waits for the end of this
    transaction."""
    rows = await fetch(
        "INSERT INTO queue_ladder (name, rated) VALUES ($1, 1)"
        " ON CONFLICT (name) DO UPDATE SET rated = queue_ladder.rated + 1 RETURNING rated",
        ladder,
    )
    return rows[0]["rated"]


async def last_order(ladder: str) -> int:
    """The place of what moved a ladder's ratings last: while it stays, nothing has moved."""
    rows = await fetch("SELECT rated FROM queue_ladder WHERE name = $1", ladder)
    return rows[0]["rated"] if rows else 0


async def pages(sql: str, *values: Any) -> AsyncIterator[list[dict[str, Any]]]:
    """The rows of `sql`, a page at a time. It selects ``id``, which it asks to be more than $1, and
    ends with what `LIMIT` can follow."""
    last = 0
    while rows := await fetch(f"{sql} ORDER BY id LIMIT {PAGE}", last, *values):
        yield rows
        last = rows[-1]["id"]


async def read_past(
    ladder: LadderConfig, *, since_event: int = 0, since_order: int = 0
) -> dict[int, Past]:
    """Every decided match by its id, in the order in which their ratings moved.

    Args:
        since_event: the id of the first event that can matter, for speed.
        since_order: leaves out what came before.
    """
    past: dict[int, Past] = {}
    known = _Known(ladder)
    # The ladder is asked in a subquery: as a join, SQLite would begin each page with all matches.
    async for rows in pages(
        "SELECT e.id AS id, e.match_id, CAST(e.payload ->> 'score' AS REAL) AS score,"
        " CAST(e.payload ->> 'order' AS INTEGER) AS \"order\","
        " e.payload ->> 'elo' AS elo,"
        " one.id AS one_id, one.player_id AS one_player, one.faction AS one_faction,"
        " one.rating_before AS one_before, one.rating_after AS one_after,"
        " other.id AS other_id, other.player_id AS other_player, other.faction AS other_faction,"
        " other.rating_before AS other_before, other.rating_after AS other_after"
        " FROM queue_match_event e"
        " JOIN queue_match_participant one ON one.match_id = e.match_id AND one.side = 0"
        " JOIN queue_match_participant other ON other.match_id = e.match_id AND other.side = 1"
        " WHERE e.id > $1 AND e.kind IN ('completed', 'resolved', 'void', 'conflict')"
        " AND CAST(e.payload ->> 'order' AS INTEGER) >= $3"
        " AND (SELECT m.ladder FROM queue_match m WHERE m.id = e.match_id) = $2",
        ladder.name,
        since_order,
    ):
        for row in rows:
            match = past.get(row["match_id"])
            if match is None:
                past[row["match_id"]] = known.past(row)
            else:  # decided anew
                match.result = match.result._replace(score=row["score"])
    return dict(sorted(past.items(), key=lambda item: item[1].result.order))


async def read_adjustments(ladder: str, *, since_order: int = 0) -> list[Adjustment]:
    """What admins gave to ratings or took from them, in the order in which they did.

    Args:
        since_order: leaves out what came before.
    """
    rows = await fetch(
        'SELECT "order", player_id, faction, points, start FROM queue_rating_adjustment'
        ' WHERE ladder = $1 AND "order" >= $2 ORDER BY "order"',
        ladder,
        since_order,
    )
    return [
        Adjustment(
            row["order"], Which(row["player_id"], row["faction"]), row["points"], row["start"]
        )
        for row in rows
    ]


def in_order(
    past: Mapping[int, Past], adjustments: Sequence[Adjustment]
) -> list[Past | Adjustment]:
    """All that moved ratings, in the order in which it did."""
    return sorted(
        (*past.values(), *adjustments),
        key=lambda step: step.order if isinstance(step, Adjustment) else step.result.order,
    )


async def read_standings(ladder: str, players: Iterable[int]) -> dict[Which, Standing]:
    """The ratings of some players on a ladder, with every faction."""
    rows = await fetch(
        "SELECT player_id, faction, value, games, wins, draws FROM queue_rating"
        " WHERE ladder = $1 AND player_id IN"
        " (SELECT CAST(player.key AS BIGINT) FROM json_each($2) player)",
        ladder,
        json.dumps(dict.fromkeys(players, 0)),
    )
    return {
        Which(row["player_id"], row["faction"]): Standing(
            row["value"], row["games"], row["wins"], row["draws"]
        )
        for row in rows
    }


async def write_standings(ladder: str, standings: Mapping[Which, Standing]) -> None:
    """Write ratings, whether they were there before or not."""
    for part in _parts(
        (which, (*which, standing.value, standing.games, standing.wins, standing.draws))
        for which, standing in standings.items()
    ):
        await execute(
            "INSERT INTO queue_rating (ladder, player_id, faction, value, games, wins, draws)"
            " SELECT $1, CAST(v.value ->> 0 AS BIGINT), v.value ->> 1,"
            " CAST(v.value ->> 2 AS INTEGER), CAST(v.value ->> 3 AS INTEGER),"
            " CAST(v.value ->> 4 AS INTEGER), CAST(v.value ->> 5 AS INTEGER)"
            " FROM json_each($2) v WHERE TRUE"
            " ON CONFLICT (ladder, player_id, faction) DO UPDATE SET value = excluded.value,"
            " games = excluded.games, wins = excluded.wins, draws = excluded.draws",
            ladder,
            part,
        )


async def write_moves(moves: Mapping[int, tuple[int | None, int | None]]) -> None:
    """Write ratings before and after, by the id of the participant's row. A `before` of None leaves
    what is written; an `after` of None says that the match counts for nothing."""
    for part in _parts(moves.items()):
        await execute(
            "UPDATE queue_match_participant SET"
            " rating_before = COALESCE(CAST(v.value ->> 0 AS INTEGER), rating_before),"
            " rating_after = CAST(v.value ->> 1 AS INTEGER)"
            " FROM json_each($1) v WHERE queue_match_participant.id = CAST(v.key AS BIGINT)",
            part,
        )


class _Known:
    """What many matches have in common, once each."""

    def __init__(self, ladder: LadderConfig) -> None:
        self._which: dict[tuple[int, str], Which] = {}
        self._elo: dict[str | None, Elo] = {None: ladder.elo}

    def past(self, row: dict[str, Any]) -> Past:
        """A match, from a row of :func:`read_past`."""
        return Past(
            Result(
                row["order"],
                row["match_id"],
                self._which_of(row["one_player"], row["one_faction"]),
                self._which_of(row["other_player"], row["other_faction"]),
                row["score"],
                self._elo_of(row["elo"]),
            ),
            (row["one_id"], row["other_id"]),
            ((row["one_before"], row["one_after"]), (row["other_before"], row["other_after"])),
        )

    def _which_of(self, player_id: int, faction: str) -> Which:
        return self._which.setdefault((player_id, faction), Which(player_id, faction))

    def _elo_of(self, written: str | None) -> Elo:
        if written not in self._elo:
            self._elo[written] = Elo(*json.loads(written or "[]"))
        return self._elo[written]


def _parts(items: Iterable[tuple[object, object]]) -> Iterable[str]:
    """JSON objects of so many items each. A key that is no number is replaced by one."""
    part: dict[int, object] = {}
    for number, (key, value) in enumerate(items):
        part[key if isinstance(key, int) else number] = value
        if len(part) == PAGE:
            yield json.dumps(part)
            part = {}
    if part:
        yield json.dumps(part)
