"""Waves: every so often those who wait are paired, and each pair becomes a match."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from core.db import as_datetime, execute, fetch, transaction
from core.jobs import OwedJob
from core.plugin import PluginContext
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain.maps import pick_map
from plugins.queue.domain.match import MatchState
from plugins.queue.domain.pairing import Pairing, Rule, Seat
from plugins.queue.matchmaker import Matchmaker
from plugins.queue.models import (
    EntryState,
    Match,
    MatchEvent,
    MatchParticipant,
    QueueEntry,
    QueueMember,
)
from plugins.queue.service.bans import hold
from plugins.queue.service.board import Boards, read_waiting
from plugins.queue.service.entries import QueueService
from plugins.queue.service.reading import read_match
from plugins.queue.service.rooms import MAKE_ROOM
from plugins.queue.service.wave_figures import WaveFigures

__all__ = ["WAVE", "WaveService"]

WAVE = "wave"


class _Lost(Exception):
    """One of the two left the queue, or was paired by another process."""


class WaveService:
    """Runs the waves. A wave is a job, so one process at a time runs it.

    Args:
        boards: told of each ladder whose queue has changed.
        after_wave: told of each ladder whose wave has come.
    """

    def __init__(
        self,
        context: PluginContext[QueueConfig],
        queue: QueueService,
        matchmaker: Matchmaker,
        *,
        boards: Boards,
        after_wave: Callable[[LadderConfig], None],
    ) -> None:
        self._context = context
        self._queue = queue
        self._matchmaker = matchmaker
        self._boards = boards
        self._after_wave = after_wave
        self._figures = WaveFigures(context, boards)
        self._chance = random.Random()  # noqa: S311  which map is played, no secret

    async def schedule(self) -> None:
        """Have the waves of every ladder begin, unless they go on from before."""
        async with transaction():
            for ladder in self._context.config.ladders:
                await execute(
                    "INSERT INTO queue_ladder (name, rated) VALUES ($1, 0)"
                    " ON CONFLICT (name) DO NOTHING",
                    ladder.name,
                )
                await self._context.jobs.put(WAVE, ladder.name, replace=False)

    async def wave(self, job: OwedJob) -> None:
        """Job: one wave of a ladder, and the next one."""
        ladder = self._context.config.ladder(job.key)
        if ladder is None:
            return  # no longer configured
        with self._figures.wave(ladder.name):
            await self.run(ladder)
        async with transaction():
            await self._next_wave(ladder, job.due_at)
            await self._boards.note_change(ladder.name)
        self._after_wave(ladder)

    async def run(self, ladder: LadderConfig) -> list[int]:
        """Pair those who wait. Returns the numbers of the matches made."""
        waiting = await read_waiting(ladder)
        rule = Rule(ladder.pairing)
        made: list[int] = []
        for pairing in await self._matchmaker.pair(waiting, ladder.window, rule):
            try:
                made.append(await self._make_match(ladder, pairing))
            except (_Lost, IntegrityError):
                continue  # one of them left, or is in a match, since they were read
        # Those who joined meanwhile have not waited for this one.
        last = max((candidate.entry_id for candidate in waiting), default=0)
        await QueueEntry.filter(ladder=ladder.name, state=EntryState.WAITING, id__lte=last).update(
            waves=F("waves") + 1
        )
        if made:
            self._context.log.info(
                "wave of {}: {} waited, {} matches from {}",
                ladder.name,
                len(waiting),
                len(made),
                made[0],
            )
        return made

    async def _next_wave(self, ladder: LadderConfig, due_at: datetime) -> None:
        """A wave keeps its beat, unless it is so late that the next would be past too."""
        now = self._context.clock.now()
        seconds = timedelta(seconds=ladder.wave_seconds)
        at = due_at + seconds if due_at + seconds > now else now + seconds
        await execute("UPDATE queue_ladder SET next_wave_at = $1 WHERE name = $2", at, ladder.name)
        await self._context.jobs.put(WAVE, ladder.name, due_at=at)

    async def _make_match(self, ladder: LadderConfig, pairing: Pairing) -> int:
        """Make the match of two entries, unless one of them is gone meanwhile."""
        entries = [seat.candidate.entry_id for seat in pairing.seats]
        players = [seat.candidate.player_id for seat in pairing.seats]
        now = self._context.clock.now()
        async with transaction():
            # The waves of two ladders may want the same players: in one order, each waits its turn.
            for player_id in sorted(players):
                if not await hold(player_id):
                    raise _Lost
            won = await QueueEntry.filter(id__in=entries, state=EntryState.WAITING).update(
                state=EntryState.MATCHED
            )
            if won != len(entries):
                raise _Lost
            vetoes, regions, joined = await _choices_of(*entries)
            await QueueMember.filter(entry_id__in=entries).update(active=False)
            server = ladder.server_for(*regions)
            match = await Match.create(
                ladder=ladder.name,
                guild_id=ladder.guild_id,
                state=MatchState.FOUND,
                found_at=now,
                map=pick_map(list(ladder.map_by_name), vetoes, self._chance),
                server=server.code if server is not None else None,
            )
            for side, seat in enumerate(pairing.seats):
                await self._seat(match.id, side, seat)
            await MatchEvent.create(
                match_id=match.id,
                number=0,
                kind="found",
                payload={"entries": entries, "gap": pairing.gap},
                at=now,
            )
            # A match in one ladder withdraws its players from all others.
            await self._queue.withdraw(
                "id IN (SELECT entry_id FROM queue_member WHERE active AND player_id IN ($1, $2))",
                *players,
                also=[ladder.name],
            )
            await self._context.jobs.put(MAKE_ROOM, str(match.id), lane=f"room:{match.id}")
            page = await read_match(match.id)
            if page is not None:
                await self._context.announce("match_found", page.facts())
        waits = [(now - joined_at).total_seconds() for joined_at in joined]
        self._figures.paired(ladder.name, pairing.gap, waits)
        return match.id

    async def _seat(self, match_id: int, side: int, seat: Seat) -> None:
        await MatchParticipant.create(
            match_id=match_id,
            player_id=seat.candidate.player_id,
            entry_id=seat.candidate.entry_id,
            side=side,
            faction=seat.choice.faction,
            rating_before=seat.choice.rating,
        )


async def _choices_of(one: int, other: int) -> tuple[set[str], list[str | None], list[datetime]]:
    """The maps that either ruled out, where the two live, and since when they have waited."""
    rows = await fetch(
        "SELECT m.vetoes, p.region, e.joined_at FROM queue_member m"
        " JOIN queue_player p ON p.id = m.player_id JOIN queue_entry e ON e.id = m.entry_id"
        " WHERE m.entry_id IN ($1, $2)",
        one,
        other,
    )
    vetoes = {
        name
        for row in rows
        for name in (json.loads(row["vetoes"]) if isinstance(row["vetoes"], str) else row["vetoes"])
    }
    joined = [as_datetime(row["joined_at"]) for row in rows]
    return vetoes, [row["region"] for row in rows], joined
