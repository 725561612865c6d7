"""Every view ends, whatever comes at the same moment, and its buttons go, whatever Discord says."""

import asyncio
import itertools
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import disnake
import pytest
from loguru import logger

from core.db import transaction
from core.disnake_private import check
from core.errors import LadderkeeperError
from core.models import ViewKind, ViewRecord, ViewState
from core.views import CloseReason, Closing
from core.views.adoption import UnownedView
from ladderkeeper.testing import Stage, eventually
from sandbox import Message, Persona
from tests.flows.conftest import SLOW_WAVES, paired, set_stage

SAMPLES = Path(__file__).parents[1] / "sample_plugins"

Answer = tuple[int, object] | None


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    async with set_stage(
        tmp_path,
        database_url,
        enabled=["queue", "rooms"],
        sections={"queue": SLOW_WAVES},
        folders=[SAMPLES],
    ) as stage:
        rooms().gates = rooms().Gates()
        await eventually(stage.commands)
        yield stage
        rooms().gates.press.set()
        rooms().gates.hook.set()


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Every line that is logged from INFO on."""
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}", level="INFO")
    yield lines
    logger.remove(sink)


def rooms() -> Any:
    """The plugin's module, as the bot has imported it."""
    return sys.modules["ladderkeeper_folder_plugins.rooms"]


def reasons() -> list[CloseReason]:
    ended: list[Closing] = rooms().gates.ended
    return [closing.reason for closing in ended]


async def room(alice: Persona, key: str = "a", **options: Any) -> ViewRecord:
    """An open room whose message is known."""
    await alice.slash("room", key=key, **options)
    await alice.sees(f"room {key}")
    await eventually(lambda: located(key))
    return await ViewRecord.get(key=key, state=ViewState.OPEN)


async def located(key: str) -> bool:
    return await ViewRecord.exists(key=key, state=ViewState.OPEN, message_id__not_isnull=True)


async def message_of(persona: Persona, record: ViewRecord) -> Message:
    return next(m for m in await persona.messages() if m.id == str(record.message_id))


async def none_left() -> bool:
    return not await ViewRecord.exists()


async def closing(record: ViewRecord) -> bool:
    found = await ViewRecord.get_or_none(id=record.id)
    return found is None or found.state is not ViewState.OPEN


# -- at the same instant -------------------------------------------------------------------


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


def custom_id(action: str, key: str = "a") -> str:
    return f"lk1:rooms.room:{key}:{action}"


MANY = 2_000


# -- very many -----------------------------------------------------------------------------


async def test_a_match_goes_on_while_very_many_views_end(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    """The match's messages reach Discord before most last edits do."""
    edits = itertools.count()
    edits_made = 0

    def answer(method: str, path: str) -> Answer:
        nonlocal edits_made
        found = re.fullmatch(r"/channels/(\d+)/messages/(9\d{15})", path)
        if method != "PATCH" or found is None:
            return None
        edits_made = next(edits) + 1
        return 200, {"id": found[2], "channel_id": found[1], "components": []}

    stage.sandbox.intercept(answer)
    now = stage.clock.now()
    await ViewRecord.bulk_create(
        ViewRecord(
            kind=ViewKind.DURABLE,
            plugin="rooms",
            view="room",
            key=str(number),
            scope="match:7",
            channel_id=stage.channel_id,
            message_id=9_000_000_000_000_000 + number,
            opened_at=now,
        )
        for number in range(MANY)
    )
    async with transaction():
        await stage.app.views.owe_scope_end("match:7")
    await eventually(lambda: edits_made, seconds=60)

    table = await paired(stage, alice, bob)
    await alice.press("Confirm")
    await bob.press("Confirm")
    await alice.sees("The match is on")

    assert edits_made < MANY / 2
    assert table.room
    await eventually(lambda: len(reasons()) == MANY, seconds=300)
    assert stage.app.views.stats().closed[CloseReason.SCOPE_END] > MANY - 1


# -- what Discord says to the last edit ----------------------------------------------------


class Refusing:
    """Answers the first so many edits of a message in Discord's place."""

    def __init__(self, path: str, answers: list[Answer]) -> None:
        self.path = path
        self.left = answers
        self.asked = 0

    def __call__(self, method: str, path: str) -> Answer:
        if method != "PATCH" or not path.endswith(self.path):
            return None
        self.asked += 1
        return self.left.pop(0) if self.left else None


async def until_none_left(stage: Stage) -> None:
    """Let retries come due until all is done."""

    async def done() -> bool:
        stage.clock.advance(301)
        return await none_left()

    await eventually(done, seconds=30)


ERROR: dict[str, Any] = {"message": "the server is away", "code": 0}


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([(500, ERROR)], id="500"),
        pytest.param([(502, ERROR)], id="502"),
        pytest.param([(503, ERROR)] * 4, id="503 again and again"),
        pytest.param([(429, ERROR | {"retry_after": 0.01, "global": False})] * 2, id="429"),
    ],
)
async def test_the_last_edit_is_tried_again(
    stage: Stage, alice: Persona, answers: list[Answer]
) -> None:
    record = await room(alice)
    refusing = Refusing(f"/messages/{record.message_id}", list(answers))
    stage.sandbox.intercept(refusing)

    await stage.app.views.close(record.id, CloseReason.DISMISSED)

    await until_none_left(stage)
    assert refusing.asked == len(answers) + 1
    assert not (await alice.sees("room a is over")).components
    assert stage.app.views.stats().last_edit_failures == 0
    assert reasons() == [CloseReason.DISMISSED], "the hook is not run again"


@pytest.mark.parametrize(
    "error", [aiohttp.ServerDisconnectedError(), ConnectionRefusedError(111, "refused")]
)
async def test_the_connection_is_lost_at_the_last_edit(
    stage: Stage, alice: Persona, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await room(alice)
    http: Any = stage.app.bot.http
    session: aiohttp.ClientSession = http._HTTPClient__session
    lost: list[str] = []

    def request(method: str, url: str, **options: Any) -> Any:
        if method == "PATCH" and url.endswith(str(record.message_id)) and len(lost) < 3:
            lost.append(url)
            raise error
        return aiohttp.ClientSession.request(session, method, url, **options)

    monkeypatch.setattr(session, "request", request)

    await stage.app.views.close(record.id, CloseReason.DISMISSED)

    await until_none_left(stage)
    assert len(lost) == 3
    assert not (await alice.sees("room a is over")).components


async def test_a_last_edit_that_is_refused_for_good(
    stage: Stage, alice: Persona, log: list[str]
) -> None:
    """The buttons alone are tried, and then it is forgotten and counted."""
    record = await room(alice)
    refused: Answer = (400, {"message": "Invalid Form Body", "code": 50035})
    refusing = Refusing(f"/messages/{record.message_id}", [refused, refused])
    stage.sandbox.intercept(refusing)

    await stage.app.views.close(record.id, CloseReason.DISMISSED)

    await eventually(none_left)
    assert refusing.asked == 2
    assert stage.app.views.stats().last_edit_failures == 1
    assert len(closed_lines(log, "edit=refused")) == 1


async def test_a_thread_that_sleeps_is_woken_for_the_last_edit(
    stage: Stage, alice: Persona
) -> None:
    record = await room(alice, where="thread")
    thread = str(record.channel_id)
    await stage.client.archive_thread(thread)

    await stage.app.views.close(record.id, CloseReason.DISMISSED)

    await eventually(none_left)
    shown = await alice.messages(thread)
    assert [message.components for message in shown if "is over" in message.text] == [[]]
    steps = await stage.client.requests(method="PATCH", path=f"/channels/{thread}")
    assert [step["status"] for step in steps] == [400, 200, 200, 200]
    assert '"archived":true' in steps[-1]["request"].replace(" ", ""), "and put to sleep again"


async def test_the_guild_is_left(stage: Stage, alice: Persona, log: list[str]) -> None:
    await room(alice)

    await stage.client.kick(str(stage.guild_id), stage.bot_user_id)

    await eventually(none_left)
    assert reasons() == [CloseReason.UNREACHABLE]
    assert len(closed_lines(log, "reason=unreachable")) == 1


async def test_many_messages_are_deleted_at_once(stage: Stage, alice: Persona) -> None:
    records = [await room(alice, key) for key in ("a", "b", "c")]

    ids: list[Any] = [str(record.message_id) for record in records]
    await stage.app.bot.http.delete_messages(stage.channel_id, ids)

    await eventually(none_left)
    assert reasons() == [CloseReason.MESSAGE_DELETED] * 3
    assert stage.app.views.stats().last_edit_failures == 0


async def test_its_message_is_gone_unnoticed(stage: Stage, alice: Persona, log: list[str]) -> None:
    """Deleted while the bot was away."""
    record = await room(alice)
    await stage.stop()
    await stage.client.delete_message(str(stage.channel_id), str(record.message_id))
    await stage.start()

    await stage.app.views.close(record.id, CloseReason.DISMISSED)

    await eventually(none_left)
    assert closed_lines(log, "edit=message gone")


def closed_lines(log: list[str], *words: str) -> list[str]:
    return [
        line
        for line in log
        if line.startswith("view closed:") and all(word in line for word in words)
    ]


# -- figures -------------------------------------------------------------------------------


async def test_a_match_leaves_a_line_for_each_view_it_opened(
    stage: Stage, alice: Persona, bob: Persona, log: list[str]
) -> None:
    table = await paired(stage, alice, bob)
    await alice.press("Confirm")
    await bob.press("Confirm")
    await alice.sees("The match is on")
    await alice.select("How did it end?", ["I won"])
    await bob.select("How did it end?", ["I lost"])
    await bob.sees("Alice won against Bob")

    await eventually(none_left)

    figures = stage.app.views.stats()
    assert figures.opened == figures.closed_total == len(closed_lines(log)) > 0
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


# -- at start ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (disnake.ui.View, "_start_listening_from_store"),
        (disnake.Client, "_schedule_event"),
        (disnake.ui.view.ViewStore, "update_from_message"),
        (disnake.ui.modal.ModalStore, "dispatch"),
    ],
)
def test_a_private_name_of_disnake_is_gone(
    owner: type, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check()
    monkeypatch.delattr(owner, name)

    with pytest.raises(LadderkeeperError) as told:
        check()

    assert re.fullmatch(
        rf"disnake 2\.12\.2 lacks {owner.__name__}\.{name}: Ladderkeeper was written for disnake"
        r" 2\.12\.2\. Install that version\.",
        str(told.value),
    )


def test_a_private_attribute_of_disnake_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def __init__(self: Any, client: Any) -> None:  # noqa: N807
        self._waiting = client

    monkeypatch.setattr(disnake.Client, "__init__", __init__)

    with pytest.raises(LadderkeeperError, match=r"lacks Client\._connection, Client\._listeners: "):
        check()


async def test_the_bot_does_not_start_without_a_private_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with set_stage(tmp_path, url, start=False) as stage:
        monkeypatch.delattr(disnake.ui.View, "_dispatch_item")

        with pytest.raises(LadderkeeperError, match=r"lacks View\._dispatch_item"):
            await stage.start()


class Unowned(disnake.ui.View):
    """Shown by code that belongs to no plugin."""

    @disnake.ui.button(label="Unowned")  # pyright: ignore[reportUnknownMemberType]
    async def unowned(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await inter.response.send_message("unowned pressed", ephemeral=True)


@pytest.mark.parametrize("unowned", ["adopt", "refuse"])
async def test_views_that_nobody_owns(tmp_path: Path, unowned: str) -> None:
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with set_stage(
        tmp_path, url, enabled=["stocky"], folders=[SAMPLES], start=False
    ) as stage:
        text = stage.config_path.read_text()
        stage.config_path.write_text(f'{text}\n[views]\nunowned = "{unowned}"\n')
        await stage.start()
        await eventually(stage.commands)
        alice = await stage.persona("Alice")
        channel = stage.app.bot.get_channel(stage.channel_id)
        assert isinstance(channel, disnake.TextChannel)

        if unowned == "adopt":
            await channel.send("nobody's", view=Unowned(timeout=None))
            assert ("core", "unowned", "none") in stage.app.views.stats().open
            assert (await alice.press("Unowned")).text == "unowned pressed"
        else:
            with pytest.raises(UnownedView, match="Unowned belongs to no plugin"):
                await channel.send("nobody's", view=Unowned(timeout=None))
            await eventually(lambda: without_buttons(alice, "nobody's"))

        await alice.slash("stocky channel")
        assert (await alice.press("Press")).text == "stock pressed", "a plugin's is adopted"


async def without_buttons(alice: Persona, text: str) -> bool:
    return not (await alice.sees(text)).components
