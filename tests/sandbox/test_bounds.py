"""What a sandbox keeps is bounded, however long it runs."""

import gc

import pytest

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient
from sandbox.changes import threads
from sandbox.gateway import hub
from sandbox.model import channel as channels
from sandbox.model.message import Message
from tests.sandbox.conftest import Rest
from tests.sandbox.gateway_client import GatewayClient
from tests.sandbox.raw_interactions import ROW, begin

MOST = 20


async def test_a_channel_forgets_its_oldest_messages(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, rest: Rest, guild: Guild
) -> None:
    """A chain of replies, each of which names the one before, keeps none of them either."""
    monkeypatch.setattr(channels, "MOST_MESSAGES", MOST)
    path = f"/channels/{guild.general}/messages"
    first = last = (await rest("POST", path, {"content": "first"})).body["id"]
    for number in range(3 * MOST):
        body = {"content": str(number), "message_reference": {"message_id": last}}
        last = (await rest("POST", path, body)).body["id"]

    assert (await rest("GET", f"{path}/{first}")).code == 10008
    assert (await rest("GET", f"{path}/{last}")).status == 200
    gc.collect()
    alive = [one for one in gc.get_objects() if isinstance(one, Message)]
    here = sandbox.world.channels[guild.general]
    assert sum(message.channel is here for message in alive) <= MOST + 1


async def test_archived_threads_are_forgotten_with_their_messages(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, rest: Rest, guild: Guild
) -> None:
    monkeypatch.setattr(threads, "MOST_ARCHIVED_THREADS", 1)
    made: list[str] = []
    for number in range(3):
        body = {"name": f"match {number}", "type": 12}
        thread = await rest("POST", f"/channels/{guild.general}/threads", body)
        made.append(thread.body["id"])
        await rest("POST", f"/channels/{made[-1]}/messages", {"content": "x"})
    kept = [sandbox.world.channels[thread] for thread in made]

    for thread in made:
        await rest("PATCH", f"/channels/{thread}", {"archived": True})

    assert [len(thread.messages) for thread in kept] == [0, 0, 1]
    assert [thread in sandbox.world.channels for thread in made] == [False, False, True]


async def test_interactions_end_after_fifteen_minutes(
    sandbox: Sandbox, rest: Rest, client: SandboxClient, bot: Bot, guild: Guild, ann: Persona
) -> None:
    body = {"content": "x", "components": [ROW]}
    await rest("POST", f"/channels/{guild.general}/messages", body)
    inter = await begin(sandbox, rest, ann, bot.application_id)
    assert (await inter.answer(4, {"content": "x"})).status == 204
    for _ in range(10):
        await ann.press("Confirm", wait=False)
    assert len(sandbox.world.interactions) == 11

    await client.advance(901)
    await ann.press("Confirm", wait=False)

    assert len(sandbox.world.interactions) == len(sandbox.world.interaction_ids) == 1
    assert (await inter.follow_up({"content": "late"})).code == 50027


async def test_logs_and_what_can_be_replayed_are_rings(
    sandbox: Sandbox, rest: Rest, bot: Bot, guild: Guild, client: SandboxClient
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token)
        session = sandbox.world.hub.sessions[gateway.session_id]
        for _ in range(hub.LOGGED_EVENTS + 1):
            sandbox.world.hub.send(session, "TYPING_START", "{}")
        assert len(sandbox.world.hub.log) == hub.LOGGED_EVENTS
        assert session.missed_since(1) is None
    await rest("POST", f"/channels/{guild.general}/messages", {"content": "x" * 2_001})
    sent = (await client.requests(path="/messages"))[-1]
    assert len(sent["request"]) < 4_001
