"""The choice of factions and vetoes on the way into the queue."""

import asyncio

import pytest

from ladderkeeper.playing import join
from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import LastChoice, MemberFaction, QueueMember
from sandbox import Persona
from sandbox.results import Message


async def choice(persona: Persona) -> Message:
    """What `/queue join` opens."""
    opened = await persona.slash("queue join")
    assert opened.message is not None
    assert opened.message.ephemeral
    return opened.message


async def select(persona: Persona, message: Message, menu: int, *values: str) -> None:
    await persona.select(None, list(values), custom_id=message.selects[menu].custom_id)


async def test_the_choice_is_what_they_wait_with(stage: Stage, alice: Persona) -> None:
    message = await choice(alice)
    assert [s.placeholder for s in message.selects] == ["Factions", "Vetoes (up to 4)"]
    await select(alice, message, 0, "BW Zerg", "SC2 Zerg")
    await select(alice, message, 1, "Mothership LE", "[SC:Evo] Radeon")

    joined = await alice.press("Join", message=message)

    assert "**🦂 BW Zerg**, **🦖 SC2 Zerg**" in joined.text
    assert {row.faction for row in await MemberFaction.all()} == {"BWZ", "SC2Z"}
    assert (await QueueMember.get()).vetoes == ["Mothership", "Radeon"]
    assert {name for _, name, _ in stage.app.views.stats().open} >= {"searching"}


async def test_the_choice_goes_away_once_it_is_made(stage: Stage, alice: Persona) -> None:
    message = await choice(alice)
    await select(alice, message, 0, "BW Zerg")

    await alice.press("Join", message=message)

    async def gone() -> bool:
        return message.id not in {seen.id for seen in await alice.messages()}

    await eventually(gone)
    await stage.settled()
    assert stage.app.views.stats().open_total == 1


async def test_without_a_faction_nobody_joins(alice: Persona) -> None:
    message = await choice(alice)

    refused = await alice.press("Join", message=message)

    assert refused.text == "Choose at least one faction first."
    assert await QueueMember.all().count() == 0


async def test_the_last_choice_is_set_the_next_time(alice: Persona) -> None:
    message = await choice(alice)
    await select(alice, message, 0, "BW Zerg", "SC2 Protoss")
    await select(alice, message, 1, "Khione SEL")
    await alice.press("Join", message=message)
    await alice.slash("queue leave")

    message = await choice(alice)
    await alice.press("Join", message=message)

    assert (await QueueMember.get(active=True)).vetoes == ["Khione"]
    member = await QueueMember.get(active=True)
    chosen = await MemberFaction.filter(member_id=member.id)
    assert {row.faction for row in chosen} == {"BWZ", "SC2P"}
    assert await LastChoice.all().count() == 1


async def test_clear_empties_both_menus(alice: Persona) -> None:
    message = await choice(alice)
    await select(alice, message, 0, "BW Zerg")

    await alice.press("Clear", message=message)
    refused = await alice.press("Join", message=message)

    assert refused.text == "Choose at least one faction first."


async def test_cancel_leaves_nothing(stage: Stage, alice: Persona) -> None:
    message = await choice(alice)

    await alice.press("Cancel", message=message)

    async def gone() -> bool:
        return message.id not in {seen.id for seen in await alice.messages()}

    await eventually(gone)
    assert stage.app.views.stats().open_total == 0
    assert await QueueMember.all().count() == 0


async def test_whoever_waits_sees_their_wait_again(stage: Stage, alice: Persona) -> None:
    first = await join(alice, "BW Zerg")

    second = await alice.slash("queue join")

    assert "Searching for an opponent" in second.text
    assert first.message is not None
    replaced = first.message.id

    async def has_no_buttons_left() -> bool:
        shown = {message.id: message for message in await alice.messages()}
        return not shown[replaced].components

    await eventually(has_no_buttons_left)
    assert stage.app.views.stats().open_total == 1
    assert await QueueMember.all().count() == 1


async def test_whoever_is_not_set_up_is_led_there_and_on_to_the_choice(stage: Stage) -> None:
    carol = await stage.persona("Carol")

    told = await carol.slash("queue join")
    assert told.message is not None
    assert [button.label for button in told.message.buttons] == ["Set up"]
    opened = await carol.press("Set up", message=told.message)
    assert opened.modal is not None
    await carol.submit({"Name in the game": "Carol#1", "Country": "France", "Region": "EUW"})

    offered = await carol.sees("choose what you would play")
    assert [button.label for button in offered.buttons] == ["Join", "Clear", "Cancel"]


async def test_who_waits_asks_many_times_at_once(stage: Stage, alice: Persona) -> None:
    """One shows the wait, and the next takes its place; none fails."""
    await join(alice, "BW Zerg")

    all_of_them = await asyncio.gather(*(alice.slash("queue join") for _ in range(8)))

    assert [shown.text for shown in all_of_them if "Searching for" not in shown.text] == []
    await eventually(lambda: stage.app.views.stats().open_total == 1)


@pytest.mark.parametrize("faction", ["bwz", "BW ZERG"])
async def test_a_named_faction_joins_at_once(alice: Persona, faction: str) -> None:
    joined = await alice.slash("queue join", faction=faction)

    assert "as **🦂 BW Zerg**" in joined.text
