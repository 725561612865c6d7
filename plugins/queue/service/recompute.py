"""Ratings are derived: replayed from the history, as a whole or from one match on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from core.db import fetch, transaction
from plugins.queue.config import LadderConfig
from plugins.queue.domain.ratings import Adjustment, Move, Ratings, Standing, Which
from plugins.queue.service.rated import (
    PAGE,
    Past,
    in_order,
    last_order,
    pages,
    raise_order,
    read_adjustments,
    read_past,
    read_standings,
    write_moves,
    write_standings,
)

__all__ = ["Change", "Recomputation", "recompute", "redecide"]

T = TypeVar("T")

TRIES = 3

Moves = dict[int, tuple[int | None, int | None]]
"""What is to be written of participants' rows: see ``write_moves``."""


@dataclass(frozen=True, slots=True)
class Change:
    """A rating that is not what the history says.

    Attributes:
        before: as it is written; None where it is not.
    """

    which: Which
    before: Standing | None
    after: Standing


@dataclass(slots=True)
class Recomputation:
    """What a replay found.

    Attributes:
        matches: how many were replayed.
        changes: the ratings that differ, highest first.
        seats: of participants whose ratings before and after their match differ: what they are.
    """

    matches: int
    changes: list[Change]
    seats: Moves = field(repr=False)

    @property
    def is_right(self) -> bool:
        """Whether everything is what the history says."""
        return not self.changes and not self.seats

    async def write(self, ladder: str) -> None:
        """Mend what differs."""
        await write_standings(ladder, {change.which: change.after for change in self.changes})
        await write_moves(self.seats)


async def recompute(ladder: LadderConfig, *, write: bool) -> Recomputation:
    """Replay a ladder's whole history, and compare the ratings and every match with it.

    A long history takes seconds, in which a bot goes on beside it: only if it is overtaken again
    and again does it have the others wait.

    Args:
        write: whether to mend what differs. Otherwise nothing is changed.
    """
    for _ in range(TRIES):
        order = await last_order(ladder.name)
        found = await _replayed(ladder)
        if write and not found.is_right:
            async with transaction():
                if await raise_order(ladder.name) == order + 1:
                    await found.write(ladder.name)
                    return found
        elif await last_order(ladder.name) == order:
            return found
    async with transaction():
        await raise_order(ladder.name)
        found = await _replayed(ladder)
        if write:
            await found.write(ladder.name)
    return found


async def redecide(
    ladder: LadderConfig, match_id: int, event_id: int, order: int, score: float | None
) -> tuple[Past, Recomputation]:
    """Decide a match anew: take back all that came after its place in the history, and replay it.

    Args:
        event_id: of the first event that has a place in the history for it.
        order: that place.
        score: as it is decided now.

    Returns:
        The match as it is now, and what was written.
    """
    async with transaction():
        await raise_order(ladder.name)
        past = await read_past(ladder, since_event=event_id - 1, since_order=order)
        adjustments = await read_adjustments(ladder.name, since_order=order)
        players = {
            which.player_id
            for match in past.values()
            for which in (match.result.one, match.result.other)
        } | {adjustment.which.player_id for adjustment in adjustments}
        stored = await read_standings(ladder.name, players)
        ratings = Ratings({which: replace(standing) for which, standing in stored.items()})
        steps = in_order(past, adjustments)
        async for step in _in_turn(reversed(steps)):
            if isinstance(step, Adjustment):
                ratings.take_back(step)
            else:
                ratings.take_back(step.result, step.rated)
        decided = past[match_id]
        decided.result = decided.result._replace(score=score)
        async for step in _in_turn(steps):
            ratings.add(step if isinstance(step, Adjustment) else step.result)
        seats = await _seats(past, ratings.moves)
        found = Recomputation(_counted(past), _changes(stored, ratings.standings), seats)
        await found.write(ladder.name)
    moves = ratings.moves.get(match_id)
    if moves is not None:
        decided.moves = moves
    return decided, found


async def _replayed(ladder: LadderConfig) -> Recomputation:
    past = await read_past(ladder)
    ratings = Ratings()
    async for step in _in_turn(in_order(past, await read_adjustments(ladder.name))):
        ratings.add(step if isinstance(step, Adjustment) else step.result)
    stored = await _all_standings(ladder.name)
    expected = {which: Standing(ladder.elo.start) for which in stored} | ratings.standings
    seats = await _seats(past, ratings.moves) | await _never_rated(ladder.name)
    return Recomputation(_counted(past), _changes(stored, expected), seats)


async def _in_turn(items: Iterable[T]) -> AsyncIterator[T]:
    """The items, letting the event loop turn now and then: a long history must not hold it."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % PAGE == 0:
            await asyncio.sleep(0)


async def _all_standings(ladder: str) -> dict[Which, Standing]:
    stored: dict[Which, Standing] = {}
    async for rows in pages(
        "SELECT id, player_id, faction, value, games, wins, draws FROM queue_rating"
        # Not `ladder = $2`: SQLite would take that index, and sort all of it for each page.
        " WHERE id > $1 AND ladder || '' = $2",
        ladder,
    ):
        for row in rows:
            stored[Which(row["player_id"], row["faction"])] = Standing(
                row["value"], row["games"], row["wins"], row["draws"]
            )
    return stored


async def _seats(past: Mapping[int, Past], moves: Mapping[int, tuple[Move, Move]]) -> Moves:
    """Where participants' rows differ from what their matches did."""
    seats: Moves = {}
    async for match in _in_turn(past.values()):
        expected = moves.get(match.result.match_id, ((None, None), (None, None)))
        for participant, wanted, written in zip(
            match.participants, expected, match.moves, strict=True
        ):
            # Of a match that counts for nothing, the rating before it is what it was when found.
            if wanted != written and not (wanted[1] is None and written[1] is None):
                seats[participant] = wanted
    return seats


async def _never_rated(ladder: str) -> Moves:
    """Participants whose rows say that a match was rated which never was."""
    rows = await fetch(
        "SELECT p.id FROM queue_match_participant p JOIN queue_match m ON m.id = p.match_id"
        " WHERE m.ladder = $1 AND p.rating_after IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM queue_match_event e WHERE e.match_id = m.id"
        " AND e.payload ->> 'order' IS NOT NULL)",
        ladder,
    )
    return {row["id"]: (None, None) for row in rows}


def _changes(stored: Mapping[Which, Standing], expected: Mapping[Which, Standing]) -> list[Change]:
    changes = [
        Change(which, stored.get(which), standing)
        for which, standing in expected.items()
        if stored.get(which) != standing
    ]
    return sorted(changes, key=lambda change: -change.after.value)


def _counted(past: Mapping[int, Past]) -> int:
    return sum(match.result.score is not None for match in past.values())
