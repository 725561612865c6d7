"""What the database says after a soak: each match once and ended, and the ratings right."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.config import load_config, section_of
from core.db import Database, fetch
from core.db.database import CORE_MODELS
from core.db.sql import is_sqlite
from core.errors import ConfigError
from plugins.queue import QueuePlugin
from plugins.queue.config import QueueConfig
from plugins.queue.domain.match import MatchState
from plugins.queue.service.recompute import recompute

__all__ = ["Audit", "audit", "require_empty", "until_over", "until_quiet"]

LOOK_SECONDS = 0.5
QUIET_SECONDS = 60.0

RECURRING = ("wave", "show_change", "sync_commands")
"""Jobs that there always are."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found.

    Attributes:
        matches: by state.
        lost: matches that players were in and that are not there, or that have not ended.
        doubled: matches that were counted twice: two rooms, two results, or a player's games that
            are more than their matches.
        rating_mismatches: ratings, and ratings noted in matches, that a recomputation finds wrong.
        rows: the rows of each table.
        open_views: each view that has not ended.
    """

    matches: Counter[str]
    lost: int
    doubled: int
    rating_mismatches: int
    rows: dict[str, int]
    open_views: list[str]


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[None]:
    """The database of a bot, beside that bot."""
    models = QueuePlugin().app_models()
    database = Database(url, [CORE_MODELS, *([models] if models is not None else [])])
    await database.open()
    try:
        yield
    finally:
        await database.close()


async def require_empty(url: str) -> None:
    """Refuse a database that somebody's ladder is in.

    Raises:
        ConfigError: when there are tables in it.
    """
    async with opened(url):
        if await _tables():
            raise ConfigError(
                "--database: there are tables in this database. A soak wants an empty one, and"
                " leaves its matches in it."
            )


async def until_over(url: str) -> None:
    """Wait until every match has ended, or nothing changes any more."""
    await _until_none(url, _playing)


async def until_quiet(url: str) -> None:
    """Wait until the bot owes nothing and every view has ended, or nothing changes any more."""
    await _until_none(url, _left)


async def _until_none(url: str, count: Callable[[], Coroutine[Any, Any, int]]) -> None:
    loop = asyncio.get_running_loop()
    async with opened(url):
        before, since = -1, loop.time()
        while left := await count():
            if left != before:
                before, since = left, loop.time()
            elif loop.time() - since > QUIET_SECONDS:
                return  # what is left is a finding
            await asyncio.sleep(LOOK_SECONDS)


async def audit(url: str, config_path: Path, posted: Counter[int]) -> Audit:
    """Look at the database of a bot that has stopped.

    Args:
        posted: how many rooms players found for each match, by its number.
    """
    config = load_config(config_path, environ={}, env_file=None)
    ladder = section_of(config, "queue", QueueConfig).ladders[0]
    async with opened(url):
        rows = await fetch("SELECT id, state FROM queue_match WHERE ladder = $1", ladder.name)
        states = {int(row["id"]): MatchState(row["state"]) for row in rows}
        found = await recompute(ladder, write=False)
        return Audit(
            matches=Counter(state.value for state in states.values()),
            lost=len(posted.keys() - states.keys())
            + sum(not state.is_over for state in states.values()),
            doubled=sum(times > 1 for times in posted.values()) + await _decided_twice(),
            rating_mismatches=len(found.changes) + len(found.seats),
            rows={table: await _count(table) for table in await _tables()},
            open_views=await _open_views(),
        )


async def _playing() -> int:
    over = ", ".join(f"'{state}'" for state in MatchState if state.is_over)
    rows = await fetch(f"SELECT count(*) AS n FROM queue_match WHERE state NOT IN ({over})")  # noqa: S608  our own words
    return int(rows[0]["n"])


async def _left() -> int:
    """Jobs that are still to be carried out, and views that are still there."""
    kinds = ", ".join(f"'{kind}'" for kind in RECURRING)
    jobs = await fetch(f"SELECT count(*) AS n FROM core_job WHERE kind NOT IN ({kinds})")  # noqa: S608  our own words
    views = await fetch("SELECT count(*) AS n FROM core_view")
    return int(jobs[0]["n"]) + int(views[0]["n"])


async def _decided_twice() -> int:
    """Matches with more than one result in their history, or whose room another match has too, and
    ratings of more games than there were matches."""
    twice = await fetch(
        "SELECT match_id FROM queue_match_event WHERE kind IN"
        " ('completed', 'conflict', 'aborted', 'unconfirmed', 'void')"
        " GROUP BY match_id HAVING count(*) > 1"
    )
    shared = await fetch(
        "SELECT room_id FROM queue_match WHERE room_id IS NOT NULL"
        " GROUP BY room_id HAVING count(*) > 1"
    )
    too_many = await fetch(
        "SELECT r.id FROM queue_rating r WHERE r.games > (SELECT count(*)"
        " FROM queue_match_participant p JOIN queue_match m ON m.id = p.match_id"
        " WHERE p.player_id = r.player_id AND p.faction = r.faction AND m.ladder = r.ladder"
        " AND m.score IS NOT NULL)"
    )
    return len(twice) + len(shared) + len(too_many)


async def _open_views() -> list[str]:
    rows = await fetch("SELECT plugin, view, key, scope, state, opened_at FROM core_view")
    return [
        f"{row['plugin']}.{row['view']} {row['key']} of {row['scope']}, {row['state']}, opened at"
        f" {row['opened_at']}"
        for row in rows
    ]


async def _tables() -> list[str]:
    rows = await fetch(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if is_sqlite()
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
    )
    names = sorted(str(row["name"]) for row in rows)
    return [name for name in names if not name.startswith("sqlite_")]


async def _count(table: str) -> int:
    rows = await fetch(f'SELECT count(*) AS n FROM "{table}"')  # noqa: S608  the database's own name
    return int(rows[0]["n"])
