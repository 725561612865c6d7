"""Two processes share the bot's servers on one PostgreSQL: each press is answered once, one of them
runs a wave, and when one dies the other goes on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from ladderkeeper.playing import report, set_up
from ladderkeeper.testing import Stage
from sandbox import Persona
from tests.flows.conftest import both_join, set_stage
from tests.flows.processes import Bot

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)

QUICK = {"wave_seconds": 0.5, "room_close_seconds": 600}


@dataclass
class Home:
    """A server, which one of the processes serves, and two players there."""

    bot: Bot
    players: tuple[Persona, Persona]


@pytest.fixture
async def homes(tmp_path: Path, database_url: str) -> AsyncIterator[tuple[Home, Home]]:
    async with set_stage(tmp_path, database_url, sections={"queue": QUICK}, start=False) as stage:
        bots = [
            Bot(
                stage,
                LADDERKEEPER_DISCORD__SHARD_COUNT="2",
                LADDERKEEPER_DISCORD__SHARD_ID=str(shard),
            )
            for shard in range(2)
        ]
        guilds = [str(stage.guild_id), await other_guild(stage)]
        try:
            for bot in bots:
                await bot.start()
            yield (
                await home(stage, bots, guilds[0], "A"),
                await home(stage, bots, guilds[1], "B"),
            )
        finally:
            for bot in bots:
                bot.kill()
                await bot.gone()


def shard_of(guild_id: str) -> int:
    """As Discord's documentation has it."""
    return (int(guild_id) >> 22) % 2


async def other_guild(stage: Stage) -> str:
    """A second server, which the other process serves, with a ladder of its own."""
    while True:
        guild = await stage.client.add_guild("Second")
        if shard_of(guild.id) != shard_of(str(stage.guild_id)):
            break
    document: Any = tomlkit.parse(stage.config_path.read_text()).unwrap()
    first = document["plugins"]["queue"]["ladders"][0]
    places = {"guild_id": int(guild.id), "room_channel_id": int(guild.general)}
    document["plugins"]["queue"]["ladders"] = [first, first | places | {"name": "Second"}]
    stage.write_config(document)
    return guild.id


async def home(stage: Stage, bots: list[Bot], guild_id: str, letter: str) -> Home:
    players = [
        await stage.client.persona(f"{letter}{number}", guilds=[guild_id]) for number in range(2)
    ]
    for player in players:
        await set_up(player)
    return Home(bots[shard_of(guild_id)], (players[0], players[1]))


async def play(home: Home) -> None:
    """A match from the queue to its end, every press answered."""
    one, other = home.players
    await both_join(one, other)
    for player in home.players:
        message = await player.sees("Both of you: confirm", timeout=90)
        pressed = await player.press("Confirm", message=message)
        assert pressed.acknowledged
    await one.sees("The match is on", timeout=10, after=None)
    await report(one, "I won")
    await report(other, "I lost")
    await other.sees("The match is over", timeout=10)


async def test_both_serve_their_servers(homes: tuple[Home, Home]) -> None:
    for home in homes:
        await play(home)


@pytest.mark.full
@pytest.mark.parametrize("dies", [0, 1])
async def test_one_dies_and_the_other_runs_the_waves(homes: tuple[Home, Home], dies: int) -> None:
    await play(homes[1 - dies])

    homes[dies].bot.kill()
    await homes[dies].bot.gone()

    await play(homes[1 - dies])
