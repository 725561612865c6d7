"""Find a player by what somebody calls them: a mention, an id, a Discord name, a ladder name."""

# The SQL is put together of this module's own constants.
# ruff: noqa: S608

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from core.db import fetch

__all__ = ["PlayerFacts", "find_players", "player_by_id", "suggest_players"]

_MENTION = re.compile(r"^<@!?(\d{1,19})>$")
_NUMBER = re.compile(r"^\d{1,19}$")

_COLUMNS = "id, discord_id, name, discord_name, locale, account, country, region"

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class PlayerFacts:
    """A player, as other plugins may know them.

    Attributes:
        discord_id: None once their data was deleted.
        name: their ladder name.
    """

    id: int
    discord_id: int | None
    name: str
    discord_name: str
    locale: str
    account: str | None
    country: str | None
    region: str | None


async def player_by_id(player_id: int) -> PlayerFacts | None:
    """The player of that number, those too whose data was deleted."""
    rows = await fetch(f"SELECT {_COLUMNS} FROM queue_player WHERE id = $1", player_id)
    return _facts(rows[0]) if rows else None


async def find_players(called: str) -> list[PlayerFacts]:
    """All who are called exactly that, whatever the case. A mention or an id names one alone."""
    called = called.strip().removeprefix("@") if not called.startswith("<@") else called.strip()
    mention = _MENTION.match(called)
    number = mention.group(1) if mention else called if _NUMBER.match(called) else None
    if number is not None and int(number) <= LARGEST:
        rows = await fetch(
            f"SELECT {_COLUMNS} FROM queue_player WHERE discord_id = $1",
            int(number),
        )
        if rows or mention:
            return [_facts(row) for row in rows]
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM queue_player WHERE discord_id IS NOT NULL"
        " AND (lower(name) = lower($1) OR lower(discord_name) = lower($1)) ORDER BY id LIMIT 25",
        called,
    )
    return [_facts(row) for row in rows]


async def suggest_players(typed: str, *, limit: int) -> list[PlayerFacts]:
    """Those in whose names stands what was typed; those that begin with it first."""
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM queue_player WHERE discord_id IS NOT NULL"
        " AND ($1 = '' OR lower(name) LIKE '%' || $2 || '%' ESCAPE '\\'"
        " OR lower(discord_name) LIKE '%' || $2 || '%' ESCAPE '\\'"
        " OR CAST(discord_id AS VARCHAR) = $1)"
        " ORDER BY CASE WHEN lower(name) LIKE $2 || '%' ESCAPE '\\' THEN 0 ELSE 1 END,"
        " lower(name), id LIMIT $3",
        typed.strip(),
        _literal(typed.strip().lower()),
        limit,
    )
    return [_facts(row) for row in rows]


def _literal(text: str) -> str:
    """The text as LIKE takes it letter for letter."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _facts(row: dict[str, Any]) -> PlayerFacts:
    return PlayerFacts(**row)
