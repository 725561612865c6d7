"""A match as it stands, read for those who decide about it and for those who show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.db import fetch
from core.hookspecs import MatchFacts, ParticipantFacts
from plugins.queue.domain.match import SIDES, MatchState, Result, Snapshot
from plugins.queue.models import Match, MatchReport

__all__ = ["MatchPage", "Seat", "read_match"]


@dataclass(frozen=True, slots=True)
class Seat:
    """A player in a match."""

    player_id: int
    discord_id: int | None
    """None once the player's data was deleted."""
    name: str
    locale: str
    country: str | None
    account: str | None
    entry_id: int
    side: int
    faction: str
    confirmed: bool
    dm_id: int | None
    rating_before: int
    rating_after: int | None


@dataclass(frozen=True, slots=True)
class MatchPage:
    """All there is to know of a match."""

    match: Match
    seats: Sequence[Seat]
    snapshot: Snapshot

    def seat_of(self, discord_id: int) -> Seat | None:
        """The seat of a Discord user, or None for a stranger."""
        return next((seat for seat in self.seats if seat.discord_id == discord_id), None)

    def facts(self, after: Snapshot | None = None) -> MatchFacts:
        """What hooks are told, of the match as it is or as it is `after` a transition."""
        state = (after or self.snapshot).state
        return MatchFacts(
            id=self.match.id,
            ladder=self.match.ladder,
            guild_id=self.match.guild_id,
            channel_id=self.match.room_id,
            participants=tuple(
                ParticipantFacts(
                    player_id=seat.player_id,
                    discord_id=seat.discord_id or 0,
                    side=seat.side,
                    faction=seat.faction,
                    channel_id=self.match.room_id or seat.dm_id,
                )
                for seat in self.seats
            ),
            outcome=state.value if state.is_over else None,
        )


async def read_match(match_id: int) -> MatchPage | None:
    """Read a match. Its `version` is read first, so a compare-and-set on it fails when any of the
    rest has changed since."""
    match = await Match.get_or_none(id=match_id)
    if match is None:
        return None
    rows = await fetch(
        "SELECT m.player_id, p.discord_id, p.name, p.locale, p.country, p.account, m.entry_id,"
        " m.side, m.faction, m.confirmed, m.dm_id, m.rating_before, m.rating_after"
        " FROM queue_match_participant m"
        " JOIN queue_player p ON p.id = m.player_id WHERE m.match_id = $1 ORDER BY m.side, m.id",
        match_id,
    )
    seats = [Seat(confirmed=bool(row.pop("confirmed")), **row) for row in rows]
    confirmed = frozenset(
        side for side in SIDES if all(seat.confirmed for seat in seats if seat.side == side)
    )
    reports = {
        report.side: Result(report.result) for report in await MatchReport.filter(match_id=match_id)
    }
    snapshot = Snapshot(MatchState(match.state), confirmed, reports, match.score)
    return MatchPage(match, seats, snapshot)
