"""Where players stand on a ladder: their ranks and positions, and the leaderboard.

Positions are among the ratings of all who have played and were not deleted. Whoever hid from the
leaderboard is left out of its lines alone, so that hiding moves nobody.
"""

# The SQL is put together of this module's own constants.
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.db import fetch
from plugins.queue.config import LadderConfig
from plugins.queue.domain.ranks import last_positions, rank_at

__all__ = [
    "Filters",
    "Line",
    "Standing",
    "countries_of",
    "leaderboard",
    "lines_above",
    "standing",
    "standings_of",
]

COUNTED = "r.games > 0 AND p.discord_id IS NOT NULL"
"""Which ratings have a position."""

SHOWN = f"{COUNTED} AND p.listed"
"""Which of them the leaderboard shows."""

_PLACES = (
    "SELECT r.player_id, r.faction, r.value, r.games, r.wins, r.draws, p.name, p.country, p.listed,"
    " RANK() OVER (ORDER BY r.value DESC) AS position,"
    " ROW_NUMBER() OVER (ORDER BY r.value DESC, r.games DESC, r.player_id, r.faction) AS line,"
    " COUNT(*) OVER () AS total"
    " FROM queue_rating r JOIN queue_player p ON p.id = r.player_id"
    f" WHERE r.ladder = $1 AND {COUNTED}"
)
"""All positions of a ladder, of the hidden too. Those of one value share the better one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A player's rating with a faction, and where it puts them.

    Attributes:
        rank: its name; that of the unranked when they have not played.
        position: from 1; None when they have not played.
        total: how many positions there are.
    """

    value: int
    games: int
    wins: int
    draws: int
    rank: str
    position: int | None
    total: int

    @property
    def losses(self) -> int:
        """Games neither won nor drawn."""
        return self.games - self.wins - self.draws

    @property
    def win_rate(self) -> int:
        """Games won, in percent."""
        return _win_rate(self.wins, self.games)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the leaderboard."""

    player_id: int
    name: str
    country: str | None
    faction: str
    value: int
    games: int
    wins: int
    position: int
    rank: str

    @property
    def win_rate(self) -> int:
        """Games won, in percent."""
        return _win_rate(self.wins, self.games)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a leaderboard is narrowed to; empty is everything. Positions stay the whole ladder's.

    Attributes:
        faction: its code.
        country: its code.
        rank: its name.
    """

    faction: str = ""
    country: str = ""
    rank: str = ""


async def standing(ladder: LadderConfig, player_id: int, faction: str) -> Standing:
    """Where a player stands with a faction; one who was deleted, where they would."""
    rows = await fetch(
        "SELECT value, games, wins, draws FROM queue_rating"
        " WHERE ladder = $1 AND player_id = $2 AND faction = $3",
        ladder.name,
        player_id,
        faction,
    )
    own = rows[0] if rows else {"value": ladder.elo.start, "games": 0, "wins": 0, "draws": 0}
    if not own["games"]:
        return Standing(**own, rank=ladder.unranked, position=None, total=await _total(ladder))
    counted = await fetch(
        "SELECT COUNT(*) AS others,"
        " COALESCE(SUM(CASE WHEN r.value > $2 THEN 1 ELSE 0 END), 0) AS above"
        " FROM queue_rating r JOIN queue_player p ON p.id = r.player_id"
        f" WHERE r.ladder = $1 AND {COUNTED} AND NOT (r.player_id = $3 AND r.faction = $4)",
        ladder.name,
        own["value"],
        player_id,
        faction,
    )
    position = counted[0]["above"] + 1
    total = counted[0]["others"] + 1
    return Standing(**own, rank=_rank(ladder, position, total), position=position, total=total)


async def standings_of(ladder: LadderConfig, player_id: int) -> dict[str, Standing]:
    """Where a player stands with each faction that they have played, best first."""
    rows = await fetch(
        "SELECT faction FROM queue_rating WHERE ladder = $1 AND player_id = $2 AND games > 0"
        " ORDER BY value DESC, games DESC, faction",
        ladder.name,
        player_id,
    )
    return {row["faction"]: await standing(ladder, player_id, row["faction"]) for row in rows}


async def leaderboard(
    ladder: LadderConfig, filters: Filters, *, offset: int, limit: int
) -> tuple[list[Line], int]:
    """A part of the leaderboard, best first, and how many lines it has as it is narrowed."""
    narrowed, values = await _narrowed(ladder, filters)
    rows = await fetch(
        f"WITH narrowed AS ({narrowed})"
        " SELECT narrowed.*, (SELECT COUNT(*) FROM narrowed) AS lines FROM narrowed"
        " ORDER BY line LIMIT $6 OFFSET $7",
        *values,
        limit,
        offset,
    )
    if rows:
        return [_line(ladder, row) for row in rows], rows[0]["lines"]
    counted = await fetch(f"SELECT COUNT(*) AS lines FROM ({narrowed}) narrowed", *values)
    return [], counted[0]["lines"]


async def lines_above(ladder: LadderConfig, filters: Filters, player_id: int) -> int | None:
    """How many lines stand above the player's first; None when they are not on it."""
    narrowed, values = await _narrowed(ladder, filters)
    rows = await fetch(
        f"WITH narrowed AS ({narrowed}), own AS"
        " (SELECT MIN(line) AS line FROM narrowed WHERE player_id = $6)"
        " SELECT own.line, (SELECT COUNT(*) FROM narrowed WHERE narrowed.line < own.line) AS above"
        " FROM own",
        *values,
        player_id,
    )
    return None if rows[0]["line"] is None else rows[0]["above"]


async def countries_of(ladder: LadderConfig) -> list[str]:
    """The codes of the countries that the leaderboard has players of, most players first."""
    rows = await fetch(
        "SELECT p.country FROM queue_rating r JOIN queue_player p ON p.id = r.player_id"
        f" WHERE r.ladder = $1 AND {SHOWN} AND p.country IS NOT NULL"
        " GROUP BY p.country ORDER BY COUNT(DISTINCT p.id) DESC, p.country",
        ladder.name,
    )
    return [row["country"] for row in rows]


async def _narrowed(ladder: LadderConfig, filters: Filters) -> tuple[str, tuple[Any, ...]]:
    first, last = 1, 2**31
    if filters.rank:
        first, last = _positions(ladder, filters.rank, await _total(ladder))
    narrowed = (
        f"SELECT * FROM ({_PLACES}) places WHERE listed AND ($2 = '' OR faction = $2)"
        " AND ($3 = '' OR country = $3) AND position BETWEEN $4 AND $5"
    )
    return narrowed, (ladder.name, filters.faction, filters.country, first, last)


async def _total(ladder: LadderConfig) -> int:
    rows = await fetch(
        "SELECT COUNT(*) AS total FROM queue_rating r JOIN queue_player p ON p.id = r.player_id"
        f" WHERE r.ladder = $1 AND {COUNTED}",
        ladder.name,
    )
    return rows[0]["total"]


def _positions(ladder: LadderConfig, rank: str, total: int) -> tuple[int, int]:
    """The first and the last position of a rank; the first is past the last when it has none."""
    before = 0
    for name, last in zip(_names(ladder), last_positions(_shares(ladder), total), strict=True):
        if name == rank:
            return before + 1, last
        before = last
    return 1, 0


def _line(ladder: LadderConfig, row: dict[str, Any]) -> Line:
    return Line(
        player_id=row["player_id"],
        name=row["name"],
        country=row["country"],
        faction=row["faction"],
        value=row["value"],
        games=row["games"],
        wins=row["wins"],
        position=row["position"],
        rank=_rank(ladder, row["position"], row["total"]),
    )


def _rank(ladder: LadderConfig, position: int, total: int) -> str:
    return _names(ladder)[rank_at(_shares(ladder), position, total)]


def _names(ladder: LadderConfig) -> list[str]:
    return [rank.name for rank in ladder.ranks]


def _shares(ladder: LadderConfig) -> list[float]:
    return [rank.share for rank in ladder.ranks]


def _win_rate(wins: int, games: int) -> int:
    return round(100 * wins / games) if games else 0
