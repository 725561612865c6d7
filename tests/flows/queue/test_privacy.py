"""Players see what is stored about them, hide it, and have it deleted."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import (
    Abort,
    Acknowledgement,
    LastChoice,
    Match,
    MatchParticipant,
    MatchReport,
    MemberFaction,
    Player,
    QueueEntry,
    QueueMember,
    Rating,
)
from sandbox import Exchange, Persona

SET_UP = {"account": "Nova#123", "country": "DE", "region": "EUW"}


async def known(persona: Persona) -> Player:
    """The player, set up, under the persona's name."""
    await persona.slash("setup", SET_UP)
    return await Player.get(discord_id=int(persona.id))


async def past(stage: Stage, one: Player, other: Player, *, running: bool = False) -> Match:
    """A match of the two: `one`, on side 0, has won it, or is playing it now."""
    now = stage.clock.now()
    match = await Match.create(
        ladder="Ladder",
        guild_id=stage.guild_id,
        state="running" if running else "completed",
        map="Anvil",
        found_at=now,
        ended_at=None if running else now,
        score=None if running else 1.0,
    )
    for side, player in enumerate((one, other)):
        await MatchParticipant.create(
            match_id=match.id,
            player_id=player.id,
            entry_id=0,
            side=side,
            faction=("US", "EN")[side],
            rating_before=1500,
            rating_after=None if running else 1520 - 40 * side,
            active=running,
        )
    return match


async def waiting(stage: Stage, player: Player) -> QueueEntry:
    entry = await QueueEntry.create(
        ladder="Ladder", guild_id=stage.guild_id, joined_at=stage.clock.now()
    )
    member = await QueueMember.create(
        entry_id=entry.id, ladder="Ladder", player_id=player.id, vetoes=["Anvil"]
    )
    await MemberFaction.create(member_id=member.id, faction="US")
    return entry


# ------------------------------------------------------------------------------ export


async def test_the_export_holds_all_about_the_player(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    one, other = await known(alice), await known(bob)
    now = stage.clock.now()
    match = await past(stage, one, other)
    await MatchReport.create(
        match_id=match.id, side=0, result="won", player_id=one.id, reported_at=now
    )
    await MatchReport.create(
        match_id=match.id, side=1, result="lost", player_id=other.id, reported_at=now
    )
    await Rating.create(ladder="Ladder", player_id=one.id, faction="US", value=1520, games=1)
    await Abort.create(ladder="Ladder", player_id=one.id, match_id=99, at=now)
    await Acknowledgement.create(player_id=one.id, link="https://ladder.example/t", at=now)
    await LastChoice.create(ladder="Ladder", player_id=one.id, factions=["US"], vetoes=["Anvil"])
    await waiting(stage, one)

    answer = await alice.slash("privacy export")

    assert answer.message is not None
    assert answer.message.ephemeral
    stored = await attached(answer)
    assert stored["profile"]["seen_at"]
    assert stored["profile"] | {"seen_at": None} == {
        "id": one.id,
        "discord_id": alice.id,
        "name": "Alice",
        "discord_name": "alice",
        "dm_id": None,
        "locale": "en-US",
        "account": "Nova#123",
        "country": "DE",
        "region": "EUW",
        "room": "thread",
        "listed": True,
        "seen_at": None,
    }
    (played,) = stored["matches"]
    assert played["match"] == match.id
    assert (played["side"], played["faction"], played["map"]) == (0, "US", "Anvil")
    assert (played["result"], played["rating_before"], played["rating_after"]) == (
        *("won", 1500, 1520),
    )
    assert played["opponents"] == [{"name": "Bob", "faction": "EN"}]
    assert [report["result"] for report in played["reports"]] == ["won"]
    assert [row["value"] for row in stored["ratings"]] == [1520]
    assert [row["match_id"] for row in stored["aborts"]] == [99]
    assert [row["link"] for row in stored["acknowledgements"]] == ["https://ladder.example/t"]
    assert [row["factions"] for row in stored["last_choices"]] == [["US"]]
    (entry,) = stored["queue_entries"]
    assert (entry["state"], entry["factions"], entry["vetoes"]) == ("waiting", ["US"], ["Anvil"])
    assert bob.id not in json.dumps(stored)


async def test_the_export_of_the_one_who_lost(stage: Stage, alice: Persona, bob: Persona) -> None:
    await past(stage, await known(alice), await known(bob))

    (played,) = (await attached(await bob.slash("privacy export")))["matches"]

    assert played["result"] == "lost"
    assert [opponent["name"] for opponent in played["opponents"]] == ["Alice"]


async def test_of_a_stranger_nothing_is_stored(stage: Stage) -> None:
    stranger = await stage.persona("Stranger")
    for command in ("export", "hide", "show", "delete"):
        assert (await stranger.slash(f"privacy {command}")).text == "Nothing is stored about you."
    assert await Player.all().count() == 0


# ------------------------------------------------------------------------------ hide, show


async def test_hiding_from_the_leaderboard_and_coming_back(alice: Persona) -> None:
    await known(alice)

    hidden = await alice.slash("privacy hide")
    assert "does not show you any more" in hidden.text
    assert not (await Player.get()).listed

    shown = await alice.slash("privacy show")
    assert shown.text == "The leaderboard shows you."
    assert (await Player.get()).listed


# ------------------------------------------------------------------------------ delete


async def test_deleting_keeps_the_others_history(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    one, other = await known(alice), await known(bob)
    await Player.filter(id=one.id).update(dm_id=5)
    await past(stage, one, other)
    await Acknowledgement.create(player_id=one.id, link="https://a", at=stage.clock.now())
    await LastChoice.create(ladder="Ladder", player_id=one.id, factions=[], vetoes=[])
    asked = await alice.slash("privacy delete")
    assert "This stays" in asked.text
    assert (await Player.get(id=one.id)).discord_id == int(alice.id)

    gone = await alice.press("Delete it")

    assert gone.text == "It is deleted. Goodbye!"
    assert gone.message is not None
    assert not gone.message.components
    left = await Player.get(id=one.id)
    (row,) = await Player.filter(id=one.id).values()
    assert row == {
        "id": one.id,
        "discord_id": None,
        "name": f"Deleted player {one.id}",
        "discord_name": "",
        "dm_id": None,
        "locale": "en-US",
        "account": None,
        "country": None,
        "region": None,
        "room": "thread",
        "listed": False,
        "seen_at": None,
    }
    assert await Acknowledgement.all().count() == await LastChoice.all().count() == 0
    (played,) = (await attached(await bob.slash("privacy export")))["matches"]
    assert (played["result"], played["opponents"][0]["name"]) == ("lost", left.name)


async def test_whoever_comes_back_is_a_new_player(alice: Persona) -> None:
    before = await known(alice)
    await alice.slash("privacy delete")
    await alice.press("Delete it")
    assert (await alice.slash("privacy export")).text == "Nothing is stored about you."

    after = await known(alice)

    assert after.id != before.id
    assert after.name == "Alice"


async def test_keeping_it_after_all(alice: Persona) -> None:
    before = await known(alice)
    await alice.slash("privacy delete")

    assert (await alice.press("Keep it")).text == "Nothing was deleted."

    assert (await Player.get(id=before.id)).name == "Alice"


async def test_nobody_is_deleted_during_a_match(stage: Stage, alice: Persona, bob: Persona) -> None:
    one, other = await known(alice), await known(bob)
    match = await past(stage, one, other, running=True)
    entry = await waiting(stage, one)
    await alice.slash("privacy delete")

    await alice.press("Delete it")

    await alice.sees(f"You are in match {match.id}. Finish that one first")
    assert (await Player.get(id=one.id)).name == "Alice"
    assert (await QueueEntry.get(id=entry.id)).state == "waiting"
    await MatchParticipant.all().update(active=False)
    assert (await alice.press("Delete it")).text == "It is deleted. Goodbye!"


async def test_whoever_is_deleted_leaves_the_queue(stage: Stage, alice: Persona) -> None:
    entry = await waiting(stage, await known(alice))
    await alice.slash("privacy delete")

    await alice.press("Delete it")

    assert (await QueueEntry.get(id=entry.id)).state == "ended"
    assert await QueueMember.filter(active=True).count() == 0


async def test_the_wait_that_is_shown_ends_too(stage: Stage, alice: Persona) -> None:
    await alice.slash("queue join", faction="BW Terran")
    await alice.sees("Searching for an opponent")
    await alice.slash("privacy delete")

    await alice.press("Delete it")

    await alice.sees("You have left the queue.")
    await eventually(lambda: stage.app.views.stats().open_total == 0)
    assert (await QueueEntry.get()).state == "ended"


async def test_a_choice_that_was_open_leads_nobody_deleted_into_the_queue(
    alice: Persona,
) -> None:
    await known(alice)
    await alice.slash("queue join")
    await alice.sees("choose what you would play")
    await alice.slash("privacy delete")
    await alice.press("Delete it")

    await alice.select("Factions", "BW Terran")
    await alice.press("Join")

    await alice.sees("You were deleted since this was shown")
    assert await QueueMember.filter(active=True).count() == 0


async def test_joining_and_being_deleted_at_once(alice: Persona) -> None:
    before = await known(alice)
    joining = (await alice.slash("queue join")).message
    deleting = (await alice.slash("privacy delete")).message
    await alice.select("Factions", "BW Terran", message=joining)

    await asyncio.gather(
        alice.press("Join", message=joining), alice.press("Delete it", message=deleting)
    )

    assert (await Player.get(id=before.id)).discord_id is None
    assert await QueueMember.filter(active=True).count() == 0


@pytest.mark.parametrize("both", ["on one message", "on two messages"])
async def test_deleting_twice(alice: Persona, both: str) -> None:
    await known(alice)
    first = (await alice.slash("privacy delete")).message
    second = (await alice.slash("privacy delete")).message if both != "on one message" else first
    assert first is not None
    assert second is not None
    button = next(button for button in second.buttons if button.label == "Delete it").custom_id
    assert button is not None
    await alice.press("Delete it", message=first)

    again = await alice.press_stale(second, button, wait=False)

    if both == "on two messages":
        assert (await again.settled()).text == "It is deleted. Goodbye!"
    assert await Player.all().count() == 1


async def attached(answer: Exchange) -> dict[str, Any]:
    """The file of an answer."""
    assert answer.message is not None
    (attachment,) = answer.message.attachments
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as response:
        stored: dict[str, Any] = json.loads(await response.read())
    return stored
