"""Every view ends once, whatever comes at the same moment: presses, other ends, many more views."""

import asyncio
import re
from typing import Any

import pytest
from tortoise.backends.base.executor import BaseExecutor

from core.db import transaction
from core.models import ViewKind, ViewRecord
from core.views import CloseReason
from ladderkeeper.testing import Stage, eventually
from sandbox import Persona
from tests.flows.conftest import paired
from tests.flows.view_ends.rooms import (
    closing,
    custom_id,
    ended,
    message_of,
    none_left,
    reasons,
    room,
    rooms,
)


async def test_presses_in_flight_are_answered_before_the_end(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    record = await room(alice)
    rooms().gates.press.clear()
    presses = [asyncio.create_task(who.press("Poke")) for who in (alice, bob)]
    await eventually(lambda: stage.app.views.presses_in_flight(record.id) == 2)

    end = asyncio.create_task(stage.app.views.close(record.id, CloseReason.DISMISSED))
    await eventually(lambda: closing(record))
    assert not reasons(), "the hook waits for both"
    rooms().gates.press.set()

    assert [answer.text for answer in await asyncio.gather(*presses)] == ["poked"] * 2
    assert await end
    await eventually(none_left)


async def test_presses_during_the_end_are_answered(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    record = await room(alice)
    rooms().gates.hook.clear()
    end = asyncio.create_task(stage.app.views.close(record.id, CloseReason.DISMISSED))
    await eventually(reasons)

    for who in (alice, bob):
        message = await message_of(who, record)
        assert (await who.press_stale(message, custom_id("poke"))).acknowledged
        await who.sees("This has ended")

    rooms().gates.hook.set()
    assert await end
    await eventually(none_left)
    assert reasons() == [CloseReason.DISMISSED]


async def test_presses_and_the_end_at_once(stage: Stage, alice: Persona, bob: Persona) -> None:
    """Whichever comes first, each press is answered and each view ends once."""
    for key in "abcdef":
        record = await room(alice, key)
        message = await message_of(alice, record)
        order = [
            alice.press_stale(message, custom_id("poke", key)),
            bob.press_stale(message, custom_id("poke", key)),
            stage.app.views.close(record.id, CloseReason.DISMISSED),
        ]
        if key > "c":
            order.reverse()

        outcomes = await asyncio.gather(*order)

        presses = [outcome for outcome in outcomes if not isinstance(outcome, bool)]
        assert [press.failed for press in presses] == [None, None], key
        assert True in outcomes, "the end was this one's"
    await eventually(none_left)
    assert reasons() == [CloseReason.DISMISSED] * 6


async def test_the_press_that_ends_it_and_the_one_beside_it(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    record = await room(alice)
    rooms().gates.press.clear()
    beside = asyncio.create_task(bob.press("Poke"))
    await eventually(lambda: stage.app.views.presses_in_flight(record.id) == 1)

    ending = asyncio.create_task(alice.press("Leave"))
    await eventually(lambda: closing(record))
    rooms().gates.press.set()

    assert (await beside).text == "poked"
    assert (await ending).text == "you left"
    assert reasons() == [CloseReason.DISMISSED]
    await alice.sees("room a is over: dismissed")
    await eventually(none_left)


async def test_both_press_what_ends_it(stage: Stage, alice: Persona, bob: Persona) -> None:
    record = await room(alice)
    message = await message_of(alice, record)

    both = await asyncio.gather(
        *(who.press_stale(message, custom_id("leave")) for who in (alice, bob))
    )

    assert [press.failed for press in both] == [None, None]
    await eventually(none_left)
    assert reasons() == [CloseReason.DISMISSED]


async def test_it_ends_while_ends_that_were_cut_short_are_looked_for(
    stage: Stage, alice: Persona, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read may be old by the time it arrives: the view has ended meanwhile."""
    record = await room(alice)
    rooms().gates.hook.clear()
    end = asyncio.create_task(stage.app.views.close(record.id, CloseReason.DISMISSED))
    await eventually(reasons)
    read, arrives = asyncio.Event(), asyncio.Event()
    executor: Any = BaseExecutor
    select = executor.execute_select

    async def slow_select(*query: Any, **options: Any) -> Any:
        rows = await select(*query, **options)
        if asyncio.current_task() is looking:
            read.set()
            await arrives.wait()
        return rows

    monkeypatch.setattr(executor, "execute_select", slow_select)
    looking = asyncio.create_task(stage.app.views.resume())
    await read.wait()
    rooms().gates.hook.set()
    assert await end
    arrives.set()
    await looking

    await eventually(none_left)
    assert reasons() == [CloseReason.DISMISSED], "its hook is not run again"


SHOWN = 9_000_000_000_000_000
"""The first message id of rooms that were never posted."""


async def many_rooms(stage: Stage, many: int) -> None:
    """So many open rooms in the scope of one match."""
    now = stage.clock.now()
    await ViewRecord.bulk_create(
        ViewRecord(
            kind=ViewKind.DURABLE,
            plugin="rooms",
            view="room",
            key=str(number),
            scope="match:7",
            channel_id=stage.channel_id,
            message_id=SHOWN + number,
            opened_at=now,
        )
        for number in range(many)
    )


@pytest.mark.parametrize(
    "many",
    [2_000, pytest.param(10_000, marks=[pytest.mark.full, pytest.mark.timeout(180)])],
)
async def test_a_match_goes_on_while_very_many_views_end(
    stage: Stage, alice: Persona, bob: Persona, many: int
) -> None:
    """The match's messages reach Discord before most last edits do."""
    edits_made = 0

    def answer(method: str, path: str) -> tuple[int, object] | None:
        nonlocal edits_made
        found = re.fullmatch(r"/channels/(\d+)/messages/(9\d{15})", path)
        if method != "PATCH" or found is None:
            return None
        edits_made += 1
        return 200, {"id": found[2], "channel_id": found[1], "components": []}

    stage.sandbox.intercept(answer)
    await many_rooms(stage, many)
    async with transaction():
        await stage.app.views.owe_scope_end("match:7")
    await eventually(lambda: edits_made, timeout=60)

    table = await paired(stage, alice, bob)
    presses = [await who.press("Confirm") for who in (alice, bob)]
    await alice.sees("The match is on")

    assert [press.failed for press in presses] == [None, None]
    assert edits_made < 1_000
    assert table.room
    # Not until the last edits are made: at the limit of requests those take minutes.
    await eventually(lambda: len(ended()) >= many, timeout=120)
    assert len(ended()) == many
    assert stage.app.views.stats().closed[CloseReason.SCOPE_END] > many - 1
