"""The leak audit: a closed view that something still holds is found once, and its holder named."""

import gc
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import disnake
import pytest
from loguru import logger

from core.clock import MovableClock
from core.models import ViewKind
from core.views.leaks import LeakAudit
from core.views.live import LiveView
from core.views.statistics import Counters
from ladderkeeper.testing import eventually
from tests.core.views.houses import our_house

CALLBACKS: list[Callable[[], Awaitable[None]]] = []
"""The predecessor's leak: who is to be told of a change, by bound methods."""

OPEN_VIEWS: dict[int, disnake.ui.View] = {}
"""Its other one."""

MODULE = re.escape(__name__)


class MatchView(disnake.ui.View):
    """A view as the predecessor had hundreds of."""

    @disnake.ui.button(label="Confirm")  # pyright: ignore[reportUnknownMemberType]
    async def confirm(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        del inter

    async def redraw(self) -> None:
        """What its callback list held."""


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    yield
    CALLBACKS.clear()
    OPEN_VIEWS.clear()


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Each line about a leak, with the plugin it is filed under."""
    lines: list[str] = []
    sink = logger.add(
        lines.append,
        format="[{extra[plugin]}] {message}",
        filter=lambda record: record["message"].startswith("leak:"),
    )
    yield lines
    logger.remove(sink)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def counters() -> Counters:
    return Counters()


@pytest.fixture
def audit(clock: MovableClock, counters: Counters) -> LeakAudit:
    return LeakAudit(clock, counters)


def closed(audit: LeakAudit, view: disnake.ui.View, scope: str | None = "match:175") -> None:
    """Have a view of the queue watched, as the supervisor does at its end."""
    view.stop()
    live = LiveView(view, kind=ViewKind.ADOPTED, plugin="queue", name="match", scope=scope)
    audit.closed(live)


def held_by_callbacks(view: MatchView) -> None:
    CALLBACKS.append(view.redraw)


def held_by_dictionary(view: MatchView) -> None:
    OPEN_VIEWS[175] = view


@pytest.mark.parametrize(
    ("hold", "chain"),
    [
        (
            held_by_callbacks,
            rf"module {MODULE}\.CALLBACKS -> list -> bound method MatchView\.redraw -> MatchView",
        ),
        (held_by_dictionary, rf"module {MODULE}\.OPEN_VIEWS -> dict\['175'\] -> MatchView"),
    ],
)
async def test_the_leaks_of_the_predecessor(
    audit: LeakAudit,
    counters: Counters,
    clock: MovableClock,
    log: list[str],
    hold: Callable[[MatchView], None],
    chain: str,
) -> None:
    view = MatchView(timeout=None)
    hold(view)
    closed(audit, view)
    del view

    clock.advance(61)
    assert audit.check() == 1

    assert len(log) == 1
    assert re.fullmatch(
        rf"\[queue\] leak: plugin queue still holds a {MODULE}\.MatchView closed 6[1-9] s ago"
        rf" \(scope match:175\): {chain}\n",
        log[0],
    ), log[0]
    assert counters.leaked == 1


async def test_each_is_reported_once_and_counted_while_it_lasts(
    audit: LeakAudit, counters: Counters, clock: MovableClock, log: list[str]
) -> None:
    held_by_dictionary(view := MatchView(timeout=None))
    closed(audit, view)
    del view

    for _ in range(3):
        clock.advance(61)
        assert audit.check() == 1
    assert len(log) == 1

    OPEN_VIEWS.clear()
    gc.collect()
    assert audit.check() == 0
    assert counters.leaked == 0


async def test_one_that_is_let_go_is_not_reported(
    audit: LeakAudit, clock: MovableClock, log: list[str]
) -> None:
    closed(audit, MatchView(timeout=None))  # in a cycle of its own, which a collection breaks

    clock.advance(61)

    assert audit.check() == 0
    assert not log


async def test_one_may_be_held_for_a_minute(
    audit: LeakAudit, clock: MovableClock, log: list[str]
) -> None:
    held_by_dictionary(view := MatchView(timeout=None))
    closed(audit, view)
    del view

    clock.advance(55)
    assert audit.check() == 0
    assert not log

    clock.advance(6)
    assert audit.check() == 1
    assert len(log) == 1


async def test_nobody_is_held_up_by_a_collection_without_a_suspect(
    audit: LeakAudit, clock: MovableClock
) -> None:
    """At a thousand closes a second a collection each would stop the bot."""
    collections: list[str] = []

    def collected(phase: str, _: dict[str, int]) -> None:
        collections.append(phase)

    gc.disable()
    gc.callbacks.append(collected)
    try:
        for _ in range(100):
            closed(audit, MatchView(timeout=None))
            clock.advance(0.1)
            audit.check()
        assert not collections

        clock.advance(61)
        audit.check()
        assert collections == ["start", "stop"], "one for all of them"
    finally:
        gc.callbacks.remove(collected)
        gc.enable()


async def test_of_many_alike_one_tells_the_chain(
    audit: LeakAudit, clock: MovableClock, log: list[str]
) -> None:
    for number in range(20):
        OPEN_VIEWS[number] = MatchView(timeout=None)
        closed(audit, OPEN_VIEWS[number], scope=f"match:{number}")

    clock.advance(61)
    assert audit.check() == 20

    assert len(log) == 20
    assert sum("OPEN_VIEWS" in line for line in log) == 1
    assert sum("held like others" in line for line in log) == 19


async def test_at_the_end_of_the_process_there_is_no_grace(
    audit: LeakAudit, log: list[str]
) -> None:
    held_by_dictionary(view := MatchView(timeout=None))
    closed(audit, view)
    del view

    assert audit.check(grace=timedelta()) == 1
    assert len(log) == 1


async def test_a_running_bot_looks_every_minute(tmp_path: Path, log: list[str]) -> None:
    async with our_house(tmp_path) as house:
        assert house.stage is not None
        stage = house.stage
        held_by_callbacks(view := MatchView(timeout=None))
        await house.channel().send("leaked", view=view)
        view.stop()
        await eventually(lambda: stage.app.views.stats().open_total == 1, timeout=10)
        await stage.settled()
        del view

        async def reported() -> bool:
            stage.clock.advance(61)
            return bool(log)

        await eventually(reported)

        assert stage.app.views.stats().leaked == 1
        assert "CALLBACKS -> list -> bound method MatchView.redraw" in log[0]
