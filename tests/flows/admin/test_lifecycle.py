"""The bot restarts, and the plugin goes and comes back, in the middle of what admins do."""

from pathlib import Path

from core.models import Job, ViewRecord, ViewState
from ladderkeeper.playing import confirm
from ladderkeeper.testing import eventually
from plugins.admin.models import AuditEntry
from plugins.queue.models import (
    EntryState,
    Match,
    MatchParticipant,
    Player,
    QueueEntry,
    QueueMember,
)
from sandbox import Persona
from tests.flows.admin.house import House, completed, confirmed, conflict, done, gone, house_of
from tests.flows.conftest import Table, paired, player


async def cases(persona: Persona) -> list[bool]:
    """Whether each case that is to be seen has buttons."""
    seen = await persona.messages()
    return [bool(m.buttons) for m in seen if "Conflict in match" in m.text]


async def restart(house: House) -> None:
    await house.stage.stop()
    await house.stage.start()


async def test_a_restart_in_the_middle_of_a_confirmation(house: House, table: Table) -> None:
    match = await conflict(table)
    asked = await house.admin.slash("admin resolve", number=match.id, outcome="a", reason="x")
    assert asked.message is not None
    pressed = asked.message.buttons[0].custom_id
    assert pressed is not None

    await restart(house)

    late = await house.admin.press_stale(asked.message, pressed)
    assert "ended" in late.text
    assert (await Match.get(id=match.id)).state == "conflict"
    assert not await AuditEntry.all().exists()
    shown = await house.admin.sees("This has ended")
    assert not shown.buttons


async def test_a_notice_is_dismissed_after_a_restart(house: House, alice: Persona) -> None:
    shown = await confirmed(house.admin, "ban", player="Alice")

    await restart(house)

    await house.admin.press("Dismiss", message=shown.message)
    await gone(house.admin, shown.message)


async def test_a_case_works_after_a_restart(house: House, table: Table) -> None:
    match = await conflict(table)
    await restart(house)
    assert await cases(house.admin) == [True]

    asked = await house.admin.press("Draw", message=await house.admin.sees("Conflict in match"))
    await house.admin.press("Confirm", message=asked.message)
    await house.admin.submit(Reason="Both went away")

    await eventually(lambda: Match.filter(id=match.id, state="resolved").exists())


async def test_the_plugin_is_unloaded_and_loaded_while_a_case_is_open(
    house: House, table: Table
) -> None:
    match = await conflict(table)

    await house.stage.load("queue")
    assert await cases(house.admin) == [False]
    await house.stage.load("queue", "admin")

    await eventually(lambda: one_open(house.admin))
    assert await cases(house.admin) == [True]
    await commands_are_back(house)
    await done(house, house.admin, "resolve", number=match.id, outcome="a")
    await house.stage.settled()
    assert await cases(house.admin) == [False]


async def commands_are_back(house: House) -> None:
    house.stage.clock.advance(1)  # past the time in which a burst of changes is gathered
    await house.stage.settled()
    assert "admin" in await house.stage.commands()


async def one_open(persona: Persona) -> bool:
    return any(await cases(persona))


async def test_a_conflict_that_nobody_was_there_for(house: House, table: Table) -> None:
    await house.stage.load("queue")
    await conflict(table)
    assert await cases(house.admin) == []

    await house.stage.load("queue", "admin")

    await eventually(lambda: one_open(house.admin))
    assert await cases(house.admin) == [True]


async def test_a_case_that_was_decided_while_nobody_was_there(house: House, table: Table) -> None:
    match = await conflict(table)
    await house.stage.load("queue")
    await Match.filter(id=match.id).update(state="void")

    await house.stage.load("queue", "admin")
    await house.stage.settled()

    assert await cases(house.admin) == [False]
    assert not await ViewRecord.filter(view="case", state=ViewState.OPEN).exists()


async def test_without_a_channel_there_are_no_cases(tmp_path: Path, database_url: str) -> None:
    async with house_of(tmp_path, database_url, office=False) as house:
        alice, bob = await player(house.stage, "Alice"), await player(house.stage, "Bob")
        match = await conflict(await paired(house.stage, alice, bob))
        assert await cases(house.admin) == []

        await done(house, house.admin, "resolve", number=match.id, outcome="a")

        assert (await Match.get()).state == "resolved"


async def test_the_start_puts_right_what_disagrees(
    house: House, table: Table, alice: Persona
) -> None:
    """By hand, or by a mistake of ours."""
    match = await completed(table)
    now = house.stage.clock.now()
    mine = await Player.get(discord_id=int(alice.id))
    await house.stage.load("queue")
    seat = await MatchParticipant.get(match_id=match.id, player_id=mine.id)
    await MatchParticipant.filter(id=seat.id).update(active=True)
    await QueueEntry.filter(id=seat.entry_id).update(state=EntryState.MATCHED)
    await QueueMember.filter(entry_id=seat.entry_id).update(active=True)
    empty = await QueueEntry.create(ladder="Ladder", guild_id=match.guild_id, joined_at=now)
    assert "Searching" not in (await alice.slash("queue join", faction="BWT")).text

    await house.stage.load("queue", "admin")

    assert "Searching" in (await alice.slash("queue join", faction="BWT")).text
    assert (await QueueEntry.get(id=empty.id)).state is EntryState.ENDED
    entry = await AuditEntry.get()
    assert (entry.admin_id, entry.action) == (0, "repair")
    kinds = sorted(wrong["kind"] for wrong in entry.before["wrong"])
    assert kinds == ["matched", "member", "seat", "wait"]
    told = await house.owner.sees("The bot put right what was wrong")
    assert f"counted as playing match {match.id}, which is over" in told.text
    await commands_are_back(house)
    assert "the bot repaired" in (await house.admin.slash("admin audit")).text


async def test_the_start_leaves_alone_what_is_in_order(
    house: House, table: Table, alice: Persona
) -> None:
    await restart(house)

    assert not await AuditEntry.all().exists()
    assert await MatchParticipant.filter(active=True).count() == 2


async def test_a_match_whose_deadline_was_lost_gets_a_new_one(house: House, table: Table) -> None:
    await confirm(table.alice, table.bob)
    await house.stage.load("queue")
    await Job.filter(kind="report_deadline").delete()

    await house.stage.load("queue", "admin")

    told = await house.owner.sees("The bot put right what was wrong")
    assert f"match {(await Match.get()).id} had no deadline" in told.text
    await house.stage.advance(7201)
    await eventually(lambda: Match.filter(state="void").exists())
