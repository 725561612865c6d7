"""The bot dies by SIGKILL between the start of a match and the notice."""

from pathlib import Path

from ladderkeeper.testing import eventually
from plugins.shield_battery.config import SHIELD_BATTERY_BUG
from tests.flows.conftest import player, set_stage
from tests.flows.processes import Bot
from tests.flows.shield_battery.conftest import notices_in

NOTICE = SHIELD_BATTERY_BUG.model_dump(mode="json") | {"delay_seconds": 2}


async def test_each_is_told_once_by_the_next_start(tmp_path: Path, database_url: str) -> None:
    async with set_stage(
        tmp_path,
        database_url,
        enabled=["queue", "shield_battery"],
        sections={"queue": {"wave_seconds": 0.3}, "shield_battery": {"notices": [NOTICE]}},
        start=False,
    ) as stage:
        bot = Bot(stage)
        await bot.start()
        try:
            alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
            await alice.slash("queue join", faction="BW Protoss")
            await bob.slash("queue join", faction="SC2 Zerg")
            room = await alice.sees("Both of you: confirm", timeout=10)
            await alice.press("Confirm", message=room)
            await bob.press("Confirm", message=room)
            await alice.sees("The match is on")
            bot.kill()
            await bot.gone()
            assert await notices_in(room.channel_id, alice) == []

            await bot.start()

            for persona in (alice, bob):
                await eventually(lambda persona=persona: notices_in(room.channel_id, persona))
                (notice,) = await notices_in(room.channel_id, persona)
                pressed = await persona.press("I understand", message=notice)
                assert "You will not be told this again" in (await pressed.settled()).text
            for persona in (alice, bob):
                assert len(await notices_in(room.channel_id, persona)) == 1
        finally:
            bot.kill()
            await bot.gone()
