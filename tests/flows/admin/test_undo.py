"""What can be taken back is; what cannot says why."""

import asyncio
from typing import Any

import pytest

from ladderkeeper.playing import confirm
from plugins.admin.models import AuditEntry
from plugins.queue.models import Abort, Ban, Match, Player, Rating
from plugins.queue.service.recompute import recompute
from sandbox import Persona
from tests.flows.admin.house import House, completed, conflict, done
from tests.flows.conftest import Table
from tests.plugins.queue.histories import a_ladder


async def ratings() -> list[int]:
    return [rating.value for rating in await Rating.all().order_by("player_id")]


async def undone(house: House, entry: AuditEntry) -> AuditEntry:
    undo = await done(house, house.owner, "undo", entry=entry.id, reason="A mistake")
    assert (undo.action, undo.undoes) == ("undo", entry.id)
    assert (await AuditEntry.get(id=entry.id)).undone
    return undo


async def refusal(house: House, entry: AuditEntry, admin: Persona | None = None) -> str:
    answer = await (admin or house.admin).slash("admin undo", entry=entry.id, reason="x")
    assert answer.message is not None
    assert not answer.message.buttons
    return answer.text


async def test_the_decision_of_a_conflict_is_taken_back_to_the_conflict(
    house: House, table: Table
) -> None:
    match = await conflict(table)
    entry = await done(house, house.admin, "resolve", number=match.id, outcome="a")
    assert await ratings() == [1520, 1480]

    await undone(house, entry)

    assert (await Match.get(id=match.id)).state == "conflict"
    assert await ratings() == [1500, 1500]
    assert (await recompute(a_ladder(), write=False)).is_right
    await table.alice.sees("An admin took back the decision")
    case = await house.admin.sees("Conflict in match")
    assert [button.label for button in case.buttons][:2] == ["Alice won", "Bob won"]
    assert len([m for m in await house.admin.messages() if "Conflict in match" in m.text]) == 2
    await done(house, house.admin, "resolve", number=match.id, outcome="b")
    assert await ratings() == [1480, 1520]
    assert (await recompute(a_ladder(), write=False)).is_right


async def test_a_decision_about_a_finished_match_is_taken_back_to_its_result(
    house: House, table: Table
) -> None:
    match = await completed(table)
    entry = await done(house, house.admin, "resolve", number=match.id, outcome="void")
    assert await ratings() == [1500, 1500]

    await undone(house, entry)

    assert (await Match.get(id=match.id)).score == 1.0
    assert await ratings() == [1520, 1480]


async def test_decisions_are_taken_back_from_the_last(house: House, table: Table) -> None:
    match = await completed(table)
    first = await done(house, house.admin, "resolve", number=match.id, outcome="b")
    second = await done(house, house.admin, "resolve", number=match.id, outcome="draw")

    said = await refusal(house, first)
    assert f"was decided anew in entry {second.id}. Take that one back first." in said
    await undone(house, second)
    assert await ratings() == [1480, 1520]
    await undone(house, first)
    assert await ratings() == [1520, 1480]


async def test_a_match_that_was_running_cannot_run_again(house: House, table: Table) -> None:
    await confirm(table.alice, table.bob)
    match = await Match.get()
    entry = await done(house, house.admin, "resolve", number=match.id, outcome="a")

    assert "its players are free since" in await refusal(house, entry)


async def test_points_are_taken_back(house: House, table: Table) -> None:
    await completed(table)
    entry = await done(
        house, house.admin, "adjust_rating", player="Alice", faction="BWT", points=70
    )

    undo = await undone(house, entry)

    assert undo.after["points"] == -70
    assert await ratings() == [1520, 1480]
    assert (await recompute(a_ladder(), write=False)).is_right


async def test_aborts_count_again(house: House, alice: Persona) -> None:
    mine = await Player.get(discord_id=int(alice.id))
    for number in (1, 2):
        await Abort.create(
            ladder="Ladder",
            player_id=mine.id,
            match_id=number,
            at=house.stage.clock.now(),
            forgiven=number == 1,
        )
    entry = await done(house, house.admin, "reset_aborts", player="Alice")

    await undone(house, entry)

    assert [a.forgiven for a in await Abort.all().order_by("id")] == [True, False]


async def test_a_ban_is_taken_back_to_the_one_before(house: House, alice: Persona) -> None:
    await done(house, house.admin, "ban", player="Alice", duration="3d", reason="Rude")
    entry = await done(house, house.admin, "ban", player="Alice", reason="Cheats")

    await undone(house, entry)

    ban = await Ban.get()
    assert ban.reason == "Rude"
    assert ban.until is not None


async def test_the_first_ban_is_taken_back(house: House, alice: Persona) -> None:
    entry = await done(house, house.admin, "ban", player="Alice", reason="Cheats")

    await undone(house, entry)

    assert not await Ban.all().exists()


async def test_the_end_of_a_ban_is_taken_back(house: House, alice: Persona) -> None:
    await done(house, house.admin, "ban", player="Alice", duration="3d", reason="Rude")
    entry = await done(house, house.admin, "unban", player="Alice")

    await undone(house, entry)

    assert (await Ban.get()).reason == "Rude"


async def test_a_ban_that_is_another_by_now(house: House, alice: Persona) -> None:
    first = await done(house, house.admin, "ban", player="Alice", duration="3d", reason="Rude")
    second = await done(house, house.admin, "unban", player="Alice")

    assert "is not what it made of it any more" in await refusal(house, first)
    await house.stage.advance(4 * 86_400)
    assert "would be over by now" in await refusal(house, second)


async def test_an_entry_is_taken_back_once(house: House, alice: Persona) -> None:
    entry = await done(house, house.admin, "ban", player="Alice", reason="Cheats")
    admins = (house.admin, house.owner)
    asked = [
        await admin.slash("admin undo", entry=entry.id, reason=f"of {admin.name}")
        for admin in admins
    ]

    answers = await asyncio.gather(
        *(
            admin.press("Confirm", message=exchange.message)
            for admin, exchange in zip(admins, asked, strict=True)
        )
    )

    assert sum("Done." in answer.text for answer in answers) == 1
    assert f"Entry {entry.id} is taken back already." in {answer.text for answer in answers}
    assert f"Entry {entry.id} is taken back already." == await refusal(house, entry)
    undo = await AuditEntry.get(action="undo")
    assert "took another one back" in await refusal(house, undo)


@pytest.mark.parametrize(
    ("command", "options"), [("remove_queue", {"player": "Alice"}), ("clear_queue", {})]
)
async def test_nobody_is_put_into_the_queue(
    house: House, alice: Persona, command: str, options: dict[str, Any]
) -> None:
    await alice.slash("queue join", faction="BWT")
    entry = await done(house, house.admin, command, **options)

    assert "by themselves" in await refusal(house, entry)


async def test_a_repair_stays(house: House, table: Table) -> None:
    await Match.all().update(state="void", ended_at=house.stage.clock.now())
    entry = await done(house, house.admin, "unblock_queue", player="Alice")

    assert "it put right what was wrong" in await refusal(house, entry)


async def test_a_player_who_was_deleted(house: House, alice: Persona) -> None:
    entry = await done(house, house.admin, "ban", player="Alice", reason="Cheats")
    await alice.slash("privacy delete")
    await alice.press("Delete it")

    assert await refusal(house, entry) == "This player's data was deleted meanwhile."


async def test_an_entry_that_is_not_there(house: House) -> None:
    answer = await house.admin.slash("admin undo", entry=7, reason="x")

    assert answer.text == "There is no entry 7 in this server's audit."
