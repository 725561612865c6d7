"""Ways of third parties' cogs that leave dead buttons, or somebody waiting for ever, elsewhere."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from loguru import logger

from core.models import ViewKind, ViewRecord, ViewState
from core.views import CloseReason
from ladderkeeper.testing import Stage, eventually
from sandbox import Message, Persona
from tests.flows.conftest import set_stage
from tests.flows.test_stock_views import SAMPLES, load, nothing_left, shown, unload
from tests.flows.test_views import database_of


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with set_stage(tmp_path, url, enabled=["stocky"], folders=[SAMPLES]) as stage:
        await eventually(stage.commands)
        yield stage


@pytest.fixture
async def alice(stage: Stage) -> Persona:
    return await stage.persona("Alice")


@pytest.fixture
def warnings() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}", level="WARNING")
    yield lines
    logger.remove(sink)


def newest_stock() -> Any:
    """The view that the cog has just shown."""
    views = sys.modules["ladderkeeper_folder_plugins.stocky.views"]
    [view] = [v for v in views.born if type(v).__name__ == "Stock" and not v.is_finished()]
    return view


# -- stopped, and then shown ---------------------------------------------------------------


@pytest.mark.parametrize("how", ["answer", "answer edited", "follow-up", "channel", "edit"])
async def test_a_view_that_was_stopped_is_shown_disabled(
    stage: Stage, alice: Persona, warnings: list[str], how: str
) -> None:
    await alice.slash("stocky stopped", how=how)

    message = await alice.sees("stopped before")

    assert message.buttons
    assert all(button.disabled for button in message.buttons)
    assert [line for line in warnings if "stocky shows a" in line and "views.Stock" in line]
    await eventually(lambda: stage.app.views.stats().open_total == 1, timeout=10)


async def test_one_that_its_author_disabled_is_no_mistake(
    alice: Persona, warnings: list[str]
) -> None:
    await alice.slash("stocky darkened")

    await alice.sees("darkened")

    assert not warnings


# -- added without a message ---------------------------------------------------------------


async def panels(alice: Persona, count: int) -> list[Message]:
    """Messages whose buttons reach a view that was added to the bot."""
    for _ in range(count):
        await alice.slash("stocky buttons")
    return [message for message in await alice.messages() if message.text == "old ones"]


async def test_its_messages_end_with_its_plugin(stage: Stage, alice: Persona) -> None:
    """Those that were pressed at once, the others at the next press."""
    known, unknown = await panels(alice, 2)
    await alice.press("Panel", message=known)

    await unload(stage)

    await nothing_left(stage)
    assert not shown(await alice.messages(), known).components
    await alice.press("Panel", message=unknown)
    await alice.sees("This has ended")
    assert not shown(await alice.messages(), unknown).components


async def test_it_is_heard_again_when_its_plugin_is_back(stage: Stage, alice: Persona) -> None:
    [panel] = await panels(alice, 1)
    await unload(stage)

    await load(stage)

    assert (await alice.press("Panel", message=panel)).text == "panel pressed"


@pytest.mark.parametrize("crash", [False, True])
async def test_its_messages_outlive_the_process(stage: Stage, alice: Persona, crash: bool) -> None:
    """That is what its author adds it at each start for."""
    [panel] = await panels(alice, 1)
    await alice.press("Panel", message=panel)
    await stage.settled()
    record = await ViewRecord.get(message_id=int(panel.id), kind=ViewKind.PERSISTENT)
    await stage.stop()
    if crash:
        async with database_of(stage):
            await ViewRecord.create(
                kind=record.kind,
                plugin=record.plugin,
                view=record.view,
                key=record.key,
                channel_id=record.channel_id,
                message_id=record.message_id,
                process="main",
                opened_at=record.opened_at,
            )

    await stage.start()
    await stage.settled()

    assert (await alice.press("Panel", message=panel)).text == "panel pressed"
    assert await ViewRecord.filter(message_id=int(panel.id), state=ViewState.OPEN).count() == 1


# -- another in its place ------------------------------------------------------------------


async def test_nobody_waits_for_one_that_was_replaced(stage: Stage, alice: Persona) -> None:
    await alice.slash("stocky channel")
    await alice.sees("channelled")
    view = newest_stock()
    waiting = asyncio.ensure_future(view.wait())

    await alice.press("Swap")

    assert not await asyncio.wait_for(waiting, 5)
    await eventually(lambda: stage.app.views.stats().closed == {CloseReason.REPLACED: 1})


async def test_one_that_came_back_is_waited_for_again(stage: Stage, alice: Persona) -> None:
    await alice.slash("stocky channel")
    message = await alice.sees("channelled")
    view = newest_stock()
    await alice.press("There", message=message)
    await alice.press("Back", message=message)
    await eventually(lambda: not view.is_finished())
    waiting = asyncio.ensure_future(view.wait())

    await stage.settled()
    assert not waiting.done()
    await stage.advance(17 * 60)
    assert stage.app.views.leaks.check() == 0

    await alice.press("Stop", message=message)
    assert not await asyncio.wait_for(waiting, 5)


async def test_one_that_was_replaced_and_is_held_is_a_leak(
    stage: Stage, alice: Persona, warnings: list[str]
) -> None:
    await alice.slash("stocky channel")
    await alice.sees("channelled")
    held = newest_stock()
    await alice.press("Swap")
    await eventually(lambda: stage.app.views.stats().closed == {CloseReason.REPLACED: 1})
    await stage.settled()

    await stage.advance(61)
    assert stage.app.views.leaks.check() == 0, "a menu may lead back to it"
    await stage.advance(15 * 60)
    assert stage.app.views.leaks.check() == 1

    assert held.is_finished()
    assert [line for line in warnings if line.startswith("leak: plugin stocky still holds a")]


# -- pressed before Discord has answered ---------------------------------------------------


class Late:
    """A request whose answer arrives late."""

    def __init__(self, request: Any, until: asyncio.Event) -> None:
        self._request = request
        self._until = until

    async def __aenter__(self) -> aiohttp.ClientResponse:
        response: aiohttp.ClientResponse = await self._request.__aenter__()
        await self._until.wait()
        return response

    async def __aexit__(self, *error: object) -> None:
        await self._request.__aexit__(*error)


@pytest.mark.parametrize("where", ["channel", "edit", "answer"])
async def test_a_press_before_the_answer_to_the_sending(
    stage: Stage, alice: Persona, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    http: Any = stage.app.bot.http
    session: aiohttp.ClientSession = http._HTTPClient__session
    answer = asyncio.Event()
    late: list[str] = []

    def request(method: str, url: str, **options: Any) -> Any:
        sent = aiohttp.ClientSession.request(session, method, url, **options)
        body = str(options.get("data") or options.get("json"))
        wanted = {"channel": "channelled", "edit": "edited", "answer": "commanded"}[where]
        if wanted in body and not late:
            late.append(url)
            return Late(sent, answer)
        return sent

    monkeypatch.setattr(session, "request", request)
    command = {"channel": "channel", "edit": "edit", "answer": "command"}[where]
    shows = asyncio.ensure_future(alice.slash(f"stocky {command}", wait=False))
    text = {"channel": "channelled", "edit": "edited", "answer": "commanded"}[where]
    message = await alice.sees(text)
    button = "Inner" if where == "edit" else "Press"

    pressing = asyncio.ensure_future(alice.press(button, message=message))
    await eventually(lambda: pressed(stage))
    assert not pressing.done()
    answer.set()

    assert (await pressing).text == ("edited pressed" if where == "edit" else "stock pressed")
    assert late
    await shows


async def pressed(stage: Stage) -> bool:
    """The press has arrived at the bot."""
    router: Any = stage.app.views
    return bool(router._router._tasks)
