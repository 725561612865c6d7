"""A player who plays as fast as they can: waits, confirms, reports, and waits again."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ladderkeeper.playing import REPORT_MENU, join, set_up
from ladderkeeper.soak.plan import QUICK, Outcome, Plan
from ladderkeeper.soak.table import Room, Table
from sandbox import Exchange, Message, Persona, SandboxError

__all__ = ["Player", "Told"]

TO_CONFIRM = "Both of you: confirm"
WAITS = "Searching"

PATIENCE_SECONDS = 20.0
"""Of an answer. The bot has more to do than any real one."""

LOOK_SECONDS = 5.0
AGAIN_SECONDS = 0.25

RUNNING_SECONDS = QUICK["confirm_seconds"] + 5.0


@dataclass
class Told:
    """What all players noticed.

    Attributes:
        seconds: what each interaction took to be acknowledged.
        failed: interactions that the client called failed.
        mishaps: what went otherwise than a player meant it, by kind.
    """

    seconds: list[float] = field(default_factory=list[float])
    failed: int = 0
    mishaps: Counter[str] = field(default_factory=Counter[str])

    def of(self, exchange: Exchange) -> Exchange:
        """Note how an interaction went."""
        if exchange.seconds is not None:
            self.seconds.append(exchange.seconds)
        if exchange.failed:
            self.failed += 1
            self.mishaps[exchange.failed] += 1
        return exchange


class Player:
    """One persona of the soak.

    Args:
        ended: told at each end of a match.
    """

    def __init__(
        self, persona: Persona, table: Table, told: Told, plan: Plan, ended: Callable[[], object]
    ) -> None:
        self._persona = persona
        self._table = table
        self._told = told
        self._plan = plan
        self._ended = ended
        self._taste = random.Random(persona.name)  # noqa: S311  which faction, no secret
        self._last_room = 0
        self._joined = 0
        self._takes_any = False
        self._factions: list[str] = []

    async def play(self) -> None:
        """Play until no match is left."""
        await set_up(self._persona)
        offered = await self._persona.autocomplete("queue join", "faction", "")
        self._factions = [str(choice["value"]) for choice in offered]
        waits = False
        while True:
            if not waits and self._table.all_begun:
                await self.leave()  # whoever meant to play may be back in the queue
                return
            try:
                waits = await self._once(waits)
            except (SandboxError, TimeoutError) as error:
                self._told.mishaps[f"{type(error).__name__}: {str(error)[:60]}"] += 1
                waits = False
                await asyncio.sleep(AGAIN_SECONDS)

    async def _once(self, waits: bool) -> bool:
        """A wait and a match. Returns whether they wait again at its end."""
        if not waits and not (self._table.may_join(self._persona) and await self._join()):
            await asyncio.sleep(AGAIN_SECONDS)
            return False
        message = await self._room()
        if message is None:
            # Whoever is left may all play factions of one group: they would wait for ever.
            await self.leave()
            self._takes_any = True
            return False
        self._last_room = int(message.id)
        room = self._table.enter(self._persona, message)
        waits = False
        try:
            waits = await self._match(room, message)
        finally:
            self._table.leave(self._persona, room, waits=waits)
            self._ended()
        return waits

    async def _join(self) -> bool:
        """Whether they wait now."""
        self._joined += 1
        if self._takes_any or self._joined % self._plan.menus == 0:
            self._takes_any = False
            answer = self._told.of(await join(self._persona, timeout=PATIENCE_SECONDS))
        else:
            faction = self._taste.choice(self._factions)
            answer = self._told.of(
                await self._persona.slash("queue join", faction=faction, timeout=PATIENCE_SECONDS)
            )
        if WAITS in answer.text:
            return True
        # Their last match is not quite over, or a new one has been found already.
        return self._table.begun < self._plan.matches and await self._room(0.0) is not None

    async def leave(self) -> None:
        """Out of every queue."""
        self._told.of(await self._persona.slash("queue leave", timeout=PATIENCE_SECONDS))
        self._table.gives_up(self._persona)

    async def _room(self, seconds: float = LOOK_SECONDS) -> Message | None:
        """The message of the next match; None when there is none within so long."""
        try:
            return await self._persona.sees(TO_CONFIRM, after=str(self._last_room), timeout=seconds)
        except SandboxError:
            return None

    async def _match(self, room: Room, message: Message) -> bool:
        first = room.came[0] == self._persona.id
        match room.outcome:
            case Outcome.ABORT:
                if first:
                    await self._press("Abort", message)
                    return False
                await self._ends(message, "was aborted")
                return True
            case Outcome.TIMEOUT if room.before_start:
                if first:
                    await self._press("Confirm", message)
                await self._ends(message, "Not confirmed in time")
                return first
            case _:
                # Once it has settled, the message shows the menu to report in.
                await (await self._press("Confirm", message)).settled(PATIENCE_SECONDS)
                room.confirms()
                async with asyncio.timeout(RUNNING_SECONDS):
                    await room.running.wait()
        if room.outcome is Outcome.TIMEOUT:
            if first:
                await self._report("Draw", message)
            await self._ends(message, "does not count")
            return False
        await self._report(self._result(room), message)
        return False

    def _result(self, room: Room) -> str:
        if room.outcome is Outcome.CONFLICT:
            return "I won"
        side, dice = room.side_of(self._persona), random.Random(room.number)  # noqa: S311
        if dice.random() < 0.05:
            return "Draw"
        return "I won" if side == dice.randrange(2) else "I lost"

    async def _press(self, button: str, message: Message) -> Exchange:
        pressed = await self._persona.press(button, message=message, timeout=PATIENCE_SECONDS)
        return self._told.of(pressed)

    async def _report(self, result: str, message: Message) -> None:
        chosen = await self._persona.select(
            REPORT_MENU, [result], message=message, timeout=PATIENCE_SECONDS
        )
        asked = (await self._told.of(chosen).settled(PATIENCE_SECONDS)).message
        if asked is not None:
            # What the room is told comes once the report has been written.
            await (await self._press("Confirm", asked)).settled(PATIENCE_SECONDS)

    async def _ends(self, message: Message, text: str) -> None:
        await self._persona.sees(
            text, channel=message.channel_id, timeout=QUICK["report_seconds"] + PATIENCE_SECONDS
        )
