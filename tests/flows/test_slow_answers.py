"""Discord gives an answer three seconds. One that takes longer arrives all the same, whoever gives
it, and as what it was meant to be."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tortoise.backends.base.executor import BaseExecutor

from core.models import ViewRecord, ViewState
from ladderkeeper.testing import Stage, eventually
from sandbox import Exchange, Message, Persona
from tests.flows.conftest import set_stage

SAMPLES = Path(__file__).parents[1] / "sample_plugins"

LOADING = 128
"""The flag of a message that says "thinking"."""

Act = Callable[[], Awaitable[Exchange]]


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    async with set_stage(tmp_path, database_url, enabled=["slow"], folders=[SAMPLES]) as stage:
        slow().pace = slow().Pace()
        yield stage


@pytest.fixture
async def alice(stage: Stage) -> Persona:
    return await stage.persona("Alice")


@pytest.fixture
async def bob(stage: Stage) -> Persona:
    return await stage.persona("Bob")


def slow() -> Any:
    """The plugin's module, as the bot has imported it."""
    return sys.modules["ladderkeeper_folder_plugins.slow"]


async def command(alice: Persona) -> Act:
    return lambda: alice.slash("slow command")


async def context_menu(alice: Persona) -> Act:
    return lambda: alice.user_command("Slow", alice.id)


async def shared_view(alice: Persona) -> Act:
    await alice.slash("slow shared_view")
    return lambda: alice.press("Slow")


async def short_view(alice: Persona) -> Act:
    await alice.slash("slow my_view")
    return lambda: alice.press("Slow")


async def stock_view(alice: Persona) -> Act:
    await alice.slash("slow stock_view")
    return lambda: alice.press("Slow")


async def modal(alice: Persona) -> Act:
    await alice.slash("slow form")
    return alice.submit


async def modal_of_a_press(alice: Persona) -> Act:
    await alice.slash("slow stock_view")
    await alice.press("Fill in")
    return alice.submit


PLACES = [command, context_menu, shared_view, short_view, stock_view, modal, modal_of_a_press]
PRESSES = [shared_view, stock_view, modal_of_a_press]


@pytest.fixture
def answered_late(
    stage: Stage, alice: Persona, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Persona], Awaitable[Act]], str], Awaitable[Exchange]]:
    """What Alice does there is answered, in that way, when Discord has given up waiting."""

    async def answered_late(place: Callable[[Persona], Awaitable[Act]], answer: str) -> Exchange:
        act = await place(alice)
        pace = slow().pace
        pace.answer = answer
        before = await callbacks(stage)
        monkeypatch.setattr("core.answering.ACKNOWLEDGE_AFTER_SECONDS", 0.05)

        doing = asyncio.ensure_future(act())
        await pace.begun.wait()

        async def acknowledged() -> bool:
            return await callbacks(stage) > before

        await eventually(acknowledged)
        monkeypatch.undo()
        await stage.client.advance(4)
        pace.go_on.set()
        exchange = await doing
        assert exchange.failed is None
        return exchange

    return answered_late


Late = Callable[[Callable[[Persona], Awaitable[Act]], str], Awaitable[Exchange]]


async def callbacks(stage: Stage) -> int:
    """How many first answers Discord has had."""
    return len(await stage.client.requests(method="POST", path="/callback", limit=1000))


async def seen(who: Persona) -> list[Message]:
    messages = await who.messages()
    assert not [message for message in messages if message.flags & LOADING]
    return messages


async def texts(who: Persona) -> list[str]:
    return [message.text for message in await seen(who)]


@pytest.mark.parametrize("place", PLACES)
async def test_a_private_answer_reaches_whoever_asked(
    alice: Persona, bob: Persona, answered_late: Late, place: Any
) -> None:
    await answered_late(place, "reply")

    message = await alice.sees("replied")
    assert message.ephemeral
    assert "replied" not in await texts(bob)
    assert (await texts(alice)).count("replied") == 1


@pytest.mark.parametrize("place", [command, *PRESSES])
async def test_a_public_answer_reaches_everybody(
    alice: Persona, bob: Persona, answered_late: Late, place: Any
) -> None:
    await answered_late(place, "public")

    message = await bob.sees("public")
    assert not message.ephemeral
    assert "public" in await texts(alice)


@pytest.mark.parametrize("place", [command, modal, *PRESSES])
async def test_an_error_is_one_sentence(
    stage: Stage, alice: Persona, answered_late: Late, place: Any
) -> None:
    await answered_late(place, "raises")

    message = await alice.sees("Something went wrong on our side.")
    assert message.ephemeral
    assert stage.app.failures.total == {"slow": 1}


@pytest.mark.parametrize("place", [command, stock_view])
@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("private", "private"),
        ("send", "sent"),
        ("file", "with file"),
        ("edited", "edited at last"),
        ("deleted", "left"),
        ("read", "said at first"),
        ("deferred", "deferred"),
        ("deferred in private", "deferred"),
        ("refuses", "Not today."),
    ],
)
async def test_whatever_disnake_offers_works(
    alice: Persona, bob: Persona, answered_late: Late, place: Any, answer: str, text: str
) -> None:
    await answered_late(place, answer)

    message = await alice.sees(text)
    assert message.ephemeral == (answer in ("private", "deferred in private", "refuses"))
    said = await texts(alice)
    assert message.ephemeral or message.text in await texts(bob)
    assert ("at first" in said) == (answer == "read")
    assert (place is stock_view) == ("stock" in said), "the message pressed stays what it was"


@pytest.mark.parametrize("place", PRESSES)
async def test_the_message_pressed_is_updated(
    alice: Persona, bob: Persona, answered_late: Late, place: Any
) -> None:
    await answered_late(place, "update")

    message = await bob.sees("updated")
    assert await texts(bob) == ["updated"]
    assert (await alice.press("Later", message=message)).text == "heard"


@pytest.mark.parametrize("place", [command, modal_of_a_press])
async def test_a_view_in_it_is_known_where_it_is(
    stage: Stage, alice: Persona, answered_late: Late, place: Any
) -> None:
    await answered_late(place, "view")
    message = await alice.sees("with view")

    assert (await alice.press("Later", message=message)).text == "heard"

    await stage.settled()
    record = await ViewRecord.get(view="later", state=ViewState.OPEN)
    assert str(record.message_id) == message.id
    await stage.app.views.shutdown()
    await stage.settled()
    assert not next(m for m in await alice.messages() if m.id == message.id).components


@pytest.mark.parametrize("place", [command, shared_view, short_view, stock_view])
async def test_a_modal_opens_no_more_and_alice_is_asked_to_try_again(
    stage: Stage, alice: Persona, answered_late: Late, place: Any
) -> None:
    await answered_late(place, "modal")

    message = await alice.sees("That took too long just now. Please try again.")
    assert message.ephemeral
    assert not stage.app.failures.total


@pytest.mark.parametrize("place", [command, modal])
async def test_nothing_thinks_on_when_there_is_no_answer(
    alice: Persona,
    answered_late: Late,
    monkeypatch: pytest.MonkeyPatch,
    bot_log: list[str],
    place: Any,
) -> None:
    doing = asyncio.ensure_future(answered_late(place, "nothing"))

    async def nobody_thinks() -> bool:
        return slow().pace.go_on.is_set() and not await alice.messages()

    await eventually(nobody_thinks)
    monkeypatch.setattr("core.answering.UNANSWERED_SECONDS", 0.05)
    await eventually(lambda: unanswered(bot_log))
    doing.cancel()


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (command, "/slow command"),
        (context_menu, "/Slow"),
        (stock_view, "the handler of "),
        (modal, "the handler of "),
    ],
)
async def test_the_log_names_what_ends_without_an_answer(
    alice: Persona, monkeypatch: pytest.MonkeyPatch, bot_log: list[str], place: Any, name: str
) -> None:
    act = await place(alice)
    monkeypatch.setattr("core.answering.UNANSWERED_SECONDS", 0.05)
    slow().pace.go_on.set()
    slow().pace.answer = "in a task"
    await act()

    act = await place(alice)
    slow().pace.answer = "nothing"
    doing = asyncio.ensure_future(act())

    await eventually(lambda: unanswered(bot_log))
    doing.cancel()
    (line,) = unanswered(bot_log)
    assert line.startswith(f"[slow] {name}")


def unanswered(log: list[str]) -> list[str]:
    return [line for line in log if "ended without answering" in line]


async def test_a_database_that_is_slow_to_say_what_was_pressed(
    stage: Stage, alice: Persona, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = await shared_view(alice)
    before = await callbacks(stage)
    slow().pace.go_on.set()
    executor: Any = BaseExecutor
    select = executor.execute_select
    reads = asyncio.Event()

    async def slow_select(*query: Any, **options: Any) -> Any:
        await reads.wait()
        return await select(*query, **options)

    monkeypatch.setattr(executor, "execute_select", slow_select)
    monkeypatch.setattr("core.answering.ACKNOWLEDGE_AFTER_SECONDS", 0.05)

    await press()
    assert await callbacks(stage) == before + 1
    await stage.client.advance(4)
    reads.set()

    assert (await alice.sees("replied")).ephemeral


@pytest.mark.parametrize("place", [command, shared_view, short_view])
async def test_an_answer_while_it_is_being_acknowledged(
    stage: Stage, alice: Persona, monkeypatch: pytest.MonkeyPatch, place: Any
) -> None:
    """Discord takes one first answer: it has the acknowledgement, though it has not said so."""
    act = await place(alice)
    monkeypatch.setattr("core.answering.ACKNOWLEDGE_AFTER_SECONDS", 0.05)
    await stage.fault("delay", path="/callback", seconds=0.3)

    def on_its_way(method: str, path: str) -> None:
        if path.endswith("/callback"):
            slow().pace.go_on.set()

    stage.sandbox.intercept(on_its_way)
    await act()

    assert (await alice.sees("replied")).ephemeral


async def test_an_answer_on_its_way_is_not_acknowledged(
    stage: Stage, alice: Persona, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.answering.ACKNOWLEDGE_AFTER_SECONDS", 0.05)
    await stage.fault("delay", path="/callback", seconds=0.3)
    slow().pace.go_on.set()

    answer = await alice.slash("slow command")

    assert answer.text == "replied"
    assert await callbacks(stage) == 1
