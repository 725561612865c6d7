"""The queue as one player sees it."""

import asyncio

import pytest

from ladderkeeper.playing import set_up
from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import Match, Player, QueueEntry, QueueMember
from sandbox import Persona
from tests.flows.conftest import both_join


async def test_joining_shows_the_wait_to_the_player_alone(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    joined = await alice.slash("queue join", faction="SC2 Zerg")

    assert "Searching for an opponent on **Ladder** as **🦖 SC2 Zerg**" in joined.text
    assert "1 in the queue" in joined.text
    assert not [m for m in await bob.messages() if "Searching" in m.content]
    assert stage.app.views.stats().open == {("queue", "searching", "queue"): 1}


async def test_leaving_by_command(stage: Stage, alice: Persona) -> None:
    searching = await alice.slash("queue join", faction="BW Terran")
    assert searching.message is not None

    left = await alice.slash("queue leave")

    assert left.text == "You have left the queue."
    await eventually(lambda: stage.app.views.stats().open_total == 0)
    await stage.settled()
    shown = {message.id: message.text for message in await alice.messages()}
    assert shown[searching.message.id] == left.text
    assert not any(message.components for message in await alice.messages())


async def test_leaving_by_button(stage: Stage, alice: Persona) -> None:
    await alice.slash("queue join", faction="BW Terran")

    pressed = await alice.press("Leave the queue")

    assert pressed.acknowledged
    await alice.sees("You have left the queue")
    await eventually(lambda: stage.app.views.stats().open_total == 0)
    assert (await QueueEntry.get()).state == "ended"


async def test_refresh_shows_who_waits_now(alice: Persona, bob: Persona) -> None:
    await both_join(alice, bob)

    await alice.press("Refresh")

    await alice.sees("2 in the queue")


async def test_leaving_without_waiting(alice: Persona) -> None:
    assert (await alice.slash("queue leave")).text == "You are not waiting in any queue."


async def test_joining_twice_at_once(stage: Stage, alice: Persona) -> None:
    both = await asyncio.gather(*(alice.slash("queue join", faction="BW Terran") for _ in range(2)))

    texts = sorted(exchange.text[:9] for exchange in both)
    assert texts[0] == "Searching"
    assert texts[1] in ("Searching", "You are a")
    assert await QueueMember.filter(active=True).count() == 1


@pytest.mark.parametrize("name", ["Zorg", "`rm`", "@everyone"])
async def test_a_faction_that_is_not_there(alice: Persona, name: str) -> None:
    refused = await alice.slash("queue join", faction=name)

    assert "There is no faction named" in refused.text
    assert "BW Terran, BW Zerg, BW Protoss, SC2 Terran" in refused.text


async def test_factions_are_completed(alice: Persona) -> None:
    choices = await alice.autocomplete("queue join", "faction", "er")

    assert [choice["name"] for choice in choices] == [
        "BW Terran",
        "BW Zerg",
        "SC2 Terran",
        "SC2 Zerg",
    ]


async def test_in_a_match_nobody_joins_again(stage: Stage, alice: Persona, bob: Persona) -> None:
    await both_join(alice, bob)
    await stage.advance(60)
    await alice.sees("confirm")

    refused = await alice.slash("queue join", faction="BW Terran")

    assert refused.text == f"You are in match {(await Match.get()).id}. Finish that one first."
    assert await QueueMember.filter(active=True).count() == 0


async def test_the_searching_view_leads_to_the_room(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    await both_join(alice, bob)

    await stage.advance(60)

    room = await alice.sees("confirm")
    shown = await alice.sees("Go to your room")
    assert f"<#{room.channel_id}>" in shown.content
    assert not shown.components


async def test_a_name_can_neither_ping_nor_format(stage: Stage, bob: Persona) -> None:
    mallory = await stage.persona("**@everyone** `x`")
    await set_up(mallory)
    await mallory.slash("queue join", faction="BW Terran")
    await bob.slash("queue join", faction="SC2 Zerg")
    await stage.advance(60)
    await mallory.press("Confirm", message=await mallory.sees("confirm"))

    message = await bob.sees("is ready")

    assert "@everyone" not in message.content
    assert "**@" not in message.content
    assert not message.raw["mention_everyone"]
    assert (await Player.get(discord_id=int(mallory.id))).name == "**@everyone** `x`"


async def test_a_room_that_cannot_be_made_sends_both_back(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    await both_join(alice, bob)
    create_private_threads = 1 << 36
    await stage.client.set_overwrites(
        str(stage.channel_id), [{"id": stage.bot_user_id, "deny": create_private_threads}]
    )

    await stage.advance(60)

    async def void() -> bool:
        match = await Match.get_or_none()
        return match is not None and match.state == "void"

    await eventually(void)
    assert await QueueEntry.filter(state="waiting").count() == 2
    await alice.press("Refresh")
    await alice.sees("2 in the queue")


async def test_leaving_while_a_match_is_found(stage: Stage, alice: Persona, bob: Persona) -> None:
    """One of both wins, and nobody is stuck between the queue and a match."""
    await both_join(alice, bob)

    pressing = asyncio.create_task(alice.press("Leave the queue"))
    stage.clock.advance(60)  # the bot's alone: Discord waits three seconds for an answer

    assert (await pressing).acknowledged
    await stage.settled()
    match = await Match.get_or_none()
    waiting = await QueueMember.filter(active=True).count()
    if match is None:
        assert waiting == 1, "Bob waits on"
        assert (await alice.slash("queue leave")).text == "You are not waiting in any queue."
    else:
        assert waiting == 0
        await alice.sees("confirm")
        await alice.sees("Too late")
