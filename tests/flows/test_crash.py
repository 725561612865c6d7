"""The bot dies by SIGKILL, and its next start goes on where it was: on both databases."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ladderkeeper.playing import report
from ladderkeeper.testing import Stage, eventually
from sandbox import Observation, Persona
from tests.flows.conftest import both_join, player, set_stage
from tests.flows.processes import Bot

QUICK = {"wave_seconds": 0.3, "confirm_seconds": 60, "room_close_seconds": 0}


@asynccontextmanager
async def stage_and_bot(folder: Path, url: str) -> AsyncGenerator[tuple[Stage, Bot]]:
    async with set_stage(folder, url, sections={"queue": QUICK}, start=False) as stage:
        bot = Bot(stage)
        await bot.start()
        try:
            yield stage, bot
        finally:
            bot.kill()
            await bot.gone()


async def two_join(stage: Stage) -> tuple[Persona, Persona]:
    alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
    await both_join(alice, bob)
    return alice, bob


async def rooms(stage: Stage) -> list[str]:
    """The threads that were made, by the requests that made them."""
    log = await stage.client.requests(method="POST", path="/threads", limit=1000)
    return [request["path"] for request in log if request["status"] == 201]


async def finish(alice: Persona, bob: Persona) -> None:
    await alice.press("Confirm")
    await bob.press("Confirm")
    await alice.sees("The match is on")
    await report(alice, "I won")
    await report(bob, "I lost")
    await bob.sees("Alice won against Bob", timeout=10)


async def test_in_the_middle_of_a_match(tmp_path: Path, database_url: str) -> None:
    """The same buttons work, the match ends."""
    async with stage_and_bot(tmp_path, database_url) as (stage, bot):
        alice, bob = await two_join(stage)
        message = await alice.sees("confirm", timeout=10)
        await alice.press("Confirm", message=message)

        bot.kill()
        await bot.gone()
        await bot.start()

        again = await bob.sees("confirm")
        assert again.id == message.id
        await bob.press("Confirm", message=message)
        await alice.sees("The match is on")
        await report(alice, "I won", message=message)
        await report(bob, "I lost", message=message)
        ended = await bob.sees("The match is over", timeout=10)
        assert ended.id == message.id
        await eventually(lambda: no_buttons(alice))
        assert len(await rooms(stage)) == 1


async def no_buttons(persona: Persona) -> bool:
    return not any(message.components for message in await persona.messages())


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("what", ["/threads", "/messages"])
async def test_while_the_room_is_made(
    tmp_path: Path, database_url: str, when: str, what: str
) -> None:
    """Between the commit that found the match and the making of its room, or between that and the
    bot's learning of it; the same for the room's message. Each exists once."""
    async with stage_and_bot(tmp_path, database_url) as (stage, bot):
        killed: list[str] = []

        def kill_before(method: str, path: str) -> tuple[int, object] | None:
            if killed or method != "POST" or not path.endswith(what):
                return None
            killed.append(path)
            bot.kill()
            return 503, {"message": "the bot is dead and does not read this", "code": 0}

        def kill_after(seen: Observation) -> None:
            if not killed and seen.method == "POST" and seen.path.endswith(what):
                killed.append(seen.path)
                bot.kill()

        if when == "before":
            stage.sandbox.intercept(kill_before)
        else:
            stage.sandbox.observe(kill_after)
        alice, bob = await two_join(stage)
        await bot.gone()
        assert killed
        await bot.start()

        await alice.sees("confirm", timeout=15)
        shown = [message for message in await alice.messages() if "confirm" in message.content]
        assert len(shown) == 1
        await finish(alice, bob)
        assert len(await rooms(stage)) == 1


async def test_a_deadline_that_passed_meanwhile(tmp_path: Path, database_url: str) -> None:
    async with set_stage(
        tmp_path,
        database_url,
        sections={"queue": QUICK | {"confirm_seconds": 2}},
        start=False,
    ) as stage:
        bot = Bot(stage)
        await bot.start()
        try:
            alice, bob = await two_join(stage)
            message = await alice.sees("confirm", timeout=10)
            await bob.press("Confirm", message=message)
            bot.kill()
            await bot.gone()
            await asyncio.sleep(2.1)  # the bot's clock is another process's, and cannot be moved

            await bot.start()

            await alice.sees("Not confirmed in time", timeout=10)
            assert "Searching" in (await bob.slash("queue join", faction="SC2 Zerg")).text
        finally:
            bot.kill()
            await bot.gone()
