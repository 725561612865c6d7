"""What is said of views: a line for each that has ended, and figures of all."""

import asyncio
import re

import pytest

from core.models import ViewRecord, ViewState
from core.views import CloseReason
from ladderkeeper.playing import report
from ladderkeeper.testing import Stage, eventually
from sandbox import Persona
from tests.flows.conftest import paired
from tests.flows.view_ends.rooms import closed_lines, none_left, room


async def test_a_match_leaves_a_line_for_each_view_it_opened(
    stage: Stage, alice: Persona, bob: Persona, log: list[str]
) -> None:
    table = await paired(stage, alice, bob)
    await alice.press("Confirm")
    await bob.press("Confirm")
    await alice.sees("The match is on")
    await report(alice, "I won")
    await report(bob, "I lost")
    await bob.sees("Alice won against Bob")

    await eventually(none_left)

    figures = stage.app.views.stats()
    assert figures.opened == figures.closed_total > 0
    # The row of the last one is gone before its line is written.
    await eventually(lambda: len(closed_lines(log)) >= figures.opened)
    assert len(closed_lines(log)) == figures.opened
    assert table.room
    for line in closed_lines(log):
        assert re.fullmatch(
            r"view closed: view=queue\.\w+ key=\S+ scope=(match|queue):\S+ reason=\w+"
            r" age=\d+s edit=.+\n",
            line,
        )


async def test_statistics(stage: Stage, alice: Persona) -> None:
    views = stage.app.views
    assert await views.oldest() is None

    first = await room(alice, "a", scope="match:1")
    await stage.advance(100)
    await room(alice, "b", scope="match:1")
    await room(alice, "c", scope="match:2")
    await room(alice, "d")

    figures = views.stats()
    assert figures.open == {("rooms", "room", "match"): 3, ("rooms", "room", "none"): 1}
    assert figures.scopes == {"match": 2}
    assert (figures.open_total, figures.opened, figures.closed_total) == (4, 4, 0)
    assert figures.channels == 1
    assert await views.oldest() == first.opened_at

    await views.close_scope("match:1")
    await views.close(await id_of("d"), CloseReason.ERROR)

    figures = views.stats()
    assert figures.open == {("rooms", "room", "match"): 1}
    assert figures.closed == {CloseReason.SCOPE_END: 2, CloseReason.ERROR: 1}
    assert figures.scopes == {"match": 1}
    oldest = await views.oldest()
    assert oldest is not None
    assert oldest > first.opened_at
    assert (figures.hook_failures, figures.last_edit_failures, figures.leaked) == (0, 0, 0)


async def id_of(key: str) -> int:
    return (await ViewRecord.get(key=key, state=ViewState.OPEN)).id


async def test_statistics_survive_a_restart(stage: Stage, alice: Persona) -> None:
    await room(alice, "a", scope="match:1")
    before = stage.app.views.stats()

    await stage.stop()
    await stage.start()

    after = stage.app.views.stats()
    assert (after.open, after.scopes, after.channels) == (
        before.open,
        before.scopes,
        before.channels,
    )


async def test_watching(stage: Stage, alice: Persona) -> None:
    with stage.app.views.watch() as feed:
        record = await room(alice, "a", scope="match:1")
        opened = await feed.next()
        await stage.app.views.close(record.id, CloseReason.DISMISSED)
        closed = await feed.next()
    await room(alice, "b")

    assert (opened.view, opened.key, opened.scope, opened.reason) == ("room", "a", "match:1", None)
    assert (closed.key, closed.reason) == ("a", CloseReason.DISMISSED)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(feed.next(), 0)
