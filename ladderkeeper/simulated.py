"""Somebody who plays by themselves, in the sandbox."""

from __future__ import annotations

import asyncio
import random

from rich.console import Console
from rich.markup import escape

from ladderkeeper.playing import join, report, set_up
from sandbox import Persona, SandboxError

__all__ = ["SimulatedPlayer"]

WAIT_SECONDS = 600.0


class SimulatedPlayer:
    """Queues, plays, reports, and queues again."""

    def __init__(self, persona: Persona, out: Console) -> None:
        self._persona = persona
        self._out = out
        self._taste = random.Random(persona.name)  # noqa: S311  whether a game is won, no secret

    async def live(self) -> None:
        """Play match after match until cancelled."""
        await set_up(self._persona)
        while True:
            try:
                await self._match()
            except SandboxError as error:
                self._says(f"could not: {error}")
            await self._pause()

    async def _match(self) -> None:
        joined = await join(self._persona)
        self._says(f"/queue join, Join → {joined.text}")
        if "Searching" not in joined.text:
            return  # still in a match, until the other one reports
        room = await self._persona.sees("Both of you: confirm", timeout=WAIT_SECONDS)
        self._says(f"is in {room.content.splitlines()[0]}")
        await self._pause()
        await self._persona.press("Confirm", message=room)
        await self._persona.sees("The match is on", timeout=WAIT_SECONDS)
        await self._pause()
        # Side 0 stands first in the heading; both roll the same dice, so that they agree.
        first = f"<@{self._persona.id}>" in room.content.partition("\nagainst\n")[0]
        first_wins = random.Random(room.id).random() < 0.5  # noqa: S311
        result = "I won" if first == first_wins else "I lost"
        self._says(f"reports “{result}”")
        await report(self._persona, result, message=room)

    async def _pause(self) -> None:
        await asyncio.sleep(self._taste.uniform(0.5, 3.0))

    def _says(self, what: str) -> None:
        first_line = what.partition("\n")[0]
        self._out.print(f"[cyan]{self._persona.name:>6}[/] {escape(first_line)}")
