"""The ends of durable views that come by a side door: another view takes the message, or the plugin
is unloaded first."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import disnake
import pytest
from loguru import logger

from core.models import ViewRecord
from core.views import CloseReason
from ladderkeeper.testing import Stage, eventually
from sandbox import Persona
from tests.flows.conftest import set_stage
from tests.flows.test_views import SAMPLES, board, enable, reasons, sampler


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    async with set_stage(tmp_path, database_url, enabled=["sampler"], folders=[SAMPLES]) as stage:
        sampler().ended.clear()
        sampler().behaviour.update(on_close="well", press="well")
        await eventually(stage.commands)
        yield stage


@pytest.fixture
async def alice(stage: Stage) -> Persona:
    return await stage.persona("Alice")


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What is logged of each end."""
    said: list[str] = []
    sink = logger.add(
        said.append,
        format="{message}",
        filter=lambda record: record["message"].startswith("view closed:"),
    )
    yield said
    logger.remove(sink)


# -- another on its message ------------------------------------------------------------------


class Other(disnake.ui.View):
    """A third party's, shown where a durable view was."""

    @disnake.ui.button(label="Other")  # pyright: ignore[reportUnknownMemberType]
    async def other(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await inter.response.send_message("other pressed", ephemeral=True)


@pytest.mark.parametrize("view", [False, True])
async def test_its_message_is_given_to_another(stage: Stage, alice: Persona, view: bool) -> None:
    record = await board(stage, alice)
    await alice.press("Poke")
    channel = stage.app.bot.get_channel(stage.channel_id)
    assert isinstance(channel, disnake.TextChannel)
    message = channel.get_partial_message(record.message_id or 0)

    if view:
        await message.edit("another", view=Other(timeout=None))
    else:
        await message.edit("another", components=[disnake.ui.Button(label="Other", custom_id="o")])

    await eventually(reasons)
    assert reasons() == [CloseReason.REPLACED]
    await eventually(lambda: forgotten("a"))
    assert [button.label for button in (await alice.sees("another")).buttons] == ["Other"]
    if view:
        assert (await alice.press("Other")).text == "other pressed"


async def test_a_press_gives_its_message_to_another(stage: Stage, alice: Persona) -> None:
    """The token of that press can edit the message, and must not take the other's buttons away."""
    await board(stage, alice)
    sampler().behaviour["press"] = "swap"

    await alice.press("Poke")

    await eventually(reasons)
    assert reasons() == [CloseReason.REPLACED]
    await eventually(lambda: forgotten("a"))
    assert (await alice.press("Yes")).text == "yes"


async def test_its_own_redraw_does_not_end_it(stage: Stage, alice: Persona) -> None:
    record = await board(stage, alice)
    channel = stage.app.bot.get_channel(stage.channel_id)
    assert isinstance(channel, disnake.TextChannel)
    message = channel.get_partial_message(record.message_id or 0)

    await message.edit("board a", components=None)
    await message.edit(
        "board a",
        components=[disnake.ui.Button(label="Poke", custom_id="lk1:sampler.board:a:poke")],
    )

    await stage.settled()
    assert (await alice.press("Poke")).text == "poked"
    assert reasons() == []


# -- unloaded first --------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["after its last edit", "before", "its message is deleted"])
async def test_a_paused_view_whose_scope_ends_is_logged_once(
    stage: Stage, alice: Persona, lines: list[str], when: str
) -> None:
    record = await board(stage, alice, scope="match:7")
    held: list[str] = []
    if when != "after its last edit":

        def refuse(method: str, path: str) -> tuple[int, object] | None:
            if method != "PATCH" or not path.endswith(f"/messages/{record.message_id}") or held:
                return None
            held.append(path)
            return 503, {"message": "the server is away", "code": 0}

        stage.sandbox.intercept(refuse)
    await enable(stage)
    if when == "after its last edit":
        await stage.settled()
        await alice.sees("Paused for a moment")
    else:
        await eventually(lambda: held)
    assert reasons() == [CloseReason.UNLOAD]

    if when == "its message is deleted":
        await stage.client.delete_message(str(stage.channel_id), str(record.message_id))
    else:
        await stage.app.views.close_scope("match:7")

    async def done() -> bool:
        stage.clock.advance(301)
        return not await ViewRecord.exists()

    await eventually(done)
    await stage.settled()
    assert len(lines) == stage.app.views.stats().closed_total == 1
    assert "reason=unload" in lines[0]


async def forgotten(key: str) -> bool:
    return not await ViewRecord.exists(key=key)


async def test_each_life_of_a_paused_view_is_logged(
    stage: Stage, alice: Persona, lines: list[str]
) -> None:
    await board(stage, alice, scope="match:7")
    await enable(stage)
    await stage.settled()
    await enable(stage, "sampler")
    await stage.settled()

    await stage.app.views.close_scope("match:7")

    await eventually(lambda: forgotten("a"))
    await stage.settled()
    assert [line.split("reason=")[1].split()[0] for line in lines] == ["unload", "scope_end"]
