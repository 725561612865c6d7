"""So many simulated players as the page asks for."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from rich.console import Console

from ladderkeeper.simulated import SimulatedPlayer
from sandbox import Persona, SandboxClient, SandboxError

__all__ = ["Crowd"]

COUNTER = "simulated-players"
LABEL = "Simulated players"
MOST = 100

NAMES = ("Ann", "Ben", "Cleo", "Dov", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon", "Kim", "Lea", "Max")


class Crowd:
    """Simulated players, whose number is a counter on the sandbox's page."""

    def __init__(self, client: SandboxClient, out: Console) -> None:
        self._client = client
        self._out = out
        self._resting: list[Persona] = []
        self._made = 0
        self._playing: list[tuple[Persona, asyncio.Task[None]]] = []

    async def live(self, players: int) -> None:
        """Begin with `players`, then follow the counter until cancelled.

        Raises what a player raised, unless it is a refusal of the sandbox.
        """
        await self._client.announce_counter(COUNTER, LABEL, value=players, most=MOST)
        wanted = players
        try:
            while True:
                while len(self._playing) > wanted:
                    await self._one_fewer()
                while len(self._playing) < wanted:
                    await self._one_more()
                wanted = await self._other_than(wanted)
        finally:
            for _, task in self._playing:
                task.cancel()
            tasks = [task for _, task in self._playing]
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _other_than(self, wanted: int) -> int:
        """What the counter shows next; ends early when a player has failed."""
        look = asyncio.create_task(self._client.counter(COUNTER, unlike=wanted))
        try:
            tasks = [task for _, task in self._playing]
            await asyncio.wait([look, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()
            return await look
        finally:
            look.cancel()

    async def _one_more(self) -> None:
        if self._resting:
            persona = self._resting.pop()
        else:
            again, which = divmod(self._made, len(NAMES))
            self._made += 1
            persona = await self._client.persona(f"{NAMES[which]}{again or ''}")
        task = asyncio.create_task(SimulatedPlayer(persona, self._out).live())
        self._playing.append((persona, task))

    async def _one_fewer(self) -> None:
        """The last to come: who waits leaves the queue, a match ends by its deadlines."""
        persona, task = self._playing.pop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with suppress(SandboxError):
            await persona.slash("queue leave")
        self._resting.append(persona)
