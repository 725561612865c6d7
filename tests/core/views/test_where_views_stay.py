"""Where stock disnake leaves views behind, or leads a press astray: each situation once on stock
disnake, which shows that it still does, and once on ours.

Read and measured on disnake 2.12.2. When a test fails on "stock", disnake has mended it, and
something of ours may go.
"""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import disnake
import pytest

from core.disnake_private import state_of
from core.models import ViewRecord
from ladderkeeper.testing import eventually
from sandbox import Message
from tests.core.views.houses import House, our_house, stock_house


@pytest.fixture(params=["stock", "ours"])
async def house(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    opened = stock_house(monkeypatch) if request.param == "stock" else our_house(tmp_path)
    async with opened as house:
        house.views.born.clear()
        yield house


async def test_a_view_that_timed_out(house: House) -> None:
    view = house.views.Inner("late", timeout=0.05)
    await house.channel().send("short", view=view)

    if house.stage is not None:
        await house.stage.advance(1)
    await eventually(view.is_finished)
    del view

    await house.expect("Inner", stock=1)


async def test_remove_view(house: House) -> None:
    view = house.views.Stock()
    await house.channel().send("removed", view=view)

    house.store.remove_view(view)
    del view

    await house.expect("Stock", stock=1)


async def test_stop_frees_at_the_next_add_only(house: House) -> None:
    view = house.views.Stock()
    await house.channel().send("stopped", view=view)

    view.stop()
    del view

    await house.expect("Stock", stock=1)
    await house.channel().send("another", view=house.views.Inner("another"))
    assert house.left("Stock") == 0


@pytest.mark.parametrize("timeout", [None, 0])
@pytest.mark.parametrize("what", ["message", "channel"])
async def test_its_message_or_channel_is_deleted(
    house: House, what: str, timeout: float | None
) -> None:
    """A timeout of 0 starts no timer."""
    made = await house.client.add_channel(house.guild_id, "elsewhere")
    await eventually(lambda: house.bot.get_channel(int(made.id)))
    message = await house.channel(made.id).send("gone", view=house.views.Stock(timeout=timeout))
    event = {"message": "raw_message_delete", "channel": "guild_channel_delete"}[what]
    seen = asyncio.ensure_future(house.bot.wait_for(event))

    if what == "message":
        await house.client.delete_message(made.id, str(message.id))
    else:
        await house.client.delete_channel(made.id)
    await seen

    await house.expect("Stock", stock=1)


@pytest.mark.parametrize("other", [False, True])
async def test_it_is_edited_away(house: House, other: bool) -> None:
    view = house.views.Stock()
    message = await house.channel().send("first", view=view)
    waiting = asyncio.ensure_future(view.wait())
    del view

    await message.edit("second", view=house.views.Inner("second") if other else None)

    await asyncio.sleep(0)
    assert waiting.done() == (house.kind == "ours")
    waiting.cancel()
    del waiting
    await house.expect("Stock", stock=1)


async def test_its_components_are_edited_away(house: House) -> None:
    message = await house.channel().send("first", view=house.views.Stock())

    await message.edit("second", components=None)

    await house.expect("Stock", stock=1)
    assert house.store.is_message_tracked(message.id) == (house.kind == "stock")


async def test_an_answer_is_edited_away(house: House) -> None:
    await house.alice.slash("stocky deferred")
    message = await house.alice.sees("deferred")
    assert house.store.is_message_tracked(int(message.id))

    await house.alice.press("Unsay", message=message)

    await eventually(lambda: without_components(house, message))
    await house.expect("Stock", stock=1)
    assert house.store.is_message_tracked(int(message.id)) == (house.kind == "stock")


async def without_components(house: House, message: Message) -> bool:
    return not next(m for m in await house.alice.messages() if m.id == message.id).components


async def test_a_stopped_view_is_sent(house: House) -> None:
    view = house.views.Stock()
    view.stop()
    await house.channel().send("stopped before", view=view)
    del view

    message = await house.alice.sees("stopped before")
    assert [button.disabled for button in message.buttons].count(True) == (
        0 if house.kind == "stock" else len(message.buttons)
    )
    await house.channel().send("another", view=house.views.Inner("another"))

    await house.expect("Stock", stock=1)


async def test_clearing_its_items_breaks_no_cycle(house: House) -> None:
    """Each item holds its view, twice; without a collection a view stays."""
    gc.collect()
    gc.disable()
    try:
        view = house.views.Stock()
        await house.channel().send("cycles", view=view)

        view.stop()
        if house.kind == "stock":
            view.clear_items()
        del view
        await house.channel().send("another", view=house.views.Inner("another"))

        await house.expect("Stock", stock=1, collect=False)
    finally:
        gc.enable()


async def test_a_refused_press_puts_the_end_off(house: House) -> None:
    view = house.views.Guarded(timeout=60)
    await house.channel().send("guarded", view=view)
    before = await idle_end(house, view)

    answer = await house.alice.press("Guarded")

    assert answer.text == "not for you"
    await eventually(lambda: view.refused == 1)
    if house.kind == "stock":
        assert await idle_end(house, view) > before
    else:
        assert await idle_end(house, view) == before


async def idle_end(house: House, view: Any) -> Any:
    """When the view would time out, on whichever clock."""
    if house.kind == "stock":
        return view._View__timeout_expiry

    async def deadline() -> Any:
        record = await ViewRecord.get_or_none(view="guarded")
        return record and record.idle_deadline

    return await eventually(deadline)


async def test_its_cog_is_removed(house: House) -> None:
    """On stock disnake the old message goes on running the old code."""
    await house.alice.slash("stocky channel")
    message = await house.alice.sees("channelled")
    button = str(message.buttons[0].custom_id)

    await house.unload()

    late = await house.alice.press_stale(message, button, wait=house.kind == "stock")
    assert late.text == ("stock pressed" if house.kind == "stock" else "")
    await house.expect("Stock", stock=1)


async def test_the_bot_is_closed(house: House) -> None:
    await house.alice.slash("stocky channel")
    message = await house.alice.sees("channelled")

    await house.close()

    await house.expect("Stock", stock=1)
    assert await without_components(house, message) == (house.kind == "ours")


@pytest.mark.parametrize("how", ["cancelled", "cancelled at once", "timed out"])
@pytest.mark.filterwarnings("ignore:coroutine 'wait_for' was never awaited")
async def test_a_wait_has_ended(house: House, how: str) -> None:
    if how != "timed out":
        waiting = asyncio.ensure_future(house.bot.wait_for("typing"))
        if how == "cancelled":
            await eventually(lambda: "typing" in house.waiters)
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    else:
        with pytest.raises(asyncio.TimeoutError):
            await house.bot.wait_for("typing", timeout=0.01)

    assert ("typing" in house.waiters) == (house.kind == "stock")


async def test_the_cog_of_a_wait_is_removed(house: House) -> None:
    await house.alice.slash("stocky waits")
    await eventually(lambda: "typing" in house.waiters)

    await house.unload()

    assert ("typing" in house.waiters) == (house.kind == "stock")
    for task in asyncio.all_tasks():
        if "application_command" in task.get_name():
            task.cancel()


async def test_the_cog_of_a_modal_is_removed(house: House) -> None:
    await house.alice.slash("stocky form")

    await house.unload()

    late = await house.alice.submit(Words="late", wait=house.kind == "stock")
    assert late.text == ("form: late" if house.kind == "stock" else "")


async def test_two_views_with_one_custom_id(house: House) -> None:
    """Stock disnake stores an answer without its message, so that the newest hears all presses."""
    await house.alice.slash("stocky inner", says="first")
    await house.alice.slash("stocky inner", says="second")
    first = await house.alice.sees("inner first")

    answer = await house.alice.press("Inner", message=first)

    assert answer.text == ("second" if house.kind == "stock" else "first")


async def test_one_select_chosen_from_twice_at_once(house: House) -> None:
    """Stock disnake reads the values when the press arrives, into the item that all share."""
    chosen: list[str] = []

    class Shared(disnake.ui.View):
        @disnake.ui.string_select(placeholder="Menu", custom_id="shared", options=["one", "two"])  # pyright: ignore[reportUnknownMemberType]
        async def menu(
            self, select: "disnake.ui.StringSelect[Any]", inter: disnake.MessageInteraction[Any]
        ) -> None:
            chosen.extend(select.values)

    await house.channel().send("menu", view=Shared(timeout=None))
    await house.alice.select("Menu", "one", wait=False)
    await eventually(lambda: chosen == ["one"])
    [event] = await house.client.events(event="INTERACTION_CREATE")
    chosen.clear()

    for number, value in enumerate(("one", "two"), 1):
        data = json.loads(event["data"])
        data["id"] = str(int(data["id"]) + number)
        data["data"]["values"] = [value]
        house.store.dispatch(disnake.MessageInteraction(data=data, state=state_of(house.bot)))

    await eventually(lambda: len(chosen) == 2)
    assert chosen == (["two", "two"] if house.kind == "stock" else ["one", "two"])


async def test_its_on_timeout_raises(house: House, recwarn: pytest.WarningsRecorder) -> None:
    """Stock disnake leaves it to the garbage collector to say so, of nobody in particular."""
    unretrieved: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: unretrieved.append(told))

    class Failing(disnake.ui.View):
        async def on_timeout(self) -> None:
            raise RuntimeError("raised on purpose in on_timeout")

    view = Failing(timeout=0.05)
    view.add_item(disnake.ui.Button(label="Failing"))
    await house.channel().send("failing", view=view)

    if house.stage is None:
        await eventually(lambda: gc.collect() >= 0 and unretrieved)
        assert "never retrieved" in unretrieved[0]["message"]
    else:
        await house.stage.advance(1)
        await eventually(lambda: house.stage and house.stage.app.views.stats().hook_failures)
        await eventually(view.is_finished)
        assert not unretrieved
