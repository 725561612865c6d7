"""A match as two players live it, from the queue to its end."""

import asyncio

from ladderkeeper.playing import report
from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import Match, MatchEvent, MatchParticipant, QueueEntry, Rating
from sandbox import Persona
from tests.flows.conftest import Table, player


async def confirmed(table: Table) -> None:
    await table.alice.press("Confirm")
    await table.bob.press("Confirm")
    await table.alice.sees("The match is on")


async def views_closed(stage: Stage) -> None:
    """Every view has ended, and its last edit is made."""
    await stage.settled()
    await eventually(lambda: stage.app.views.stats().open_total == 0)


async def test_a_match_is_played_and_both_ratings_change(table: Table) -> None:
    await confirmed(table)

    await report(table.alice, "I won")
    await table.bob.sees("Alice reports to have won")
    await report(table.bob, "I lost")

    message = await table.bob.sees("Alice won against Bob")
    assert "Alice: 1500 → 1520 (+20)" in message.content
    assert "Bob: 1500 → 1480 (-20)" in message.content
    await views_closed(table.stage)
    assert not (await table.bob.sees("Alice won against Bob")).components
    assert {r.value for r in await Rating.all()} == {1520, 1480}
    assert (await Match.get()).state == "completed"
    kinds = [event.kind for event in await MatchEvent.all().order_by("number")]
    assert kinds == ["found", "confirmed", "confirmed", "reported", "completed"]


async def test_an_aborted_match_sends_the_other_back_to_the_queue(table: Table) -> None:
    await table.alice.press("Abort")

    await table.bob.sees("The match was aborted")
    await views_closed(table.stage)
    assert (await Match.get()).state == "aborted"
    waiting = await QueueEntry.filter(state="waiting")
    assert len(waiting) == 1
    bob = await MatchParticipant.get(entry_id=waiting[0].id)
    assert bob.side in (0, 1)
    refused = await table.bob.slash("queue join", faction="SC2 Zerg")
    assert "Searching" in refused.text
    welcome = await table.alice.slash("queue join", faction="BW Terran")
    assert "Searching for an opponent" in welcome.text


async def test_reports_that_disagree_are_a_conflict_and_leave_both_free(table: Table) -> None:
    await confirmed(table)

    await report(table.alice, "I won")
    await report(table.bob, "I won")

    await table.alice.sees("Your reports disagree")
    await views_closed(table.stage)
    assert (await Match.get()).state == "conflict"
    assert await Rating.all().count() == 0
    welcome = await table.alice.slash("queue join", faction="BW Terran")
    assert "Searching for an opponent" in welcome.text


async def test_a_match_that_one_confirms_in_time(table: Table) -> None:
    await table.bob.press("Confirm")

    await table.stage.advance(60)

    await table.bob.sees("Not confirmed in time")
    await views_closed(table.stage)
    assert (await Match.get()).state == "unconfirmed"
    waiting = await QueueEntry.get(state="waiting")
    assert waiting.waves == 0, "the wave that paired them is no wait"
    assert "Searching" in (await table.bob.slash("queue join", faction="SC2 Zerg")).text


async def test_a_match_that_nobody_reports_is_void(table: Table) -> None:
    await confirmed(table)

    await table.stage.advance(7200)

    await table.bob.sees("This match does not count")
    await views_closed(table.stage)
    assert (await Match.get()).state == "void"


async def test_both_confirm_at_the_same_instant(table: Table) -> None:
    pressed = await asyncio.gather(table.alice.press("Confirm"), table.bob.press("Confirm"))

    assert all(exchange.acknowledged for exchange in pressed)
    for one in (table.alice, table.bob):
        message = await one.sees("The match is on")
        await eventually(lambda one=one: shows_select(one))
    assert (await Match.get()).version == 2
    del message


async def shows_select(player: Persona) -> bool:
    message = await player.sees("The match is on")
    return bool(message.selects)


async def test_opposite_reports_at_the_same_instant(table: Table) -> None:
    await confirmed(table)

    exchanges = await asyncio.gather(
        report(table.alice, "I won"),
        report(table.bob, "I won"),
    )

    assert all(exchange.acknowledged for exchange in exchanges)
    await table.alice.sees("Your reports disagree")
    assert await MatchEvent.filter(kind="conflict").count() == 1


async def test_confirm_and_abort_at_the_same_instant(table: Table) -> None:
    """One wins; the other is told, and nothing is done twice."""
    await table.bob.press("Confirm")

    confirm, abort = await asyncio.gather(
        table.alice.press("Confirm"), table.bob.press("Abort"), return_exceptions=False
    )

    assert confirm.acknowledged
    assert abort.acknowledged
    match = await Match.get()
    assert match.state in ("running", "aborted")
    assert match.version == 2


async def test_pressing_twice_is_answered_and_changes_nothing(table: Table) -> None:
    await table.alice.press("Confirm")
    again = await table.alice.press("Confirm")

    assert "You have confirmed already" in again.text
    assert (await Match.get()).version == 1


async def test_a_stranger_is_told_so(table: Table) -> None:
    """Somebody else in the room, a moderator say."""
    carol = await table.stage.persona("Carol")
    await table.alice.send(table.room, f"{carol.mention}, have a look")
    message = await carol.sees("confirm")

    pressed = await carol.press("Confirm", message=message)

    assert pressed.text == "You are not part of this match."
    assert (await Match.get()).version == 0


async def test_a_press_on_a_finished_match(table: Table) -> None:
    message = await table.bob.sees("confirm")
    confirm = next(button for button in message.buttons if button.label == "Confirm")
    await table.alice.press("Abort")
    await table.bob.sees("aborted")
    await views_closed(table.stage)

    late = await table.bob.press_stale(message, str(confirm.custom_id))

    assert late.acknowledged
    await table.bob.sees("This has ended")
    assert (await Match.get()).state == "aborted"


async def test_the_room_is_closed_afterwards(table: Table) -> None:
    await table.alice.press("Abort")
    await views_closed(table.stage)

    await table.stage.advance(5)

    async def archived() -> bool:
        return table.room not in {channel["id"] for channel in await table.alice.channels()}

    await eventually(archived)


async def test_a_match_costs_few_requests(table: Table) -> None:
    """Outside of interaction endpoints: the thread, one message, its archive."""
    await confirmed(table)
    await report(table.alice, "I won")
    await report(table.bob, "I lost")
    await views_closed(table.stage)

    async def counted() -> list[str]:
        log = await table.stage.client.requests()
        return [
            f"{request['method']} {request['path']}"
            for request in log
            if request["path"].startswith("/channels/")
        ]

    async def archived() -> bool:
        await table.stage.advance(5)
        await table.stage.settled()
        return any(request.startswith("PATCH") for request in await counted())

    await eventually(archived)
    assert len(await counted()) == 3, await counted()


async def test_more_than_two_players(stage: Stage) -> None:
    """Every one of six is in exactly one match."""
    players = [await player(stage, f"Player{number}") for number in range(6)]
    sides = ("BW Zerg", "SC2 Zerg") * 3
    await asyncio.gather(
        *(one.slash("queue join", faction=side) for one, side in zip(players, sides, strict=True))
    )

    await stage.advance(60)

    for one in players:
        await one.sees("confirm")
    seats = await MatchParticipant.all()
    assert len({seat.player_id for seat in seats}) == 6
    assert await Match.all().count() == 3
