"""All that the database holds about one player."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tortoise.expressions import Subquery
from tortoise.models import Model

from plugins.queue.models import (
    Abort,
    Acknowledgement,
    Ban,
    LastChoice,
    Match,
    MatchParticipant,
    MatchReport,
    MemberFaction,
    Player,
    QueueEntry,
    QueueMember,
    Rating,
    RatingAdjustment,
)

__all__ = ["export_player"]

Rows = list[dict[str, Any]]


async def export_player(player_id: int, now: datetime) -> dict[str, Any]:
    """What is known of the player, as values that JSON has."""
    (profile,) = await _rows(Player, id=player_id)
    for key in ("discord_id", "dm_id"):
        if profile[key] is not None:
            profile[key] = str(profile[key])  # too long for a number of JavaScript's
    return {
        "exported_at": now.isoformat(),
        "profile": profile,
        "acknowledgements": await _rows(Acknowledgement, player_id=player_id),
        "last_choices": await _rows(LastChoice, player_id=player_id),
        "ratings": await _rows(Rating, player_id=player_id),
        "queue_entries": await _queue_entries(player_id),
        "matches": await _matches(player_id),
        "aborts": await _rows(Abort, player_id=player_id),
        "bans": _without(await _rows(Ban, player_id=player_id), "discord_id"),
        # By whom is the admin's data, not the player's.
        "rating_adjustments": _without(
            await _rows(RatingAdjustment, player_id=player_id), "by_discord_id"
        ),
    }


async def _queue_entries(player_id: int) -> Rows:
    mine = QueueMember.filter(player_id=player_id)
    factions: dict[int, list[str]] = defaultdict(list)
    for row in await MemberFaction.filter(member_id__in=Subquery(mine.values("id"))).order_by("id"):
        factions[row.member_id].append(row.faction)
    entries = {
        row["id"]: row for row in await _rows(QueueEntry, id__in=Subquery(mine.values("entry_id")))
    }
    return [
        {
            **entries.get(member["entry_id"], {}),
            "factions": factions[member["id"]],
            "vetoes": member["vetoes"],
            "sees_rooms": member["sees_rooms"],
        }
        for member in await _rows(QueueMember, player_id=player_id)
    ]


async def _matches(player_id: int) -> Rows:
    mine = Subquery(MatchParticipant.filter(player_id=player_id).values("match_id"))
    matches = {row["id"]: row for row in await _rows(Match, id__in=mine)}
    reports = _by_match(await _rows(MatchReport, player_id=player_id))
    others = [
        row
        for row in await _rows(MatchParticipant, match_id__in=mine)
        if row["player_id"] != player_id
    ]
    named = Subquery(MatchParticipant.filter(match_id__in=mine).values("player_id"))
    names = {row.id: row.name for row in await Player.filter(id__in=named).only("id", "name")}
    opponents = _by_match(others)
    found: Rows = []
    for seat in await _rows(MatchParticipant, player_id=player_id):
        match = matches[seat["match_id"]]
        found.append(
            {
                "match": match["id"],
                **{key: match[key] for key in _OF_A_MATCH},
                **{key: seat[key] for key in _OF_A_SEAT},
                "result": _result(match["score"], seat["side"]),
                "opponents": [
                    {"name": names[other["player_id"]], "faction": other["faction"]}
                    for other in opponents[match["id"]]
                    if other["side"] != seat["side"]
                ],
                "reports": [
                    {key: report[key] for key in ("result", "reported_at")}
                    for report in reports[match["id"]]
                ],
            }
        )
    return found


_OF_A_MATCH = ("ladder", "state", "map", "server", "found_at", "ended_at")
_OF_A_SEAT = ("side", "faction", "confirmed", "rating_before", "rating_after")


def _result(score: float | None, side: int) -> str | None:
    if score is None:
        return None
    if score == 0.5:
        return "draw"
    return "won" if (score == 1) == (side == 0) else "lost"


def _by_match(rows: Iterable[Mapping[str, Any]]) -> Mapping[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["match_id"]].append(row)
    return found


def _without(rows: Rows, column: str) -> Rows:
    return [{key: value for key, value in row.items() if key != column} for row in rows]


async def _rows(model: type[Model], **where: Any) -> Rows:
    """The rows of a table, oldest first, their times as text."""
    return [
        {key: _plain(value) for key, value in row.items()}
        for row in await model.filter(**where).order_by("id").values()
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
