"""The bot dies by SIGKILL at each transition of a match, just before its commit and just after; its
next start loses no match, doubles none, and leaves no player stuck."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from core.models import ViewRecord
from ladderkeeper.playing import REPORT_MENU, report
from ladderkeeper.testing import Stage, eventually
from plugins.queue.config import LadderConfig
from plugins.queue.models import Match, MatchEvent, MatchParticipant
from plugins.queue.service.recompute import recompute
from sandbox import Message, Persona, SandboxError
from tests.flows.conftest import both_join, player, set_stage
from tests.flows.processes import Bot
from tests.plugins.queue.conftest import opened

QUICK = {"wave_seconds": 0.5, "room_close_seconds": 600, "confirm_seconds": 60}
"""What stands in an archived room is not seen without opening it."""
SHORT = {
    "unconfirmed": {"confirm_seconds": 3},
    "void": {"report_seconds": 3},
}

PATIENCE_SECONDS = 40.0

TRANSITIONS = [
    ("found", 1, "completed"),
    ("confirmed", 1, "completed"),
    ("confirmed", 2, "completed"),
    ("reported", 1, "completed"),
    ("completed", 1, "completed"),
    ("conflict", 1, "conflict"),
    ("aborted", 1, "aborted"),
    ("unconfirmed", 1, "unconfirmed"),
    ("void", 1, "void"),
]

ENDS = {
    "completed": "The match is over",
    "conflict": "Your reports disagree",
    "aborted": "The match was aborted",
    "unconfirmed": "Not confirmed in time",
    "void": "This match does not count",
}


@pytest.mark.full
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "number", "outcome"), TRANSITIONS)
async def test_killed_at(
    tmp_path: Path, database_url: str, kind: str, number: int, outcome: str, when: str
) -> None:
    ladder = QUICK | SHORT.get(outcome, {})
    async with set_stage(tmp_path, database_url, sections={"queue": ladder}, start=False) as stage:
        bot = Bot(stage)
        await bot.start("tests.flows.mortal", kind, str(number), when)
        try:
            alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
            await both_join(alice, bob)
            playing = asyncio.create_task(play(alice, bob, outcome))
            async with asyncio.timeout(PATIENCE_SECONDS):
                await bot.gone()
            await bot.start()
            async with asyncio.timeout(PATIENCE_SECONDS):
                await playing
            await leave_whoever_waits(alice, bob)
            await no_buttons(alice, bob)
            await no_open_views(database_url)
        finally:
            bot.kill()
            await bot.gone()
        await check(stage, database_url, outcome)


async def play(alice: Persona, bob: Persona, outcome: str) -> None:
    """Press whatever can be pressed until the match has ended so, whoever is there to answer."""
    results = {alice.name: "I won", bob.name: "I won" if outcome == "conflict" else "I lost"}
    while True:
        for persona in (alice, bob):
            with suppress(SandboxError):
                if await advance(persona, outcome, results[persona.name]):
                    return
        await asyncio.sleep(0.05)


async def advance(persona: Persona, outcome: str, result: str) -> bool:
    """One step of a player. True once the match has ended as it should."""
    for message in await persona.messages():
        labels = {button.label for button in message.buttons if not button.disabled}
        if ENDS[outcome] in message.content and not message.components:
            return True
        if {"Confirm", "Abort"} <= labels and outcome != "unconfirmed":
            abort = outcome == "aborted" and persona.name == "Bob"
            label = "Abort" if abort else "Confirm"
            if f"{persona.name} is ready" not in message.content:
                await persona.press(label, message=message, timeout=3)
        reports = any(menu.placeholder == REPORT_MENU for menu in message.selects)
        if reports and outcome != "void" and f"{persona.name} reports" not in message.content:
            await report(persona, result, message=message, timeout=3)
    return False


async def leave_whoever_waits(*personas: Persona) -> None:
    """Nobody is stuck: whoever was sent back waits, everybody else may join again, and leave."""
    for persona in personas:
        joined = await persona.slash("queue join", faction="BWT")
        assert "Searching" in joined.text, joined.text
        assert "You have left" in (await persona.slash("queue leave")).text


async def no_buttons(*personas: Persona) -> None:
    """Nothing on Discord looks alive, but what Discord lets nobody edit: a private message of which
    the process died before it knew more. Its next press takes the buttons away."""

    async def alive() -> list[tuple[Persona, Message]]:
        return [(p, m) for p in personas for m in await p.messages() if m.components]

    async def only_private() -> bool:
        return all(message.ephemeral for _, message in await alive())

    async def none() -> bool:
        return not await alive()

    await eventually(only_private, timeout=PATIENCE_SECONDS)
    with suppress(AssertionError):
        await eventually(none)
    for persona, message in await alive():
        pressed = await persona.press(message.buttons[0].label, message=message)
        assert pressed.text == "This has ended."
    assert await none()


async def no_open_views(database_url: str) -> None:
    """Nor is one open for the bot: a message may lose its buttons before its view has ended."""

    async def none() -> bool:
        return not await ViewRecord.filter(state="open").exists()

    async with opened(database_url):
        await eventually(none, timeout=PATIENCE_SECONDS)


async def check(stage: Stage, database_url: str, outcome: str) -> None:
    """What the database says after it all."""
    section: Any = stage.config().plugins.sections["queue"]
    ladder = LadderConfig.model_validate(section["ladders"][0])
    async with opened(database_url):
        matches = await Match.filter(state=outcome)
        assert len(matches) == 1
        others = await Match.exclude(state=outcome).values_list("state", flat=True)
        assert not others, "neither lost nor doubled"
        numbers = await MatchEvent.filter(match_id=matches[0].id).order_by("number")
        assert [event.number for event in numbers] == list(range(len(numbers)))
        assert await MatchParticipant.filter(active=True).count() == 0
        replayed = await recompute(ladder, write=False)
        assert (replayed.changes, replayed.seats) == ([], {})
