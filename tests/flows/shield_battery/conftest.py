"""A ladder with the notice, and a match in which a BW Protoss plays."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.models import ViewRecord
from ladderkeeper.testing import Stage, eventually
from plugins.shield_battery.models import Acknowledgement
from sandbox import Message, Persona
from tests.flows.conftest import SLOW_WAVES, player, set_stage

NOTICE = "The shield battery bug"
DELAY = 15


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    """The queue, and the notice as it is shipped."""
    async with set_stage(
        tmp_path,
        database_url,
        enabled=["queue", "shield_battery"],
        sections={"queue": SLOW_WAVES},
    ) as stage:
        yield stage


@dataclass
class Game:
    """A match that has just started."""

    stage: Stage
    alice: Persona
    bob: Persona
    room: str

    async def notices(self, persona: Persona) -> list[Message]:
        """What of the notice is addressed to them, in this room."""
        return await notices_in(self.room, persona)

    async def told(self, persona: Persona) -> Message:
        """Their notice, which comes now."""
        found = await eventually(lambda: self.notices(persona))
        assert len(found) == 1
        return found[0]

    async def untold(self) -> bool:
        """Whether neither has been told anything."""
        await self.stage.settled()
        return not [*await self.notices(self.alice), *await self.notices(self.bob)]

    async def all_closed(self) -> None:
        """No view is left, open, paused or closing, and no button."""
        await self.stage.settled()

        async def none_left() -> bool:
            return not await ViewRecord.filter(scope__startswith="match:").exists()

        await eventually(none_left)
        await self.stage.settled()
        for persona in (self.alice, self.bob):
            shown = await persona.messages(self.room)
            assert not any(message.components for message in shown)


async def notices_in(room: str, persona: Persona) -> list[Message]:
    return [
        message
        for message in await persona.messages(room)
        if NOTICE in message.content and persona.mention in message.content
    ]


async def begin(stage: Stage, alice: Persona, bob: Persona, faction: str = "BW Protoss") -> Game:
    """Both queue, are paired, and confirm."""
    await alice.slash("queue join", faction=faction)
    await bob.slash("queue join", faction="SC2 Zerg")
    await stage.advance(60)
    room = await alice.sees("Both of you: confirm")
    await alice.press("Confirm", message=room)
    await bob.press("Confirm", message=room)
    await alice.sees("The match is on", channel=room.channel_id)
    await stage.settled()
    return Game(stage, alice, bob, room.channel_id)


@pytest.fixture
async def game(stage: Stage) -> Game:
    """Alice plays BW Protoss, Bob SC2 Zerg."""
    return await begin(stage, await player(stage, "Alice"), await player(stage, "Bob"))


async def acknowledged(number: int) -> None:
    """So many have acknowledged."""

    async def so_many() -> bool:
        return await Acknowledgement.all().count() == number

    await eventually(so_many)
