"""Every view ends: on one path, once, for every reason, whoever asks and whatever its hook does."""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.models import ViewRecord, ViewState
from core.views import CloseReason, Closing
from ladderkeeper.testing import Stage, eventually
from sandbox import Message, Persona
from tests.flows.conftest import set_stage

SAMPLES = Path(__file__).parents[1] / "sample_plugins"


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    async with set_stage(
        tmp_path,
        database_url,
        enabled=["sampler"],
        folders=[SAMPLES],
        settings={"quarantine_after": 100},
    ) as stage:
        sampler().ended.clear()
        sampler().behaviour.update(on_close="well", press="well")
        sampler().release = asyncio.Event()
        await stage.settled()
        await eventually(stage.commands)
        yield stage


@pytest.fixture
async def alice(stage: Stage) -> Persona:
    return await stage.persona("Alice")


def sampler() -> Any:
    """The plugin's module, as the bot has imported it."""
    return sys.modules["ladderkeeper_folder_plugins.sampler"]


def reasons() -> list[CloseReason]:
    ended: list[Closing] = sampler().ended
    return [closing.reason for closing in ended]


async def board(stage: Stage, alice: Persona, key: str = "a", **options: Any) -> ViewRecord:
    """A posted view, on Discord and with its message's id known."""
    await alice.slash("post", view=options.pop("view", "board"), key=key, **options)
    await alice.sees(f"board {key}")
    await stage.settled()
    return await ViewRecord.get(key=key, state=ViewState.OPEN)


async def message_of(alice: Persona, text: str) -> Message:
    return await alice.sees(text)


async def gone(stage: Stage) -> None:
    """Nothing is open, and nothing is left in the database."""

    async def nothing_left() -> bool:
        return not await ViewRecord.exists()

    await eventually(nothing_left)
    assert stage.app.views.stats().open_total == 0


async def test_a_view_is_closed_once_from_two_sides_at_once(stage: Stage, alice: Persona) -> None:
    record = await board(stage, alice)

    won = await asyncio.gather(
        stage.app.views.close(record.id, CloseReason.DISMISSED),
        stage.app.views.close(record.id, CloseReason.TIMEOUT),
        stage.app.views.close(record.id, CloseReason.ERROR),
    )

    assert sorted(won) == [False, False, True]
    assert len(reasons()) == 1
    message = await alice.sees("board a is closed")
    assert not message.components
    await gone(stage)


async def test_closing_a_closed_view_does_nothing(stage: Stage, alice: Persona) -> None:
    record = await board(stage, alice)
    await stage.app.views.close(record.id, CloseReason.DISMISSED)
    await stage.settled()

    assert not await stage.app.views.close(record.id, CloseReason.ERROR)
    assert reasons() == [CloseReason.DISMISSED]


async def test_a_scope_ends_all_that_it_opened(stage: Stage, alice: Persona) -> None:
    for key in ("a", "b", "c"):
        await board(stage, alice, key, scope="match:7" if key != "c" else "match:8")

    await stage.app.views.close_scope("match:7")

    assert reasons() == [CloseReason.SCOPE_END] * 2
    assert stage.app.views.stats().scopes == {"match": 1}
    await alice.sees("board b is closed")
    assert (await message_of(alice, "board c")).components


@pytest.mark.parametrize("how", ["raise", "hang"])
async def test_a_hook_that_misbehaves_does_not_stop_the_end(
    stage: Stage, alice: Persona, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.views.closing.HOOK_SECONDS", 0.2)
    record = await board(stage, alice)
    sampler().behaviour["on_close"] = how

    await stage.app.views.close(record.id, CloseReason.DISMISSED)

    await gone(stage)
    assert stage.app.views.stats().hook_failures == 1
    assert not (await message_of(alice, "board a")).components


async def test_a_press_in_flight_gets_its_answer(stage: Stage, alice: Persona) -> None:
    record = await board(stage, alice)
    sampler().behaviour["press"] = "hang"
    press = asyncio.create_task(alice.press("Poke"))
    await eventually(lambda: stage.app.views.presses_in_flight(record.id) == 1)

    closing = asyncio.create_task(stage.app.views.close(record.id, CloseReason.DISMISSED))
    await eventually(lambda: closed_in_the_database(record.id))
    assert not reasons(), "the hook waits for the press"
    sampler().release.set()

    assert (await press).text == "poked"
    await closing
    await gone(stage)


async def closed_in_the_database(record_id: int) -> bool:
    record = await ViewRecord.get_or_none(id=record_id)
    return record is None or record.state is not ViewState.OPEN


async def test_a_press_that_raises_is_one_sentence(stage: Stage, alice: Persona) -> None:
    await board(stage, alice)
    sampler().behaviour["press"] = "raise"

    answer = await alice.press("Poke")

    assert answer.text.startswith("Something went wrong on our side.")
    assert "on purpose" not in answer.text


async def test_opening_it_elsewhere_replaces_it(stage: Stage, alice: Persona) -> None:
    await board(stage, alice)

    await alice.slash("open", view="board", key="a")

    await eventually(reasons)
    assert reasons() == [CloseReason.REPLACED]
    await alice.sees("board a is closed: replaced")
    assert stage.app.views.stats().open_total == 1


async def test_an_old_message_of_a_view_has_ended(stage: Stage, alice: Persona) -> None:
    """Its buttons lead nowhere, though the same view is open on another message."""
    await board(stage, alice)
    old = await message_of(alice, "board a")
    poke = str(old.buttons[0].custom_id)
    await alice.slash("open", view="board", key="a")
    await stage.settled()

    await alice.press_stale(old, poke)

    await alice.sees("This has ended")


async def test_idle_and_absolute_time(stage: Stage, alice: Persona) -> None:
    await board(stage, alice, "idle", view="fleeting")
    await board(stage, alice, "pressed", view="fleeting")
    pressed = await message_of(alice, "board pressed")

    for _ in range(4):
        await stage.advance(20)
        await alice.press("Poke", message=pressed)
    await eventually(lambda: reasons() == [CloseReason.TIMEOUT])
    await stage.advance(25)

    await eventually(lambda: len(reasons()) == 2)
    await gone(stage)


@pytest.mark.parametrize("what", ["message", "channel", "thread's parent"])
async def test_its_place_on_discord_is_deleted(stage: Stage, alice: Persona, what: str) -> None:
    channel = await stage.client.add_channel(str(stage.guild_id), "elsewhere")
    alice.channel = channel.id
    await board(stage, alice)
    message = await message_of(alice, "board a")

    if what == "message":
        await stage.client.delete_message(channel.id, message.id)
    elif what == "channel":
        await stage.client.delete_channel(channel.id)
    else:
        await ViewRecord.filter(key="a").update(channel_id=1, parent_channel_id=int(channel.id))
        await stage.client.delete_channel(channel.id)

    await eventually(reasons)
    assert reasons() == [CloseReason.MESSAGE_DELETED]
    await gone(stage)


async def test_its_channel_is_deleted_while_the_bot_is_away(stage: Stage, alice: Persona) -> None:
    """Known from what the server lists at the start, without asking for each message."""
    channel = await stage.client.add_channel(str(stage.guild_id), "elsewhere")
    await board(stage, alice, "stays")
    alice.channel = channel.id
    await board(stage, alice, "goes")
    await stage.stop()
    await stage.client.delete_channel(channel.id)

    await stage.start()

    await eventually(reasons)
    assert [closing.key for closing in sampler().ended] == ["goes"]
    assert reasons() == [CloseReason.MESSAGE_DELETED]
    assert await ViewRecord.filter(state=ViewState.OPEN).count() == 1


async def test_unloading_pauses_and_loading_reopens(stage: Stage, alice: Persona) -> None:
    await board(stage, alice)

    await enable(stage)
    await stage.settled()

    paused = await alice.sees("Paused for a moment")
    assert not paused.components
    assert reasons() == [CloseReason.UNLOAD]
    assert stage.app.views.stats().open_total == 0

    await enable(stage, "sampler")
    await stage.settled()

    again = await message_of(alice, "board a")
    assert again.id == paused.id
    assert (await alice.press("Poke")).text == "poked"


async def enable(stage: Stage, *names: str) -> None:
    """Have these plugins loaded, and no others."""
    config = stage.config()
    plugins = config.plugins.model_copy(update={"enabled": names})
    await stage.app.host.apply(config.model_copy(update={"plugins": plugins}))


async def test_a_durable_view_survives_a_restart(stage: Stage, alice: Persona) -> None:
    await board(stage, alice)

    await stage.stop()
    await stage.start()

    assert stage.app.views.stats().open_total == 1
    assert (await alice.press("Poke")).text == "poked"
    assert reasons() == []


async def test_a_close_that_a_crash_cut_short_goes_on(stage: Stage, alice: Persona) -> None:
    record = await board(stage, alice)
    await stage.stop()
    async with database_of(stage):
        await ViewRecord.filter(id=record.id).update(
            state=ViewState.CLOSING, close_reason="scope_end", process="main"
        )

    await stage.start()

    await eventually(reasons)
    assert reasons() == [CloseReason.SCOPE_END]
    await alice.sees("board a is closed")
    await gone(stage)


def database_of(stage: Stage) -> Any:
    """The database while the bot is down."""
    from contextlib import asynccontextmanager

    from core.db import Database
    from core.db.database import CORE_MODELS

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Database]:
        database = Database(stage.config().database.url.get_secret_value(), [CORE_MODELS])
        await database.open()
        try:
            yield database
        finally:
            await database.close()

    return opened()


async def test_a_short_view_is_its_users_alone(stage: Stage, alice: Persona) -> None:
    await alice.slash("sure")
    message = await alice.sees("sure?")

    assert (await alice.press("Yes", message=message)).text == "yes"
    assert message.ephemeral


async def test_a_short_view_that_has_ended_is_not_shown(stage: Stage, alice: Persona) -> None:
    answer = await alice.slash("sure", stopped=True)

    assert answer.text.startswith("Something went wrong on our side.")
    await gone(stage)


async def test_a_short_view_ends_in_time(stage: Stage, alice: Persona) -> None:
    await alice.slash("sure")
    message = await alice.sees("sure?")
    await stage.advance(20)
    await alice.press("Yes", message=message)
    await stage.advance(20)
    assert reasons() == [], "the press put the idle deadline off"

    await stage.advance(15)

    await alice.sees("sure is closed: timeout")
    await gone(stage)
    assert stage.app.views.leaks.check() == 0


async def test_a_short_view_ends_with_the_process(stage: Stage, alice: Persona) -> None:
    await alice.slash("sure")

    await stage.stop()

    message = await alice.sees("sure is closed: shutdown")
    assert not message.components


async def test_an_ephemeral_view_whose_token_expired(stage: Stage, alice: Persona) -> None:
    """Nobody can edit it; the press on it that comes later takes its buttons away."""
    await alice.slash("open", view="board", key="a")
    message = await message_of(alice, "board a")
    record = await ViewRecord.get(key="a")
    await stage.advance(16 * 60)

    await stage.app.views.close(record.id, CloseReason.DISMISSED)
    await gone(stage)
    assert (await message_of(alice, "board a")).components

    late = await alice.press("Poke", message=message)

    assert late.text == "This has ended."
    assert not (await message_of(alice, "This has ended")).components


async def test_a_public_view_whose_token_expired_is_edited_by_the_bot(
    stage: Stage, alice: Persona
) -> None:
    await alice.slash("open", view="board", key="a", private=False)
    record = await ViewRecord.get(key="a")
    await stage.advance(16 * 60)

    await stage.app.views.close(record.id, CloseReason.DISMISSED)

    await stage.settled()
    assert not (await alice.sees("board a is closed")).components


async def test_a_view_with_nothing_to_show_is_not_posted(stage: Stage, alice: Persona) -> None:
    await alice.slash("post", view="board", key="nothing")

    await eventually(reasons)
    assert reasons() == [CloseReason.UNREACHABLE]
    await gone(stage)


async def test_a_short_view_that_nobody_could_edit_ends_at_its_next_press(
    stage: Stage, alice: Persona
) -> None:
    """The process died after Discord had the message and before it knew how to edit it."""
    await alice.slash("sure")
    message = await alice.sees("sure?")
    await eventually(lambda: ViewRecord.filter(token__isnull=False).exists())
    await ViewRecord.all().update(token=None, token_expires_at=None)
    await stage.stop()
    await stage.start()
    assert (await alice.sees("sure?")).components

    pressed = await alice.press(message.buttons[0].label, message=message)

    assert pressed.text == "This has ended."
    assert not (await alice.sees("This has ended.")).components
