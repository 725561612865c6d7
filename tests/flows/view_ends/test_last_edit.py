"""The buttons of a view that has ended go, whatever Discord says to its last edit."""

from typing import Any

import aiohttp
import pytest

from core.views import CloseReason
from ladderkeeper.testing import Stage, eventually
from sandbox import Persona
from tests.flows.view_ends.rooms import message_of, none_left, reasons, room, told

Answer = tuple[int, object] | None


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

    await eventually(done, timeout=30)


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
    assert len(await told(log, "edit=refused")) == 1


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
    assert len(await told(log, "reason=unreachable")) == 1


async def test_many_messages_are_deleted_at_once(stage: Stage, alice: Persona) -> None:
    records = [await room(alice, key) for key in ("a", "b", "c")]

    ids: list[Any] = [str(record.message_id) for record in records]
    await stage.app.bot.http.delete_messages(stage.channel_id, ids)

    await eventually(none_left)
    assert reasons() == [CloseReason.MESSAGE_DELETED] * 3
    assert stage.app.views.stats().last_edit_failures == 0


@pytest.mark.parametrize(("where", "reached"), [("answer", True), ("private", False)])
async def test_its_token_expires_on_the_way(
    stage: Stage, alice: Persona, where: str, reached: bool, log: list[str]
) -> None:
    """Discord's clock is ahead of ours: the token that is good here is good no more there."""
    record = await room(alice, where=where)
    await stage.client.advance(16 * 60)

    await stage.app.views.close(record.id, CloseReason.DISMISSED)

    await eventually(none_left)
    message = await message_of(alice, record)
    assert bool(message.components) == (not reached)
    assert await told(log, f"edit={'arrived' if reached else 'unreachable'}")


async def test_its_message_is_gone_unnoticed(stage: Stage, alice: Persona, log: list[str]) -> None:
    """Deleted while the bot was away."""
    record = await room(alice)
    await stage.stop()
    await stage.client.delete_message(str(stage.channel_id), str(record.message_id))
    await stage.start()

    await stage.app.views.close(record.id, CloseReason.DISMISSED)

    await eventually(none_left)
    assert await told(log, "edit=message gone")
