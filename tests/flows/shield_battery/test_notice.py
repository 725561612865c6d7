"""Each player of a match with a BW Protoss is told of the bug until they say they understand."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ladderkeeper.playing import report
from ladderkeeper.testing import Stage, eventually
from plugins.shield_battery.models import Acknowledgement
from sandbox import Persona
from tests.flows.conftest import SLOW_WAVES, player, set_stage
from tests.flows.shield_battery.conftest import (
    DELAY,
    NOTICE,
    Game,
    acknowledged,
    begin,
    notices_in,
)


async def test_both_players_are_told_and_acknowledge(game: Game) -> None:
    await game.stage.advance(DELAY - 1)
    assert await game.untold()

    await game.stage.advance(1)

    for number, persona in enumerate((game.alice, game.bob), start=1):
        notice = await game.told(persona)
        await persona.press("I understand", message=notice)
        await acknowledged(number)
        shown = await game.told(persona)
        assert "You will not be told this again" in shown.content
        assert not shown.components


async def test_whoever_has_acknowledged_it_is_never_told_again(game: Game) -> None:
    """Bob has not: he is told again in the next match."""
    await game.stage.advance(DELAY)
    await game.alice.press("I understand", message=await game.told(game.alice))
    await game.told(game.bob)
    await report(game.alice, "I won")
    await report(game.bob, "I lost")
    await game.all_closed()

    again = await begin(game.stage, game.alice, game.bob)
    await game.stage.advance(DELAY)

    await again.told(game.bob)
    await game.stage.settled()
    assert await again.notices(game.alice) == []


async def test_a_match_without_that_faction(stage: Stage) -> None:
    alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
    game = await begin(stage, alice, bob, faction="BW Zerg")

    await stage.advance(DELAY)

    assert await game.untold()


async def test_a_match_that_never_starts(stage: Stage) -> None:
    alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
    await alice.slash("queue join", faction="BW Protoss")
    await bob.slash("queue join", faction="SC2 Zerg")
    await stage.advance(60)
    room = await alice.sees("Both of you: confirm")
    await bob.press("Confirm", message=room)
    await alice.press("Abort", message=room)

    await stage.advance(DELAY)

    await stage.settled()
    assert await notices_in(room.channel_id, bob) == []


async def test_only_the_one_it_is_addressed_to_may_press(game: Game) -> None:
    await game.stage.advance(DELAY)
    notice = await game.told(game.alice)

    pressed = await game.bob.press("I understand", message=notice)

    assert pressed.text == "Only the person who opened this can use it."
    assert await Acknowledgement.all().count() == 0
    assert (await game.told(game.alice)).buttons


async def test_a_press_afterwards_shows_it_as_it_is(game: Game) -> None:
    """Twice at once, and from a client that has not seen the edit yet."""
    await game.stage.advance(DELAY)
    notice = await game.told(game.alice)
    custom_id = str(notice.buttons[0].custom_id)
    await asyncio.gather(
        game.alice.press_stale(notice, custom_id), game.alice.press_stale(notice, custom_id)
    )

    late = await game.alice.press_stale(notice, custom_id)

    assert late.message is not None
    assert late.message.id == notice.id
    assert "You will not be told this again" in late.text
    assert await Acknowledgement.all().count() == 1


OWN = {
    "name": "cheese",
    "factions": ["SC2Z", "SC2T"],
    "delay_seconds": 5,
    "text": "Zerglings come early.",
    "link": "https://example.org/cheese",
    "button": "Thank you",
}
SECOND = {"name": "lag", "factions": ["SC2Z"], "delay_seconds": 10, "text": "Mind the lag."}


async def test_another_game_has_notices_of_its_own(tmp_path: Path, database_url: str) -> None:
    async with set_stage(
        tmp_path,
        database_url,
        enabled=["queue", "shield_battery"],
        sections={"queue": SLOW_WAVES, "shield_battery": {"notices": [OWN, SECOND]}},
    ) as stage:
        alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
        await begin(stage, alice, bob)

        await stage.advance(5)

        shown = await alice.sees(f"{alice.mention}\nZerglings come early.")
        assert "https://example.org/cheese" in shown.content
        await alice.press("Thank you", message=shown)
        await stage.advance(5)
        await bob.sees(f"{bob.mention}\nMind the lag.")
        assert not [m for m in await bob.messages() if NOTICE in m.content]


@pytest.fixture
async def dm_stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    async with set_stage(
        tmp_path,
        database_url,
        enabled=["queue", "shield_battery"],
        sections={"queue": SLOW_WAVES | {"room": "dm"}},
    ) as stage:
        yield stage


async def by_dm(stage: Stage, name: str) -> Persona:
    persona = await player(stage, name)
    await persona.slash("setup", room="dm")
    return persona


async def test_in_direct_messages(dm_stage: Stage) -> None:
    alice, bob = await by_dm(dm_stage, "Alice"), await by_dm(dm_stage, "Bob")
    await alice.slash("queue join", faction="BW Protoss")
    await bob.slash("queue join", faction="SC2 Zerg")
    await dm_stage.advance(60)
    for persona in (alice, bob):
        await persona.press("Confirm", message=await persona.sees("Both of you: confirm"))
    await alice.sees("The match is on")
    await dm_stage.settled()

    await dm_stage.advance(DELAY)

    for persona in (alice, bob):
        notice = await persona.sees(NOTICE)
        assert notice.content.startswith(persona.mention)
        assert notice.channel_id == (await persona.sees("The match is on")).channel_id
        await persona.press("I understand", message=notice)
    await acknowledged(2)
    await report(alice, "I won")
    await report(bob, "I lost")
    await eventually(lambda: dm_stage.app.views.stats().open_total == 0)
