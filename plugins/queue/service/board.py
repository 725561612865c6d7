"""A ladder's queue at a glance: what those who wait and the panel are shown.

It is read once for all who look at the same moment, and forgotten as soon as this process changes
the queue, or after two seconds for what other processes change.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from core.db import after_commit, as_datetime, fetch
from core.jobs import Priority
from core.plugin import PluginContext
from core.tasks import spawn
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.pairing import Candidate, Choice
from plugins.queue.models import Ladder, Player

__all__ = ["SHOW_CHANGE", "Board", "Boards", "read_waiting"]

SHOW_CHANGE = "show_change"

GATHER_SECONDS = 5.0

PART = 500
"""Entries that are read at a time."""

FRESH_SECONDS = 2.0

SEEN_WITHIN = timedelta(minutes=15)

RECENT_MATCHES = 50
"""Of so many matches the waits are what a new one is estimated by."""


@dataclass(frozen=True, slots=True)
class Board:
    """A ladder's queue.

    Attributes:
        waiting: those who wait.
        playing: those in a match of this ladder, with the faction they play.
        by_group: how many wait for each group; one with factions of two groups counts for both.
        matches: how many matches run.
        seen: how many players were seen in the last 15 minutes.
        next_wave_at: when the next wave comes; None before the first.
        usual_wait_seconds: the median wait before the last matches; None before the first.
    """

    waiting: Sequence[Candidate]
    playing: Sequence[Candidate]
    by_group: Mapping[str, int]
    matches: int
    seen: int
    next_wave_at: datetime | None
    usual_wait_seconds: float | None

    def candidate(self, entry_id: int) -> Candidate | None:
        """Whoever waits in that entry."""
        return next((one for one in self.waiting if one.entry_id == entry_id), None)


class Boards:
    """The boards of all ladders."""

    def __init__(self, context: PluginContext[QueueConfig]) -> None:
        self._context = context
        self._clock = context.clock
        self._read: dict[str, tuple[float, asyncio.Task[Board]]] = {}

    async def note_change(self, ladder: str) -> None:
        """The queue of a ladder will not be what it was, once the open transaction is committed:
        have its panels show so."""
        after_commit(lambda: self._read.pop(ladder, None))
        # Many changes within that time make one edit.
        await self._context.jobs.put(
            SHOW_CHANGE,
            ladder,
            after=GATHER_SECONDS,
            priority=Priority.PANEL,
            replace=False,
        )

    async def of(self, ladder: LadderConfig) -> Board:
        """The board of a ladder now."""
        now = asyncio.get_running_loop().time()
        known = self._read.get(ladder.name)
        if known is None or now - known[0] > FRESH_SECONDS:
            known = now, spawn(self._look(ladder), name=f"look at the queue of {ladder.name}")
            self._read[ladder.name] = known
        try:
            return await asyncio.shield(known[1])
        except BaseException:
            self._read.pop(ladder.name, None)  # the next look may succeed
            raise

    async def _look(self, ladder: LadderConfig) -> Board:
        waiting = await read_waiting(ladder)
        playing = await _read_playing(ladder)
        by_group = Counter(
            group for one in waiting for group in {choice.group for choice in one.choices}
        )
        own = await Ladder.get_or_none(name=ladder.name)
        return Board(
            waiting=waiting,
            playing=playing,
            by_group={group: by_group[group] for group in _groups(ladder)},
            matches=await _running(ladder),
            seen=await Player.filter(seen_at__gte=self._clock.now() - SEEN_WITHIN).count(),
            next_wave_at=own.next_wave_at if own is not None else None,
            usual_wait_seconds=await _usual_wait(ladder),
        )


async def read_waiting(ladder: LadderConfig) -> list[Candidate]:
    """Those who wait, with their ratings. A part at a time: rows take the loop as they arrive."""
    rows = await fetch(
        "SELECT id FROM queue_entry WHERE ladder = $1 AND state = 'waiting' ORDER BY id",
        ladder.name,
    )
    ids: list[int] = [row["id"] for row in rows]
    waiting: list[Candidate] = []
    for at in range(0, len(ids), PART):
        part = ids[at : at + PART]
        waiting += _candidates(ladder, await _rows_between(ladder, part[0], part[-1]))
    return waiting


async def _rows_between(ladder: LadderConfig, first: int, last: int) -> list[dict[str, int | str]]:
    return await fetch(
        "SELECT e.id AS entry_id, m.player_id, e.waves, f.faction,"
        " COALESCE(r.value, $1) AS rating"
        " FROM queue_entry e JOIN queue_member m ON m.entry_id = e.id"
        " JOIN queue_member_faction f ON f.member_id = m.id"
        " LEFT JOIN queue_rating r ON r.ladder = e.ladder AND r.player_id = m.player_id"
        " AND r.faction = f.faction"
        " WHERE e.ladder = $2 AND e.state = 'waiting' AND e.id BETWEEN $3 AND $4 AND m.active"
        # Whoever waits in several ladders may have been paired in another one just now.
        " AND NOT EXISTS (SELECT 1 FROM queue_match_participant p"
        " WHERE p.player_id = m.player_id AND p.active)"
        " ORDER BY e.id, f.id",
        ladder.elo.start,
        ladder.name,
        first,
        last,
    )


async def _read_playing(ladder: LadderConfig) -> list[Candidate]:
    rows = await fetch(
        "SELECT p.entry_id, p.player_id, 0 AS waves, p.faction, p.rating_before AS rating"
        " FROM queue_match_participant p JOIN queue_match m ON m.id = p.match_id"
        " WHERE p.active AND m.ladder = $1",
        ladder.name,
    )
    return _candidates(ladder, rows)


def _candidates(ladder: LadderConfig, rows: Sequence[Mapping[str, int | str]]) -> list[Candidate]:
    """From rows of (entry_id, player_id, waves, faction, rating), a row a faction."""
    choices: dict[tuple[int, int, int], list[Choice]] = {}
    for row in rows:
        faction = ladder.faction_by_code.get(str(row["faction"]))
        if faction is not None:
            key = int(row["entry_id"]), int(row["player_id"]), int(row["waves"])
            choice = Choice(faction.code, faction.group, int(row["rating"]))
            choices.setdefault(key, []).append(choice)
    return [
        Candidate(entry_id, player_id, waves, tuple(chosen))
        for (entry_id, player_id, waves), chosen in choices.items()
    ]


async def _running(ladder: LadderConfig) -> int:
    rows = await fetch(
        "SELECT COUNT(DISTINCT p.match_id) AS matches FROM queue_match_participant p"
        " JOIN queue_match m ON m.id = p.match_id WHERE p.active AND m.ladder = $1",
        ladder.name,
    )
    return int(rows[0]["matches"])


async def _usual_wait(ladder: LadderConfig) -> float | None:
    rows = await fetch(
        "SELECT e.joined_at, m.found_at FROM queue_match m"
        " JOIN queue_match_participant p ON p.match_id = m.id"
        " JOIN queue_entry e ON e.id = p.entry_id"
        " WHERE m.ladder = $1 ORDER BY m.id DESC LIMIT $2",
        ladder.name,
        2 * RECENT_MATCHES,
    )
    waits = [
        (as_datetime(row["found_at"]) - as_datetime(row["joined_at"])).total_seconds()
        for row in rows
    ]
    return median(waits) if waits else None


def _groups(ladder: LadderConfig) -> list[str]:
    return list(dict.fromkeys(faction.group for faction in ladder.factions))
