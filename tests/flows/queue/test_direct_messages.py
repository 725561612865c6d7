"""A match by direct messages, for two who chose that; a thread when one cannot be reached."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ladderkeeper.playing import report
from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import Match, MatchParticipant
from sandbox import Message, Persona
from tests.flows.conftest import SLOW_WAVES, both_join, player, set_stage


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    """A ladder that offers direct messages."""
    ladder = SLOW_WAVES | {"room": "dm"}
    async with set_stage(tmp_path, database_url, sections={"queue": ladder}) as stage:
        ladder_channel = stage.channel_id
        assert ladder_channel
        yield stage


async def by_dm(stage: Stage, name: str) -> Persona:
    persona = await player(stage, name)
    await persona.slash("setup", room="dm")
    return persona


async def made(stage: Stage) -> list[str]:
    """What was asked of Discord outside of interactions, since the players were paired."""
    log = await stage.client.requests(limit=1000)
    return [
        f"{request['method']} {request['path']}"
        for request in log
        if request["path"].startswith(("/channels/", "/users/"))
    ]


async def is_on(persona: Persona, room: Message) -> bool:
    shown = {message.id: message.content for message in await persona.messages()}
    return "The match is on" in shown[room.id]


async def no_threads(stage: Stage) -> bool:
    return not [path for path in await made(stage) if path.endswith("/threads")]


async def test_a_match_from_beginning_to_end(stage: Stage) -> None:
    alice, bob = await by_dm(stage, "Alice"), await by_dm(stage, "Bob")
    await both_join(alice, bob)
    await stage.advance(60)
    rooms = {(await persona.sees("confirm")).channel_id for persona in (alice, bob)}
    assert len(rooms) == 2

    await alice.press("Confirm")
    await bob.press("Confirm")
    await alice.sees("The match is on")
    await report(alice, "I won")
    await bob.sees("Alice reports to have won")
    await report(bob, "I lost")

    for persona in (alice, bob):
        ended = await persona.sees("Alice: 1500 → 1520")
        assert ended.channel_id in rooms
    await eventually(lambda: stage.app.views.stats().open_total == 0)
    await stage.settled()
    for persona in (alice, bob):
        assert not any(message.components for message in await persona.messages())
    assert await no_threads(stage)
    assert (await Match.get()).state == "completed"


async def test_it_costs_five_requests_once_the_channels_are_known(stage: Stage) -> None:
    alice, bob = await by_dm(stage, "Alice"), await by_dm(stage, "Bob")
    for number in range(2):
        before = len(await made(stage))
        await both_join(alice, bob)
        await stage.advance(60)
        room = await alice.sees("confirm")
        for persona in (alice, bob):
            await persona.press("Confirm", message=await persona.sees("confirm"))
        await eventually(lambda room=room: is_on(alice, room))
        await report(alice, "I won")
        await report(bob, "I lost")
        await eventually(lambda: stage.app.views.stats().open_total == 0)
        await stage.settled()
        counted = (await made(stage))[before:]
        assert len(counted) <= (5 if number else 7), counted


@pytest.mark.parametrize("refusal", [50007, 40003])
async def test_one_who_cannot_be_written_to_gets_a_thread(stage: Stage, refusal: int) -> None:
    alice, bob = await by_dm(stage, "Alice"), await by_dm(stage, "Bob")
    await bob.refuse_dms(refusal=refusal)
    await both_join(alice, bob)

    await stage.advance(60)

    room = await bob.sees("confirm", timeout=15)
    assert (await Match.get()).room_id == int(room.channel_id)
    assert await MatchParticipant.filter(dm_id__isnull=False).count() == 0
    seen = await alice.sees("confirm", channel=room.channel_id)
    await alice.press("Confirm", message=seen)
    await bob.press("Confirm", message=room)
    await bob.sees("The match is on", channel=room.channel_id)
    await stage.settled()
    elsewhere = [
        m for m in await alice.messages() if m.components and m.channel_id != room.channel_id
    ]
    assert not elsewhere


async def test_one_who_did_not_choose_them_is_not_written_to(stage: Stage) -> None:
    alice, bob = await by_dm(stage, "Alice"), await player(stage, "Bob")
    await both_join(alice, bob)

    await stage.advance(60)

    room = await bob.sees("confirm")
    assert (await alice.sees("confirm")).channel_id == room.channel_id
    assert not [path for path in await made(stage) if path.startswith("POST /users/@me/channels")]


async def test_it_goes_on_after_a_restart(stage: Stage) -> None:
    """Direct messages belong to no server: what a server lists says nothing of them."""
    alice, bob = await by_dm(stage, "Alice"), await by_dm(stage, "Bob")
    await both_join(alice, bob)
    await stage.advance(60)
    rooms = [await persona.sees("confirm") for persona in (alice, bob)]

    await stage.stop()
    await stage.start()

    for persona, room in zip((alice, bob), rooms, strict=True):
        pressed = await persona.press("Confirm", message=room)
        assert pressed.acknowledged
    assert (await Match.get()).state == "running"
    assert await no_threads(stage)


async def test_the_match_ends_while_a_thread_is_made_instead(stage: Stage) -> None:
    """Nobody finds an empty room."""
    alice, bob = await by_dm(stage, "Alice"), await by_dm(stage, "Bob")
    await bob.refuse_dms()
    await stage.fault("delay", method="POST", path="/channels/*/threads", seconds=100)
    await both_join(alice, bob)
    await stage.advance(60)

    async def is_asked_for() -> bool:
        return any(fault["hits"] for fault in await stage.client.faults())

    await eventually(is_asked_for)
    await stage.advance(60)
    await eventually(Match.filter(state="unconfirmed").exists)
    await stage.client.advance(100)

    async def is_put_to_sleep() -> bool:
        log = await stage.client.requests(method="PATCH", limit=1000)
        return any(request["request"] == '{"archived":true}' for request in log)

    await eventually(is_put_to_sleep)
    assert (await Match.get()).room_id is None
