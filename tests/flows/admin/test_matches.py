"""Admins decide matches: from the command, from the case in their channel, anew, and at once."""

import asyncio

import pytest

from ladderkeeper.playing import confirm, report
from ladderkeeper.testing import eventually
from plugins.admin.models import AuditEntry
from plugins.queue.models import Match, MatchParticipant, Rating
from sandbox import Message, Persona
from tests.flows.admin.house import House, completed, confirmed, conflict, done, gone
from tests.flows.conftest import Table


async def ratings() -> list[int]:
    return [rating.value for rating in await Rating.all().order_by("player_id")]


async def case(persona: Persona) -> Message:
    """The case, as it is now."""
    return await persona.sees("Conflict in match")


async def test_a_conflict_is_shown_to_the_admins_with_both_reports(
    house: House, table: Table
) -> None:
    match = await conflict(table)

    shown = await case(house.admin)

    assert shown.channel_id == house.office.id
    assert f"**Conflict in match {match.id}** · Ladder" in shown.text
    assert "A: " in shown.text
    assert "**Alice** · 🔧 BW Terran · reports to have won" in shown.text
    assert "**Bob** · 🦖 SC2 Zerg · reports to have won" in shown.text
    assert f"https://discord.com/channels/{house.stage.guild_id}/{table.room}" in shown.text
    assert [b.label for b in shown.buttons] == ["Alice won", "Bob won", "Draw", "Does not count"]


async def test_a_press_on_the_case_asks_for_the_reason_and_decides(
    house: House, table: Table
) -> None:
    match = await conflict(table)
    shown = await case(house.admin)

    asked = await house.admin.press("Bob won", message=shown)
    assert asked.message is not None
    assert asked.message.ephemeral
    assert "Bob won." in asked.text
    assert "State: a conflict → decided by an admin" in asked.text
    assert "Outcome: none → player B won" in asked.text
    await house.admin.press("Confirm", message=asked.message)
    finished = await house.admin.submit(Reason="The replay shows it")

    assert "Done." in finished.text
    await house.stage.settled()
    assert (await Match.get(id=match.id)).state == "resolved"
    assert await ratings() == [1480, 1520]
    entry = await AuditEntry.get()
    assert (entry.action, entry.match_id, entry.admin_id) == (
        "resolve",
        match.id,
        int(house.admin.id),
    )
    assert entry.before == {"state": "conflict", "outcome": None}
    assert entry.after == {"state": "resolved", "outcome": "b"}
    assert entry.reason == "The replay shows it"
    for player in (table.alice, table.bob):
        told = await player.sees("An admin decided match")
        assert "Bob won. The reason: The replay shows it" in told.text
    closed = await eventually(lambda: without_buttons(house.owner))
    assert closed is not None
    assert "The replay shows it" in closed.text
    assert "decided by an admin" in closed.text


async def without_buttons(persona: Persona) -> Message | None:
    shown = await case(persona)
    return None if shown.buttons else shown


async def test_a_case_is_not_for_everybody(house: House, table: Table) -> None:
    match = await conflict(table)
    shown = await case(house.manager)

    refused = await house.manager.press("Alice won", message=shown)
    assert "You are not an admin" in refused.text
    refused = await table.alice.press("Alice won", message=shown)
    assert "You are not an admin" in refused.text

    assert (await Match.get(id=match.id)).state == "conflict"


async def test_two_admins_on_one_case_at_once(house: House, table: Table) -> None:
    match = await conflict(table)
    shown = await case(house.admin)
    asked = [
        await admin.press(button, message=shown)
        for admin, button in ((house.admin, "Alice won"), (house.owner, "Bob won"))
    ]
    for admin, exchange in zip((house.admin, house.owner), asked, strict=True):
        await admin.press("Confirm", message=exchange.message)

    answers = await asyncio.gather(
        house.admin.submit(Reason="I think so"), house.owner.submit(Reason="I think not")
    )

    texts = [answer.text for answer in answers]
    assert sum("Done." in text for text in texts) == 1, texts
    (lost,) = (text for text in texts if "Done." not in text)
    assert "meanwhile" in lost or "This has ended" in lost
    assert await AuditEntry.all().count() == 1
    assert (await Match.get(id=match.id)).version == 5
    assert sorted(await ratings()) == [1480, 1520]


async def test_the_other_admins_question_ends_with_the_case(house: House, table: Table) -> None:
    match = await conflict(table)
    shown = await case(house.owner)
    asked = await house.owner.press("Draw", message=shown)
    assert asked.message is not None

    await done(house, house.admin, "resolve", number=match.id, outcome="a")

    moot = await house.owner.sees("This was decided meanwhile")
    assert moot.id == asked.message.id
    assert not moot.buttons


@pytest.mark.parametrize(
    ("outcome", "state", "ratings_then"),
    [
        ("a", "resolved", [1520, 1480]),
        ("b", "resolved", [1480, 1520]),
        ("draw", "resolved", [1500, 1500]),
        ("void", "void", []),
    ],
)
async def test_a_conflict_is_decided_by_command(
    house: House, table: Table, outcome: str, state: str, ratings_then: list[int]
) -> None:
    match = await conflict(table)

    await done(house, house.admin, "resolve", number=match.id, outcome=outcome)

    assert (await Match.get(id=match.id)).state == state
    assert await ratings() == ratings_then


async def test_a_running_match_is_decided_and_its_players_are_free(
    house: House, table: Table
) -> None:
    await confirm(table.alice, table.bob)
    match = await Match.get()

    await done(house, house.admin, "resolve", number=match.id, outcome="a")

    assert (await Match.get()).state == "resolved"
    assert not await MatchParticipant.filter(active=True).exists()
    assert "An admin has decided." in (await table.bob.sees("An admin has decided.")).text
    again = await table.alice.slash("queue join", faction="BWT")
    assert "Searching" in again.text


async def test_a_finished_match_is_decided_anew_and_later_ratings_follow(
    house: House, table: Table
) -> None:
    match = await completed(table)
    assert await ratings() == [1520, 1480]

    asked = await house.admin.slash(
        "admin resolve", number=match.id, outcome="b", reason="They mixed it up"
    )
    assert "Outcome: player A won → player B won" in asked.text
    await house.admin.press("Confirm", message=asked.message)

    await eventually(lambda: Match.filter(state="resolved").exists())
    assert await ratings() == [1480, 1520]


async def test_what_cannot_be_decided(house: House, table: Table) -> None:
    admin = house.admin
    match = await Match.get()

    never = await admin.slash("admin resolve", number=match.id, outcome="a", reason="x")
    assert never.text == "This match was never played, so there is nothing to decide."
    missing = await admin.slash("admin resolve", number=999, outcome="a", reason="x")
    assert missing.text == "There is no match 999 on this server."
    await completed(table)
    same = await admin.slash("admin resolve", number=match.id, outcome="a", reason="x")
    assert same.text == "It is decided like that already."
    assert not await AuditEntry.all().count()


async def test_a_match_that_ends_while_the_admin_is_asked(house: House, table: Table) -> None:
    await confirm(table.alice, table.bob)
    match = await Match.get()
    asked = await house.admin.slash(
        "admin resolve", number=match.id, outcome="b", reason="They do not report"
    )
    await report(table.alice, "I won")
    await report(table.bob, "I lost")
    await eventually(lambda: Match.filter(state="completed").exists())

    late = await house.admin.press("Confirm", message=asked.message)

    assert late.text == (
        f"Match {match.id} has changed meanwhile: it is completed now. Look at it again."
    )
    assert await ratings() == [1520, 1480]
    assert not await AuditEntry.all().count()


async def test_an_admin_and_the_last_report_in_the_same_instant(house: House, table: Table) -> None:
    await confirm(table.alice, table.bob)
    await report(table.alice, "I won")
    match = await Match.get()
    asked = await house.admin.slash("admin resolve", number=match.id, outcome="b", reason="x")
    await table.bob.select("How did it end?", ["I lost"])
    sure = await table.bob.sees("Is that right?")

    await asyncio.gather(
        house.admin.press("Confirm", message=asked.message),
        table.bob.press("Confirm", message=sure),
    )

    await eventually(lambda: Match.filter(state__in=("completed", "resolved")).exists())
    await house.stage.settled()
    state = (await Match.get()).state
    decided = await AuditEntry.all().count()
    assert (state, decided) in {("completed", 0), ("resolved", 1)}
    assert await ratings() == ([1520, 1480] if state == "completed" else [1480, 1520])


async def test_who_may_not_decide(house: House, table: Table) -> None:
    await conflict(table)
    refused = await house.manager.slash("admin resolve", number=1, outcome="a", reason="x")

    assert "You are not an admin of this ladder." in refused.text
    with pytest.raises(Exception, match="may not use"):
        await table.alice.slash("admin resolve", number=1, outcome="a", reason="x")


async def test_rights_taken_between_question_and_answer(house: House, table: Table) -> None:
    match = await conflict(table)
    asked = await house.admin.slash("admin resolve", number=match.id, outcome="a", reason="x")
    await house.stage.client.join(
        str(house.stage.guild_id), house.admin.id, roles=[house.managers_role_id]
    )

    refused = await house.admin.press("Confirm", message=asked.message)

    assert "You are not an admin" in refused.text
    assert (await Match.get(id=match.id)).state == "conflict"


async def test_cancelling(house: House, table: Table) -> None:
    match = await conflict(table)
    asked = await house.admin.slash("admin resolve", number=match.id, outcome="a", reason="x")

    await house.admin.press("Cancel", message=asked.message)

    await gone(house.admin, asked.message)
    assert (await Match.get(id=match.id)).state == "conflict"


async def test_the_notice_is_dismissed(house: House, table: Table) -> None:
    match = await conflict(table)
    shown = await confirmed(house.admin, "resolve", number=match.id, outcome="a")
    assert shown.message is not None
    assert shown.message.ephemeral

    await house.admin.press("Dismiss", message=shown.message)

    await gone(house.admin, shown.message)


async def test_the_notice_loses_its_button_by_itself(house: House, table: Table) -> None:
    match = await conflict(table)
    await confirmed(house.admin, "resolve", number=match.id, outcome="a")

    await house.stage.advance(13 * 60 + 1)

    async def ended() -> bool:
        return not (await house.admin.sees("Done.")).buttons

    await eventually(ended)


async def test_everything_of_a_match(house: House, table: Table) -> None:
    match = await conflict(table)
    await done(house, house.admin, "resolve", number=match.id, outcome="a", reason="_replay_")

    shown = await house.owner.slash("admin match", number=match.id)

    assert f"**Match {match.id}** · Ladder · decided by an admin" in shown.text
    assert "reported to have won" in shown.text
    assert "For admins" in shown.text
    assert r"“\_replay\_”" in shown.text
    assert "not an admin" in (await house.manager.slash("admin match", number=match.id)).text
