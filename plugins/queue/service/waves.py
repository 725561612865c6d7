"""Waves: every so often those who wait are paired, and each pair becomes a match."""

from __future__ import annotations

from collections.abc import Sequence

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from core.db import fetch, transaction
from core.jobs import OwedJob
from core.plugin import PluginContext
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.match import MatchState
from plugins.queue.domain.pairing import Candidate, pair
from plugins.queue.models import (
    EntryState,
    Match,
    MatchEvent,
    MatchParticipant,
    QueueEntry,
    QueueMember,
)
from plugins.queue.service.reading import read_match
from plugins.queue.service.rooms import MAKE_ROOM

__all__ = ["WAVE", "WaveService"]

WAVE = "wave"


class _Lost(Exception):
    """One of the two left the queue, or was paired by another process."""


class WaveService:
    """Runs the waves. A wave is a job, so one process at a time runs it."""

    def __init__(self, context: PluginContext[QueueConfig]) -> None:
        self._context = context

    async def schedule(self) -> None:
        """Have the waves of every ladder begin, unless they go on from before."""
        async with transaction():
            for ladder in self._context.config.ladders:
                await self._context.jobs.put(WAVE, ladder.name, replace=False)

    async def wave(self, job: OwedJob) -> None:
        """Job: one wave of a ladder, and the next one."""
        ladder = self._context.config.ladder(job.key)
        if ladder is None:
            return  # no longer configured
        await self.run(ladder)
        await self._context.jobs.put(WAVE, ladder.name, after=ladder.wave_seconds)

    async def run(self, ladder: LadderConfig) -> list[int]:
        """Pair those who wait. Returns the numbers of the matches made."""
        waiting = await self._waiting(ladder)
        made: list[int] = []
        for one, other in pair(waiting, ladder.window):
            try:
                made.append(await self._make_match(ladder, (one, other)))
            except (_Lost, IntegrityError):
                continue  # one of them left, or is in a match, since they were read
        await QueueEntry.filter(
            id__in=[candidate.entry_id for candidate in waiting], state=EntryState.WAITING
        ).update(waves=F("waves") + 1)
        if made:
            self._context.log.info(
                "wave of {}: {} waited, matches {}", ladder.name, len(waiting), made
            )
        return made

    async def _waiting(self, ladder: LadderConfig) -> list[Candidate]:
        rows = await fetch(
            "SELECT e.id AS entry_id, m.player_id, COALESCE(r.value, $1) AS rating, e.waves"
            " FROM queue_entry e JOIN queue_member m ON m.entry_id = e.id"
            " LEFT JOIN queue_rating r ON r.ladder = e.ladder AND r.player_id = m.player_id"
            " AND r.faction = m.faction"
            " WHERE e.ladder = $2 AND e.state = 'waiting' AND m.active"
            # Whoever waits in several ladders may be in a match of another one.
            " AND NOT EXISTS (SELECT 1 FROM queue_match_participant p"
            " WHERE p.player_id = m.player_id AND p.active)",
            ladder.elo.start,
            ladder.name,
        )
        return [Candidate(**row) for row in rows]

    async def _make_match(self, ladder: LadderConfig, pair_: Sequence[Candidate]) -> int:
        """Make the match of two entries, unless one of them is gone meanwhile."""
        entries = [candidate.entry_id for candidate in pair_]
        now = self._context.clock.now()
        async with transaction():
            won = await QueueEntry.filter(id__in=entries, state=EntryState.WAITING).update(
                state=EntryState.MATCHED
            )
            if won != len(entries):
                raise _Lost
            await QueueMember.filter(entry_id__in=entries).update(active=False)
            match = await Match.create(
                ladder=ladder.name, guild_id=ladder.guild_id, state=MatchState.FOUND, found_at=now
            )
            for side, candidate in enumerate(pair_):
                for member in await QueueMember.filter(entry_id=candidate.entry_id):
                    await MatchParticipant.create(
                        match_id=match.id,
                        player_id=member.player_id,
                        entry_id=member.entry_id,
                        side=side,
                        faction=member.faction,
                        rating_before=candidate.rating,
                    )
            await MatchEvent.create(
                match_id=match.id, number=0, kind="found", payload={"entries": entries}, at=now
            )
            await self._context.jobs.put(MAKE_ROOM, str(match.id), lane=f"room:{match.id}")
            page = await read_match(match.id)
            if page is not None:
                await self._context.announce("match_found", page.facts())
        return match.id
