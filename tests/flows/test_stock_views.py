"""A third party's cog knows nothing of Ladderkeeper, and all that it opens belongs to its plugin
and ends with it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.disnake_private import state_of
from core.models import ViewKind, ViewRecord, ViewState
from core.plugin import PluginState
from core.views import CloseReason
from ladderkeeper.testing import Stage, eventually
from sandbox import Message, Persona
from tests.flows.conftest import set_stage

SAMPLES = Path(__file__).parents[1] / "sample_plugins"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with set_stage(tmp_path, url, enabled=["stocky"], folders=[SAMPLES]) as stage:
        await eventually(stage.commands)
        yield stage


@pytest.fixture
async def alice(stage: Stage) -> Persona:
    return await stage.persona("Alice")


def stocky() -> Any:
    """The cog's module, as the bot has imported it."""
    return sys.modules["ladderkeeper_folder_plugins.stocky.cog"]


@dataclass(frozen=True)
class Way:
    """One way in which the cog shows a view.

    Attributes:
        act: what Alice does.
        text: what she then sees the view on.
        button, answer: what she presses there, and what she is told.
    """

    act: Callable[[Persona], Awaitable[object]]
    text: str
    button: str = "Press"
    answer: str = "stock pressed"


async def nested(alice: Persona) -> None:
    await alice.slash("stocky command")
    await alice.press("Nest")


async def swapped(alice: Persona) -> None:
    await alice.slash("stocky channel")
    await alice.press("Swap")


async def swapped_answer(alice: Persona) -> None:
    await alice.slash("stocky command")
    await alice.press("Swap")


async def swapped_private(alice: Persona) -> None:
    await alice.slash("stocky command", private=True)
    await alice.press("Swap")


async def swapped_private_followup(alice: Persona) -> None:
    await alice.slash("stocky followup", private=True)
    await alice.press("Swap")


async def submitted(alice: Persona) -> None:
    await alice.slash("stocky form")
    await alice.submit(Words="hello")


async def clicked(alice: Persona) -> None:
    await alice.slash("stocky clicks")
    await alice.press("Go")


async def heard(alice: Persona) -> None:
    await alice.slash("stocky buttons")
    await alice.press("Heard")


async def spoken(alice: Persona) -> None:
    assert alice.channel is not None
    await alice.send(alice.channel, "hello")


WAYS = {
    "command": Way(lambda alice: alice.slash("stocky command"), "commanded"),
    "private command": Way(lambda alice: alice.slash("stocky command", private=True), "commanded"),
    "follow-up": Way(lambda alice: alice.slash("stocky followup"), "followed"),
    "private follow-up": Way(
        lambda alice: alice.slash("stocky followup", private=True), "followed"
    ),
    "deferred answer": Way(lambda alice: alice.slash("stocky deferred"), "deferred"),
    "channel": Way(lambda alice: alice.slash("stocky channel"), "channelled"),
    "task": Way(lambda alice: alice.slash("stocky task"), "tasked"),
    "library": Way(lambda alice: alice.slash("stocky library"), "asked"),
    "library's task": Way(lambda alice: alice.slash("stocky library", later=True), "asked"),
    "loop": Way(lambda alice: alice.slash("stocky loop"), "looped"),
    "listener": Way(spoken, "listened"),
    "listener of presses": Way(heard, "heard"),
    "awaited press": Way(clicked, "clicked"),
    "modal": Way(submitted, "form: hello", "Inner", "form pressed"),
    "nested": Way(nested, "nested", "Inner", "nested pressed"),
    "message edited": Way(
        lambda alice: alice.slash("stocky edit"), "edited", "Inner", "edited pressed"
    ),
    "answer edited": Way(
        lambda alice: alice.slash("stocky edit_answer"), "edited", "Inner", "edited pressed"
    ),
    "private answer edited": Way(
        lambda alice: alice.slash("stocky edit_answer", private=True),
        "edited",
        "Inner",
        "edited pressed",
    ),
    "swapped by a press": Way(swapped, "swapped", "Inner", "swapped pressed"),
    "answer swapped": Way(swapped_answer, "swapped", "Inner", "swapped pressed"),
    "private answer swapped": Way(swapped_private, "swapped", "Inner", "swapped pressed"),
    "private follow-up swapped": Way(
        swapped_private_followup, "swapped", "Inner", "swapped pressed"
    ),
}


@pytest.fixture(params=WAYS)
async def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


async def test_it_works_and_belongs_to_its_plugin(stage: Stage, alice: Persona, way: Way) -> None:
    await way.act(alice)
    message = await alice.sees(way.text)

    answer = await alice.press(way.button, message=message)

    assert answer.text == way.answer
    await stage.settled()
    records = await ViewRecord.filter(state=ViewState.OPEN)
    assert {(record.plugin, record.view == "panel", record.kind) for record in records} == {
        ("stocky", True, ViewKind.PERSISTENT),
        ("stocky", False, ViewKind.ADOPTED),
    }
    assert {plugin for plugin, _, _ in stage.app.views.stats().open} == {"stocky"}
    assert stage.app.views.stats().open_total == len(records)
    # Whatever was replaced has made its last edit by now, and not on its successor.
    assert shown(await alice.messages(), message).components


async def test_it_ends_with_its_plugin(stage: Stage, alice: Persona, way: Way) -> None:
    await way.act(alice)
    message = await alice.sees(way.text)
    button = next(b.custom_id for b in message.buttons if b.label == way.button)
    assert button is not None

    await unload(stage)

    await nothing_left(stage)
    assert not shown(await alice.messages(), message).components
    late = await alice.press_stale(message, button, wait=False)
    assert not late.acknowledged, "nobody runs the old code"


@pytest.mark.parametrize(
    "way",
    [
        "message edited",
        "swapped by a press",
        "answer swapped",
        "private answer swapped",
        "private follow-up swapped",
        "answer edited",
        "private answer edited",
    ],
    indirect=True,
)
async def test_what_it_took_the_place_of_has_ended(stage: Stage, alice: Persona, way: Way) -> None:
    await way.act(alice)
    await alice.sees(way.text)

    await eventually(lambda: stage.app.views.stats().closed == {CloseReason.REPLACED: 1})

    await eventually(no_stock_view)


async def test_all_it_opened_ends_at_once(stage: Stage, alice: Persona) -> None:
    """Views, a modal that is being filled in, waiters, loops, tasks and listeners."""
    for way in WAYS.values():
        await way.act(alice)
        await alice.sees(way.text)
    await alice.slash("stocky buttons")
    await alice.slash("stocky waits")
    await alice.slash("stocky form")
    await eventually(lambda: "typing" in waiters(stage))
    assert stage.app.tasks.of("stocky")

    await unload(stage)

    await nothing_left(stage)
    late = await alice.submit(Words="too late", wait=False)
    assert not late.acknowledged
    for message in await alice.messages():
        # Without a view there is nothing to know them by.
        assert message.text in ("old ones", "go?") or not message.components


async def test_what_it_shows_as_it_loads(
    stage: Stage, alice: Persona, monkeypatch: pytest.MonkeyPatch
) -> None:
    await unload(stage)
    monkeypatch.setattr(stocky().StockyCog, "greets", True)

    await load(stage)

    message = await alice.sees("loaded")
    assert (await alice.press("Press", message=message)).text == "stock pressed"
    assert {record.plugin for record in await ViewRecord.all()} == {"stocky"}
    await unload(stage)
    assert not shown(await alice.messages(), message).components


async def test_a_view_without_a_message_hears_every_message(stage: Stage, alice: Persona) -> None:
    await alice.slash("stocky buttons")
    await alice.slash("stocky buttons")
    older, newer = [message for message in await alice.messages() if message.text == "old ones"]

    for message in (older, newer, older):
        assert (await alice.press("Panel", message=message)).text == "panel pressed"

    await stage.settled()
    assert stage.app.views.stats().open == {("stocky", "panel", "none"): 3}, "any, and each pressed"
    await stage.client.delete_message(older.channel_id, older.id)
    await eventually(lambda: stage.app.views.stats().closed == {CloseReason.MESSAGE_DELETED: 1})
    assert (await alice.press("Panel", message=newer)).text == "panel pressed"


async def test_one_view_on_many_messages(stage: Stage, alice: Persona) -> None:
    """Each of them is its own in the records: deleting one leaves the others."""
    await alice.slash("stocky share")
    first = await alice.sees("shared 1")
    second = await alice.sees("shared 2")
    third = await alice.sees("shared 3")
    await stage.settled()

    await stage.client.delete_message(first.channel_id, first.id)

    await eventually(lambda: stage.app.views.stats().closed == {CloseReason.MESSAGE_DELETED: 1})
    for message in (second, third):
        assert (await alice.press("Press", message=message)).text == "shared pressed"
    await unload(stage)
    await nothing_left(stage)
    assert not any(message.components for message in await alice.messages())


@pytest.mark.parametrize("what", ["message", "channel", "thread's parent", "guild"])
async def test_its_place_is_gone(stage: Stage, alice: Persona, what: str) -> None:
    channel = await stage.client.add_channel(str(stage.guild_id), "elsewhere")
    alice.channel = channel.id
    if what == "thread's parent":
        await alice.slash("stocky thread")
        message = await alice.sees("threaded")
    else:
        await alice.slash("stocky command")
        message = await alice.sees("commanded")
    await stage.settled()

    if what == "message":
        await stage.client.delete_message(channel.id, message.id)
    elif what == "guild":
        await stage.client.kick(str(stage.guild_id), stage.bot_user_id)
    else:
        await stage.client.delete_channel(channel.id)

    await eventually(lambda: stage.app.views.stats().open == {("stocky", "panel", "none"): 1})
    await eventually(no_stock_view)


async def test_an_answer_is_edited_when_its_token_has_expired(stage: Stage, alice: Persona) -> None:
    await alice.slash("stocky command")
    message = await alice.sees("commanded")
    await stage.advance(16 * 60)

    await unload(stage)

    assert not shown(await alice.messages(), message).components


@pytest.mark.parametrize("command", ["command", "followup"])
async def test_a_private_one_ends_before_its_token(
    stage: Stage, alice: Persona, command: str
) -> None:
    await alice.slash(f"stocky {command}", private=True)
    message = next(message for message in await alice.messages() if message.components)

    await stage.advance(14 * 60 + 1)

    await eventually(lambda: stage.app.views.stats().closed == {CloseReason.TIMEOUT: 1})
    await eventually(no_stock_view)
    assert not shown(await alice.messages(), message).components


@pytest.mark.parametrize("private", [False, True])
async def test_one_that_redraws_itself_stays_one(
    stage: Stage, alice: Persona, private: bool
) -> None:
    await alice.slash("stocky command", private=private)
    message = await alice.sees("commanded")

    await alice.press("Count", message=message)
    await alice.press("Count on", message=message)

    await stage.settled()
    assert (await alice.press("Press", message=message)).text == "stock pressed"
    assert stage.app.views.stats().opened == 2, "itself and the panel"
    assert stage.app.views.stats().closed_total == 0


@pytest.mark.parametrize("private", [False, True])
async def test_one_that_is_left_and_comes_back(stage: Stage, alice: Persona, private: bool) -> None:
    await alice.slash("stocky command", private=private)
    message = await alice.sees("commanded")

    for opened, button in enumerate(["There", "Back", "There", "Back"], 3):
        await alice.press(button, message=message)
        # Alice is quicker than the answer to the bot's own request.
        await eventually(partial(has_opened, stage, opened))

    await eventually(lambda: stage.app.views.stats().closed == {CloseReason.REPLACED: 4})
    await stage.settled()
    assert (await alice.press("Press", message=message)).text == "stock pressed"
    assert await ViewRecord.filter(view="stock", state=ViewState.OPEN).count() == 1
    await unload(stage)
    assert not shown(await alice.messages(), message).components


@pytest.mark.parametrize("how", ["press", "edit", "edit_components", "edit_answer_away"])
async def test_one_that_is_edited_away(stage: Stage, alice: Persona, how: str) -> None:
    if how == "press":
        await alice.slash("stocky command")
        await alice.press("Away")
    else:
        await alice.slash("stocky gone", how=how)

    await eventually(lambda: stage.app.views.stats().closed == {CloseReason.REPLACED: 1})


async def test_an_edit_that_fails_leaves_it(stage: Stage, alice: Persona) -> None:
    await alice.slash("stocky channel")
    message = await alice.sees("channelled")
    stage.sandbox.intercept(
        lambda method, path: (
            (403, {"code": 50013, "message": "Missing Permissions"})
            if method == "PATCH" and message.id in path
            else None
        )
    )

    await alice.slash("stocky fails", message=message.id)

    assert (await alice.press("Press", message=message)).text == "stock pressed"


async def test_one_that_stops_itself(stage: Stage, alice: Persona) -> None:
    await alice.slash("stocky channel")
    message = await alice.sees("channelled")

    await alice.press("Stop", message=message)

    await eventually(lambda: stage.app.views.stats().closed == {CloseReason.DISMISSED: 1})
    await eventually(no_stock_view)
    assert not shown(await alice.messages(), message).components


async def test_one_that_raises_says_so_to_whoever_pressed(stage: Stage, alice: Persona) -> None:
    await alice.slash("stocky channel")

    answer = await alice.press("Raise")

    assert answer.text.startswith("Something went wrong on our side.")
    assert stage.app.failures.total == {"stocky": 1}


async def no_stock_view() -> bool:
    return not await ViewRecord.filter(view="stock").exists()


def has_opened(stage: Stage, views: int) -> bool:
    return stage.app.views.stats().opened == views


def shown(messages: list[Message], wanted: Message) -> Message:
    return next(message for message in messages if message.id == wanted.id)


async def unload(stage: Stage) -> None:
    config = stage.config()
    plugins = config.plugins.model_copy(update={"enabled": ()})
    await stage.app.host.apply(config.model_copy(update={"plugins": plugins}))
    assert stage.app.host.states["stocky"] is PluginState.DISABLED
    await stage.settled()


async def load(stage: Stage) -> None:
    await stage.app.host.apply(stage.config())
    await stage.advance(1)
    await stage.settled()


async def nothing_left(stage: Stage) -> None:
    """No record, route, waiter, task, listener or modal."""
    assert await ViewRecord.all().count() == 0
    assert stage.app.views.stats().open_total == 0
    assert waiters(stage) == {}
    assert stage.app.tasks.of("stocky") == []
    assert not [task for task in asyncio.all_tasks() if "stocky" in task.get_name()]
    assert not stage.app.bot.cogs
    assert not stage.app.bot.persistent_views
    state: Any = state_of(stage.app.bot)
    assert state._modal_store._modals == {}
    stage.app.views.leaks.check()
    await stage.advance(61)
    assert stage.app.views.leaks.check() == 0


def waiters(stage: Stage) -> dict[str, list[Any]]:
    """Whoever waits for an event."""
    bot: Any = stage.app.bot
    return bot._listeners
