"""The sandbox with simulated players, for whoever has no Discord token."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from ladderkeeper.offline import offline
from sandbox import Persona, SandboxError

__all__ = ["SimulatedPlayer", "play"]

LEISURELY = {
    "wave_seconds": 5,
    "confirm_seconds": 30,
    "report_seconds": 120,
    "room_close_seconds": 5,
}

NAMES = ("Ann", "Ben", "Cleo", "Dov", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon", "Kim", "Lea", "Max")

WAIT_SECONDS = 600.0


async def play(
    config_path: Path, *, players: int, port: int, seconds: float | None, out: Console
) -> int:
    """Run the sandbox, the bot and `players` simulated players until Ctrl-C, or for `seconds`."""
    async with offline(config_path, ladder=LEISURELY, port=port) as stage:
        out.print(f"The sandbox listens at {stage.client.url}. Ctrl-C ends it.")
        crowd: list[asyncio.Task[None]] = []
        for number in range(players):
            again, which = divmod(number, len(NAMES))
            persona = await stage.client.persona(f"{NAMES[which]}{again or ''}")
            crowd.append(asyncio.create_task(SimulatedPlayer(persona, out).live()))
        try:
            await asyncio.wait(crowd, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
            for task in crowd:
                if task.done():
                    task.result()
        finally:
            for task in crowd:
                task.cancel()
            await asyncio.gather(*crowd, return_exceptions=True)
    return 0


class SimulatedPlayer:
    """Queues, plays, reports, and queues again."""

    def __init__(self, persona: Persona, out: Console) -> None:
        self._persona = persona
        self._out = out
        self._taste = random.Random(persona.name)  # noqa: S311  whether a game is won, no secret

    async def live(self) -> None:
        """Play match after match until cancelled."""
        while True:
            try:
                await self._match()
            except SandboxError as error:
                self._says(f"could not: {error}")
            await self._pause()

    async def _match(self) -> None:
        joined = await self._persona.slash("queue join")
        self._says(f"/queue join → {joined.text}")
        if "Searching" not in joined.text:
            return  # still in a match, until the other one reports
        room = await self._persona.sees("Both of you: confirm", timeout=WAIT_SECONDS)
        self._says(f"is in {room.content.splitlines()[0]}")
        await self._pause()
        await self._persona.press("Confirm", message=room)
        await self._persona.sees("The match is on", timeout=WAIT_SECONDS)
        await self._pause()
        # Side 0 stands first in the heading; both roll the same dice, so that they agree.
        first = f"<@{self._persona.id}>" in room.content.partition(" against ")[0]
        first_wins = random.Random(room.id).random() < 0.5  # noqa: S311
        result = "I won" if first == first_wins else "I lost"
        self._says(f"reports “{result}”")
        await self._persona.select("How did it end?", [result], message=room)

    async def _pause(self) -> None:
        await asyncio.sleep(self._taste.uniform(0.5, 3.0))

    def _says(self, what: str) -> None:
        first_line = what.partition("\n")[0]
        self._out.print(f"[cyan]{self._persona.name:>6}[/] {escape(first_line)}")
