"""What admins do to players: ratings, the queue, aborts; and how they name them."""

import asyncio

import pytest

from ladderkeeper.testing import eventually
from plugins.admin.models import AuditEntry
from plugins.queue.models import (
    Abort,
    EntryState,
    Match,
    MatchParticipant,
    Player,
    QueueEntry,
    QueueMember,
    Rating,
)
from sandbox import Persona
from tests.flows.admin.house import House, completed, confirmed, done
from tests.flows.conftest import Table, both_join

DAY = 86_400


async def known(persona: Persona) -> Player:
    return await Player.get(discord_id=int(persona.id))


async def rating(persona: Persona, faction: str = "BWT") -> int:
    found = await Rating.get(player_id=(await known(persona)).id, faction=faction)
    return found.value


# ------------------------------------------------------------------------------ naming


async def test_a_player_is_named_in_each_way(house: House, alice: Persona) -> None:
    await Player.filter(discord_id=int(alice.id)).update(name="Nova", discord_name="alice.a")

    for called in (alice.mention, f"<@!{alice.id}>", alice.id, "nova", "Alice.A", "@alice.a"):
        shown = await house.admin.slash("admin player", player=called)
        assert "**Nova** · Ladder" in shown.text, called
        assert f"{alice.mention} · alice.a · player " in shown.text


async def test_an_ambiguous_name(house: House, alice: Persona, bob: Persona) -> None:
    await Player.filter(discord_id=int(bob.id)).update(discord_name="Alice")

    refused = await house.admin.slash("admin player", player="alice")

    assert refused.text.startswith("alice may be one of several players: ")
    assert alice.mention in refused.text
    assert bob.mention in refused.text


async def test_an_unknown_name(house: House, alice: Persona) -> None:
    for called in ("zzz", "<@123456789012345678>", "123456789012345678", "99999999999999999999"):
        refused = await house.admin.slash("admin player", player=called)
        assert "There is no player called" in refused.text, called
        assert "\n" not in refused.text
    near = await house.admin.slash("admin player", player="lic")
    assert near.text == (
        f"There is no player called lic. Did you mean one of these: {alice.mention} Alice?"
    )
    wild = await house.admin.slash("admin player", player="%")
    assert "Did you mean" not in wild.text


async def test_players_are_completed_for_admins_alone(
    house: House, alice: Persona, bob: Persona
) -> None:
    await Player.filter(discord_id=int(bob.id)).update(name="Malice")

    offered = await house.admin.autocomplete("admin player", "player", "alic")

    assert [(choice["name"], choice["value"]) for choice in offered] == [
        ("Alice", alice.id),
        ("Malice (@bob)", bob.id),
    ]
    assert await house.manager.autocomplete("admin player", "player", "alic") == []


async def test_everything_of_a_player(house: House, alice: Persona, bob: Persona) -> None:
    shown = await house.admin.slash("admin player", player="Alice")
    assert "Neither waiting nor playing." in shown.text
    assert "Not banned." in shown.text
    assert "Aborts that count this month: 0 of 3" in shown.text
    await both_join(alice, bob)
    assert "Waiting on Ladder since" in (
        (await house.admin.slash("admin player", player="Alice")).text
    )
    await house.stage.advance(60)
    await alice.sees("confirm")
    await done(house, house.admin, "ban", player="Alice", duration="3d", reason="Rude")

    shown = await house.admin.slash("admin player", player="Alice")

    assert f"In match {(await Match.get()).id}." in shown.text
    assert "**Banned until <t:" in shown.text
    assert "#1" in shown.text
    assert "not an admin" in (await house.manager.slash("admin player", player="Alice")).text


# ------------------------------------------------------------------------------ ratings


async def test_points_are_added_to_a_rating_and_stay_in_its_history(
    house: House, table: Table
) -> None:
    match = await completed(table)

    entry = await done(
        house,
        house.admin,
        "adjust_rating",
        player="Alice",
        faction="BW Terran",
        points=-100,
        reason="Smurf",
    )

    assert await rating(table.alice) == 1420
    assert entry.before == {"faction": "BWT", "rating": 1520}
    assert entry.after == {"faction": "BWT", "rating": 1420, "points": -100}
    told = await table.alice.sees("An admin changed your rating")
    assert "by -100 points, to 1420. The reason: Smurf" in told.text

    # The match is decided anew: what came after it stays.
    await done(house, house.admin, "resolve", number=match.id, outcome="b")
    assert await rating(table.alice) == 1380


async def test_points_for_a_rating_that_nobody_has_played_for(house: House, alice: Persona) -> None:
    asked = await house.admin.slash(
        "admin adjust_rating", player="Alice", faction="SC2P", points=50, reason="Seeded"
    )
    assert "Rating: 1500 → 1550" in asked.text
    assert not await Rating.all().count()
    await house.admin.press("Confirm", message=asked.message)
    assert await rating(alice, "SC2P") == 1550


async def test_two_presses_at_once_add_the_points_once(house: House, alice: Persona) -> None:
    asked = await house.admin.slash(
        "admin adjust_rating", player="Alice", faction="SC2P", points=50, reason="Seeded"
    )

    await asyncio.gather(
        *(house.admin.press("Confirm", message=asked.message, wait=False) for _ in range(2)),
        return_exceptions=True,
    )

    await eventually(lambda: AuditEntry.all().count())
    await house.stage.settled()
    assert await rating(alice, "SC2P") == 1550
    assert await AuditEntry.all().count() == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"faction": "Orc", "points": 5}, "There is no faction named Orc on this ladder."),
        ({"faction": "BWT", "points": 0}, "0 points would change nothing."),
        ({"faction": "BWT", "points": 5, "ladder": "Nowhere"}, "There is no ladder named Nowhere"),
    ],
)
async def test_what_cannot_be_adjusted(
    house: House, alice: Persona, options: dict[str, object], said: str
) -> None:
    refused = await house.admin.slash(
        "admin adjust_rating", {"player": "Alice", "reason": "x", **options}
    )

    assert refused.text.startswith(said)


# ------------------------------------------------------------------------------ the queue


async def test_a_player_is_taken_out_of_the_queue(house: House, alice: Persona) -> None:
    refused = await house.admin.slash("admin remove_queue", player="Alice", reason="x")
    assert refused.text == "Alice is not waiting in any queue here."
    await alice.slash("queue join", faction="BWT")

    entry = await done(house, house.admin, "remove_queue", player="Alice", reason="Asleep")

    assert not await QueueMember.filter(active=True).exists()
    assert entry.before == {"waits_on": ["Ladder"]}
    assert "The reason: Asleep" in (await alice.sees("An admin took you out")).text
    await alice.sees("You have left the queue.")


async def test_a_player_who_was_paired_meanwhile_stays_in_the_match(
    house: House, alice: Persona, bob: Persona
) -> None:
    await both_join(alice, bob)
    asked = await house.admin.slash("admin remove_queue", player="Alice", reason="x")
    await house.stage.advance(60)
    await alice.sees("confirm")

    late = await house.admin.press("Confirm", message=asked.message)

    assert late.text == "Alice is not waiting in any queue here."
    assert not await AuditEntry.all().count()


async def test_a_queue_is_cleared(house: House, alice: Persona, bob: Persona) -> None:
    refused = await house.admin.slash("admin clear_queue", reason="x")
    assert refused.text == "Nobody is waiting on Ladder."
    await both_join(alice, bob)

    entry = await done(house, house.admin, "clear_queue", reason="Patch day")

    assert entry.before == {"waiting": 2}
    assert not await QueueEntry.filter(state=EntryState.WAITING).exists()
    for persona in (alice, bob):
        await persona.sees("The reason: Patch day")


async def test_unblocking_a_player_with_whom_nothing_is_wrong(
    house: House, alice: Persona, bob: Persona
) -> None:
    async def said() -> str:
        return (await house.admin.slash("admin unblock_queue", player="Alice", reason="x")).text

    assert "can join" in await said()
    await both_join(alice, bob)
    assert "they are waiting in the queue" in await said()
    await house.stage.advance(60)
    await alice.sees("confirm")
    assert f"they are in match {(await Match.get()).id}" in await said()


async def test_unblocking_a_player(house: House, table: Table) -> None:
    """By hand somebody has ended the match in the database, and not all that hangs on it."""
    match = await Match.get()
    await Match.filter(id=match.id).update(state="void", ended_at=house.stage.clock.now())
    stuck = await table.alice.slash("queue join", faction="BWT")
    assert stuck.text == f"You are in match {match.id}. Finish that one first."
    assert "unblock_queue" in (await house.admin.slash("admin player", player="Alice")).text

    entry = await done(house, house.admin, "unblock_queue", player="Alice", reason="Stuck")

    assert [wrong["kind"] for wrong in entry.before["wrong"]] == ["seat", "matched"]
    await table.alice.sees("You can join again. The reason: Stuck")
    assert "Searching" in (await table.alice.slash("queue join", faction="BWT")).text
    assert await MatchParticipant.filter(active=True).count() == 1  # Bob's is his own


# ------------------------------------------------------------------------------ aborts


async def test_aborts_are_reset(house: House, alice: Persona) -> None:
    refused = await house.admin.slash("admin reset_aborts", player="Alice", reason="x")
    assert refused.text == "No abort of Alice counts this month on Ladder."
    mine = (await known(alice)).id
    for number in (1, 2):
        await Abort.create(
            ladder="Ladder", player_id=mine, match_id=number, at=house.stage.clock.now()
        )

    entry = await done(house, house.admin, "reset_aborts", player="Alice", reason="A crash")

    assert (entry.before, entry.after["aborts"]) == ({"aborts": 2}, 0)
    assert await Abort.filter(forgiven=True).count() == 2
    await alice.sees("An admin reset your aborts")


# ------------------------------------------------------------------------------ being told


async def test_a_player_who_takes_no_messages_is_named_to_the_admins(
    house: House, alice: Persona
) -> None:
    await alice.refuse_dms()

    await done(house, house.admin, "ban", player="Alice", reason="Rude")

    shown = await house.owner.sees("Alice could not be told")
    assert shown.channel_id == house.office.id


async def test_a_player_is_told_in_markup_of_nobody_elses(house: House, alice: Persona) -> None:
    await confirmed(house.admin, "ban", player="Alice", reason="**@everyone** <@1> [x](http://y)")

    told = await alice.sees("An admin banned you")

    assert r"\*\*" in told.text
    assert "@everyone" not in told.text


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("adjust_rating", {"player": "Alice", "faction": "BWT", "points": 1}),
        ("remove_queue", {"player": "Alice"}),
        ("unblock_queue", {"player": "Alice"}),
        ("clear_queue", {}),
        ("ban", {"player": "Alice"}),
        ("unban", {"player": "Alice"}),
        ("reset_aborts", {"player": "Alice"}),
        ("undo", {"entry": 1}),
    ],
)
async def test_who_may_not(
    house: House, alice: Persona, command: str, options: dict[str, object]
) -> None:
    refused = await house.manager.slash(f"admin {command}", {**options, "reason": "x"})

    assert refused.text.startswith("You are not an admin of this ladder.")
    assert not refused.message or not refused.message.buttons
    with pytest.raises(Exception, match="may not use"):
        await alice.slash(f"admin {command}", {**options, "reason": "x"})
