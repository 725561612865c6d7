"""Matches that were decided, as the match service writes them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.db import fetch, transaction
from plugins.queue.config import LadderConfig
from plugins.queue.models import Match, MatchEvent, MatchParticipant, Player
from plugins.queue.service.ratings import RatingService

__all__ = ["NOON", "Seated", "a_ladder", "decide", "found", "player", "ratings_of", "seats_of"]

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_ladder(name: str = "Ladder", **settings: Any) -> LadderConfig:
    return LadderConfig.model_validate(
        {"name": name, "guild_id": 1, "room_channel_id": 2} | settings
    )


@dataclass(frozen=True)
class Seated:
    player_id: int
    side: int
    faction: str


async def player(name: str, **columns: Any) -> Player:
    """A player who is set up."""
    number = await Player.all().count() + 1
    columns = {"discord_id": number, "account": name, "country": "DE", "region": "EU"} | columns
    return await Player.create(name=name, seen_at=NOON, **columns)


async def found(
    ladder: LadderConfig, one: tuple[int, str], other: tuple[int, str], **columns: Any
) -> Match:
    """A match that nobody has decided. The players are given as (player id, faction)."""
    defaults: dict[str, Any] = {
        "state": "running",
        "found_at": NOON,
        "guild_id": ladder.guild_id,
    }
    match = await Match.create(ladder=ladder.name, **(defaults | columns))
    for side, (player_id, faction) in enumerate((one, other)):
        await MatchParticipant.create(
            match_id=match.id,
            player_id=player_id,
            entry_id=0,
            side=side,
            faction=faction,
            confirmed=True,
            rating_before=1500,
            active=False,
        )
    return match


async def seats_of(match_id: int) -> list[Seated]:
    return [
        Seated(row.player_id, row.side, row.faction)
        for row in await MatchParticipant.filter(match_id=match_id).order_by("side")
    ]


async def decide(ladder: LadderConfig, match_id: int, score: float | None) -> dict[str, Any]:
    """Decide a match in one transaction; the first time as its players do, then as an admin."""
    seats, number = await seats_of(match_id), await MatchEvent.filter(match_id=match_id).count()
    kind = "void" if score is None else "resolved" if number else "completed"
    at = NOON + timedelta(minutes=await MatchEvent.all().count())
    async with transaction():
        await Match.filter(id=match_id).update(state=kind, score=score, ended_at=at)
        payload = await RatingService().decide(ladder, match_id, seats, score)
        await MatchEvent.create(
            match_id=match_id, number=number + 1, kind=kind, payload=payload, at=at
        )
    return payload


async def ratings_of(ladder: LadderConfig) -> dict[tuple[int, str], tuple[int, int, int, int]]:
    """Value, games, wins and draws by player and faction, of whoever has games."""
    rows = await fetch(
        "SELECT player_id, faction, value, games, wins, draws FROM queue_rating"
        " WHERE ladder = $1 AND games > 0",
        ladder.name,
    )
    return {
        (row["player_id"], row["faction"]): (row["value"], row["games"], row["wins"], row["draws"])
        for row in rows
    }
