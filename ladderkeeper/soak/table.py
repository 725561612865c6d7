"""Who waits, who plays, and how many matches are still to begin: what all players know together."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field

from ladderkeeper.soak.plan import Outcome, Plan
from sandbox import Message, Persona

__all__ = ["Room", "Table"]

LONGEST_SECONDS = 90.0
"""No match takes longer: see the deadlines of ``QUICK``."""

HEADING = re.compile(r"\*\*Match (\d+)\*\*")


@dataclass(eq=False)
class Room:
    """One match, as its players see it.

    Attributes:
        number: the match's number.
        message: the match's message, as it was first seen.
        outcome: how they mean to end it.
        came: who has found it, in this order.
    """

    number: int
    message: Message
    outcome: Outcome
    before_start: bool
    """Of a timeout: whether it is the confirming that is missing, not the reports."""
    returns: bool
    """Whether one of the two will wait again, and does not yet."""
    came: list[str] = field(default_factory=list[str])
    left: int = 0
    confirmed: int = 0
    since: float = field(default_factory=time.monotonic)
    running: asyncio.Event = field(default_factory=asyncio.Event)
    """Both have confirmed."""

    def confirms(self) -> None:
        """One of the two has confirmed."""
        self.confirmed += 1
        if self.confirmed == 2:
            self.running.set()

    def side_of(self, persona: Persona) -> int:
        """0 for the one named first, else 1."""
        first = self.message.content.partition("\nagainst\n")[0]
        return 0 if persona.mention in first else 1


class Table:
    """Keeps the number of matches what was asked for: nobody joins whom no match is left for."""

    def __init__(self, plan: Plan, chance: random.Random) -> None:
        self._plan = plan
        self._chance = chance
        self._waiting: set[str] = set()
        self._returning = 0
        self.rooms: dict[int, Room] = {}
        """The matches that go on, by their number."""
        self.posted: Counter[int] = Counter()
        """How many messages with its heading players found for each match."""
        self.over = 0

    @property
    def begun(self) -> int:
        """Matches whose room somebody has come into."""
        return len(self.posted)

    @property
    def all_begun(self) -> bool:
        """Whether no match is left to begin."""
        return self.begun >= self._plan.matches

    def may_join(self, persona: Persona) -> bool:
        """Whether there is a match for one more; then it is theirs."""
        if persona.id in self._waiting:
            return True
        if not self._room_for_one():
            return False
        self._waiting.add(persona.id)
        return True

    def gives_up(self, persona: Persona) -> None:
        """Somebody waits no more without having played."""
        self._waiting.discard(persona.id)

    def enter(self, persona: Persona, message: Message) -> Room:
        """Somebody found a match's message."""
        found = HEADING.search(message.content)
        if found is None:
            raise ValueError(f"this is no match's message: {message.content!r}")
        number = int(found[1])
        self._waiting.discard(persona.id)
        room = self.rooms.get(number)
        if room is None:
            room = self.rooms[number] = self._draw(number, message)
            self.posted[number] += 1
        elif room.message.id != message.id:
            self.posted[number] += 1
        room.came.append(persona.id)
        return room

    def leave(self, persona: Persona, room: Room, *, waits: bool) -> None:
        """Somebody's match is over; perhaps they wait again, through no doing of their own."""
        room.left += 1
        if waits:
            self._waiting.add(persona.id)
        if room.returns and (waits or room.left == 2):
            room.returns = False
            self._returning -= 1
        if room.left == 2 and self.rooms.pop(room.number, None) is not None:
            self.over += 1

    def _draw(self, number: int, message: Message) -> Room:
        outcome = self._plan.draw(self._chance)
        before_start = self._chance.random() < 0.5
        returns = outcome is Outcome.ABORT or (outcome is Outcome.TIMEOUT and before_start)
        if returns and not self._room_for_one():
            outcome, returns = Outcome.COMPLETE, False  # else that one would make a match too many
        self._returning += returns
        return Room(number, message, outcome, before_start, returns)

    def _room_for_one(self) -> bool:
        self._forget_lost_rooms()
        left = self._plan.matches - self.begun
        return len(self._waiting) + self._returning + 1 <= 2 * left

    def _forget_lost_rooms(self) -> None:
        """On a busy machine a player may not look for their match before it has ended."""
        past = time.monotonic() - LONGEST_SECONDS
        while self.rooms and (oldest := next(iter(self.rooms.values()))).since < past:
            del self.rooms[oldest.number]
            self._returning -= oldest.returns
            oldest.returns = False
            self.over += 1
