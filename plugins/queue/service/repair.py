"""Players whose state disagrees with the rows that it follows from: found, and put right.

None of it should ever happen: each transition writes all of it in one transaction. A row that was
changed by hand, or a mistake of ours, must not keep anybody from playing. Each repair is one
statement that finds and changes, so what is in motion meanwhile is left alone.
"""

# The SQL is put together of this module's own constants.
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import dataclass

from core.db import execute, fetch, transaction
from core.plugin import PluginContext
from plugins.queue.config import QueueConfig
from plugins.queue.domain.match import MatchState
from plugins.queue.service.matches import CONFIRM_DEADLINE, REPORT_DEADLINE

__all__ = ["Repair", "RepairService"]

_OVER = ", ".join(f"'{state}'" for state in MatchState if state.is_over)
_ALL = "CAST($1 AS BIGINT) = 0"
_UNSTARTED = ", ".join(f"'{state}'" for state in MatchState if state.is_unstarted)

ANYBODY = 0


@dataclass(frozen=True, slots=True)
class Repair:
    """Something that was put right.

    Attributes:
        kind: "seat": in a match that is over or gone; "member": active in a wait that is none;
            "wait": an entry that waits with nobody in it; "matched": an entry in a match that does
            not go on; "deadline": a match whose time would never have ended.
        player_id: None where it concerns no one player.
        number: of the match or of the queue entry.
    """

    kind: str
    player_id: int | None
    number: int


_SEATS = (
    "UPDATE queue_match_participant SET active = FALSE WHERE active"
    f" AND ({_ALL} OR player_id = $1) AND NOT EXISTS (SELECT 1 FROM queue_match m"
    f" WHERE m.id = queue_match_participant.match_id AND m.state NOT IN ({_OVER}))"
    " RETURNING player_id, match_id AS number"
)
_MATCHED = (
    "UPDATE queue_entry SET state = 'ended' WHERE state = 'matched'"
    f" AND ({_ALL} OR id IN (SELECT entry_id FROM queue_member WHERE player_id = $1))"
    " AND NOT EXISTS (SELECT 1 FROM queue_match_participant p"
    " WHERE p.entry_id = queue_entry.id AND p.active)"
    " RETURNING id AS number"
)
_MEMBERS = (
    "UPDATE queue_member SET active = FALSE WHERE active"
    f" AND ({_ALL} OR player_id = $1)"
    " AND NOT EXISTS (SELECT 1 FROM queue_entry e"
    " WHERE e.id = queue_member.entry_id AND e.state = 'waiting')"
    " RETURNING player_id, entry_id AS number"
)
_WAITS = (
    "UPDATE queue_entry SET state = 'ended' WHERE state = 'waiting'"
    f" AND ({_ALL} OR id IN (SELECT entry_id FROM queue_member WHERE player_id = $1))"
    " AND NOT EXISTS (SELECT 1 FROM queue_member m WHERE m.entry_id = queue_entry.id AND m.active)"
    " RETURNING id AS number"
)
_TIMELESS = (
    f"SELECT m.id AS number, m.state, m.ladder FROM queue_match m WHERE m.state NOT IN ({_OVER})"
    # One without a room is waited for by the job that makes it.
    f" AND NOT (m.state IN ({_UNSTARTED}) AND m.confirm_by IS NULL)"
    f" AND ({_ALL} OR m.id IN"
    " (SELECT match_id FROM queue_match_participant WHERE player_id = $1))"
    " AND NOT EXISTS (SELECT 1 FROM core_job j WHERE j.plugin = 'queue'"
    " AND j.key = CAST(m.id AS VARCHAR) AND j.kind ="
    f" CASE WHEN m.state IN ({_UNSTARTED}) THEN '{CONFIRM_DEADLINE}' ELSE '{REPORT_DEADLINE}' END)"
)


class RepairService:
    """Puts right what can be told to be wrong."""

    def __init__(self, context: PluginContext[QueueConfig]) -> None:
        self._context = context

    async def repair(self, player_id: int = ANYBODY) -> list[Repair]:
        """Put right what is wrong with a player, or with everybody. In an open transaction it
        becomes part of that."""
        found: list[Repair] = []
        async with transaction():
            # In the order in which one follows from the other.
            for kind, statement in (
                ("seat", _SEATS),
                ("matched", _MATCHED),
                ("member", _MEMBERS),
                ("wait", _WAITS),
            ):
                rows = await fetch(statement, player_id)
                found += [Repair(kind, row.get("player_id"), row["number"]) for row in rows]
            found += await self._give_time(player_id)
        return found

    async def wrong(self, player_id: int) -> list[Repair]:
        """What :meth:`repair` would put right now."""
        found: list[Repair] = []

        class Undone(Exception):
            pass

        try:
            async with transaction():
                found = await self.repair(player_id)
                raise Undone
        except Undone:
            return found

    async def _give_time(self, player_id: int) -> list[Repair]:
        """Owe the deadlines of matches that have none."""
        given: list[Repair] = []
        for row in await fetch(_TIMELESS, player_id):
            ladder = self._context.config.ladder(row["ladder"])
            if ladder is None:
                continue
            unstarted = MatchState(row["state"]).is_unstarted
            kind, seconds = (
                (CONFIRM_DEADLINE, ladder.confirm_seconds)
                if unstarted
                else (REPORT_DEADLINE, ladder.report_seconds)
            )
            # The match's row is held, so that it cannot go on at the same moment.
            held = await execute(
                "UPDATE queue_match SET id = id WHERE id = $1 AND state = $2",
                row["number"],
                row["state"],
            )
            if held:
                await self._context.jobs.put(kind, str(row["number"]), after=seconds, replace=False)
                given.append(Repair("deadline", None, row["number"]))
        return given
