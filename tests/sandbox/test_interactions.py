"""Interactions by hand: order, deadlines, and what each answer leads to."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient
from tests.sandbox.conftest import Rest
from tests.sandbox.gateway_client import GatewayClient
from tests.sandbox.raw_interactions import ROW, Raw, begin, raw

Begin = Callable[[Persona], Awaitable[Raw]]


@pytest.fixture
def invoke(sandbox: Sandbox, rest: Rest, bot: Bot) -> Begin:
    async def invoked(persona: Persona) -> Raw:
        return await begin(sandbox, rest, persona, bot.application_id)

    return invoked


async def test_the_payload_is_complete(
    sandbox: Sandbox, bot: Bot, guild: Guild, ben: Persona, invoke: Begin
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        inter = await invoke(ben)
        payload = await gateway.wait_for("INTERACTION_CREATE")
    assert payload["id"] == inter.id
    assert payload["token"] == inter.token
    assert payload["version"] == 1
    assert payload["type"] == 2
    assert payload["application_id"] == bot.application_id
    assert payload["guild"] == {"id": guild.id, "locale": "en-US", "features": []}
    assert payload["guild_id"] == guild.id
    assert payload["channel_id"] == guild.general
    assert payload["channel"]["permissions"] == payload["member"]["permissions"]
    assert payload["member"]["user"]["id"] == ben.id
    assert "user" not in payload
    assert payload["locale"] == "de"
    assert payload["guild_locale"] == "en-US"
    assert int(payload["app_permissions"]) & 1 << 11
    assert payload["authorizing_integration_owners"] == {"0": guild.id}
    assert payload["context"] == 0
    assert payload["entitlements"] == []
    assert payload["attachment_size_limit"] == 10 * 1024 * 1024
    assert payload["data"]["options"] == [{"name": "join", "type": 1, "options": []}]


async def test_in_direct_messages_the_payload_has_a_user(
    sandbox: Sandbox, rest: Rest, bot: Bot, ann: Persona
) -> None:
    command = {"name": "help", "description": "Help"}
    await rest("POST", f"/applications/{bot.application_id}/commands", command)
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        inter = raw(sandbox, rest, await ann.slash("help", channel=bot, wait=False))
        payload = await gateway.wait_for("INTERACTION_CREATE")
    assert payload["user"]["id"] == ann.id
    assert payload["channel"]["type"] == 1
    assert payload["context"] == 1
    assert "guild_id" not in payload
    assert "member" not in payload
    assert (await inter.answer(4, {"content": "here", "flags": 64})).status == 204
    assert (await ann.sees("here")).ephemeral


async def test_a_second_answer_is_refused(invoke: Begin, ann: Persona) -> None:
    inter = await invoke(ann)
    assert (await inter.answer(4, {"content": "one"})).status == 204
    again = await inter.answer(4, {"content": "two"})
    assert (again.status, again.code) == (400, 40060)


async def test_after_three_seconds_the_interaction_is_unknown(
    invoke: Begin, client: SandboxClient, ann: Persona
) -> None:
    inter = await invoke(ann)
    await client.advance(3.5)
    late = await inter.answer(4, {"content": "late"})
    assert (late.status, late.code) == (404, 10062)


async def test_a_token_ends_after_fifteen_minutes(
    invoke: Begin, client: SandboxClient, ann: Persona
) -> None:
    inter = await invoke(ann)
    await inter.answer(4, {"content": "one"})
    await client.advance(14 * 60)
    assert (await inter.original("PATCH", {"content": "still"})).status == 200
    await client.advance(61)
    for answer in (
        await inter.original("PATCH", {"content": "too late"}),
        await inter.follow_up({"content": "too late"}),
        await inter.original("DELETE"),
    ):
        assert (answer.status, answer.code) == (401, 50027)


async def test_before_the_first_answer_there_is_no_webhook(
    invoke: Begin, rest: Rest, bot: Bot, ann: Persona
) -> None:
    inter = await invoke(ann)
    early = await inter.follow_up({"content": "early"})
    assert (early.status, early.code) == (404, 10015)
    nobody = await rest("POST", "/webhooks/1/token", {"content": "hello"})
    assert (nobody.status, nobody.code) == (404, 10015)
    wrong = await rest("POST", f"/webhooks/{bot.application_id}/wrong", {"content": "hello"})
    assert (wrong.status, wrong.code) == (401, 50027)


@pytest.mark.parametrize("kind", [6, 7, 8, None, 99])
async def test_an_answer_must_fit_the_interaction(
    invoke: Begin, ann: Persona, kind: int | None
) -> None:
    inter = await invoke(ann)
    refused = await inter.answer(kind, {"content": "no"})
    assert (refused.status, refused.code) == (400, 50035)
    assert "type" in refused.body["errors"]


async def test_with_response_describes_what_became_of_it(invoke: Begin, ann: Persona) -> None:
    inter = await invoke(ann)
    answer = await inter.answer(4, {"content": "hello", "flags": 64}, with_response="true")
    assert answer.status == 200
    assert answer.body["resource"]["message"]["content"] == "hello"
    assert answer.body["interaction"]["response_message_ephemeral"] is True


async def test_with_response_tells_of_a_deferred_answer_by_its_id(
    invoke: Begin, ann: Persona
) -> None:
    inter = await invoke(ann)
    answer = await inter.answer(5, {"flags": 64}, with_response="true")
    assert answer.status == 200
    assert "resource" not in answer.body
    described = answer.body["interaction"]
    assert described["response_message_loading"] is True
    assert described["response_message_id"] == (await inter.original()).body["id"]


async def test_with_response_names_the_message_of_a_deferred_update(
    sandbox: Sandbox, invoke: Begin, rest: Rest, ann: Persona
) -> None:
    inter = await invoke(ann)
    await inter.answer(4, {"content": "sure?", "components": [ROW]})
    message = await ann.sees("sure?")
    pressed = raw(sandbox, rest, await ann.press("Confirm", wait=False))
    answer = await pressed.answer(6, with_response="true")
    assert answer.status == 200
    assert "resource" not in answer.body
    assert answer.body["interaction"]["response_message_id"] == message.id


async def test_a_deferred_update_is_settled_once_its_message_is_deleted(
    sandbox: Sandbox, invoke: Begin, rest: Rest, ann: Persona
) -> None:
    inter = await invoke(ann)
    await inter.answer(4, {"content": "sure?", "components": [ROW]})
    exchange = await ann.press("Confirm", wait=False)
    await raw(sandbox, rest, exchange).answer(6)
    settled = asyncio.create_task(exchange.settled(timeout=60))
    await asyncio.sleep(0.1)
    assert not settled.done()

    await inter.original("DELETE")  # by the token of the command, not of the press

    async with asyncio.timeout(10):
        assert (await settled).message is None


async def test_a_private_answer_is_out_of_reach_of_ordinary_requests(
    invoke: Begin, rest: Rest, guild: Guild, ann: Persona
) -> None:
    inter = await invoke(ann)
    await inter.answer(4, {"content": "secret", "flags": 64})
    message = (await inter.original()).body
    path = f"/channels/{guild.general}/messages/{message['id']}"
    for answer in (
        await rest("GET", path),
        await rest("PATCH", path, {"content": "changed"}),
        await rest("DELETE", path),
    ):
        assert (answer.status, answer.code) == (404, 10008)
    assert (await inter.original("PATCH", {"content": "changed"})).status == 200
    assert (await ann.sees("changed")).id == message["id"]


async def test_a_private_answer_is_dismissed_in_silence(
    sandbox: Sandbox, invoke: Begin, bot: Bot, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    inter = await invoke(ann)
    await inter.answer(4, {"content": "secret", "flags": 64, "components": [ROW]})
    message = await ann.sees("secret")
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=1 | 1 << 9)
        await gateway.wait_for("GUILD_CREATE")
        await ann.dismiss(message)
        assert await ann.messages() == []
        await client.add_channel(guild.id, "next")
        assert (await gateway.receive())["t"] == "CHANNEL_CREATE"
    assert (await inter.original()).code == 10008
    # A press that was on its way when the message was dismissed:
    assert (await ann.press_stale(message, "confirm", wait=False)).id


async def test_thinking_is_shown_and_filled_by_the_first_follow_up(
    invoke: Begin, ann: Persona, ben: Persona
) -> None:
    inter = await invoke(ann)
    await inter.answer(5, {"flags": 64})
    (thinking,) = await ann.messages()
    assert thinking.flags & 1 << 7
    filled = await inter.follow_up({"content": "thought"})  # private, as the thinking was
    assert filled.body["id"] == thinking.id
    assert not filled.body["flags"] & 1 << 7
    assert (await ann.sees("thought")).ephemeral
    second = await inter.follow_up({"content": "for all"})
    metadata = second.body["interaction_metadata"]
    assert metadata["original_response_message_id"] == thinking.id
    assert [message.content for message in await ben.messages()] == ["for all"]


async def test_follow_ups_are_read_changed_and_deleted(invoke: Begin, ann: Persona) -> None:
    inter = await invoke(ann)
    await inter.answer(4, {"content": "first"})
    sent = (await inter.follow_up({"content": "second", "flags": 64})).body
    path = f"{inter.path}/messages/{sent['id']}"
    assert (await inter.rest("GET", path)).body["content"] == "second"
    assert (await inter.rest("PATCH", path, {"content": "changed"})).body["edited_timestamp"]
    assert (await inter.rest("DELETE", path)).status == 204
    assert (await inter.rest("GET", path)).code == 10008
    assert [message.content for message in await ann.messages()] == ["first"]
    assert (await inter.original("DELETE")).status == 204
    assert (await inter.original()).code == 10008
    assert await ann.messages() == []


async def test_a_press_carries_its_message_and_may_update_it(
    sandbox: Sandbox, rest: Rest, bot: Bot, guild: Guild, ann: Persona
) -> None:
    body = {"content": "Ready?", "components": [ROW]}
    sent = await rest("POST", f"/channels/{guild.general}/messages", body)
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        inter = raw(sandbox, rest, await ann.press("Confirm", wait=False))
        payload = await gateway.wait_for("INTERACTION_CREATE")
    assert payload["message"]["id"] == sent.body["id"]
    assert payload["data"] == {"id": 2, "custom_id": "confirm", "component_type": 2}
    assert (await inter.answer(6)).status == 204
    assert (await inter.original()).body["id"] == sent.body["id"]
    changed = await inter.original("PATCH", {"content": "Ready!", "components": []})
    assert changed.body["components"] == []
    assert (await ann.sees("Ready!")).id == sent.body["id"]


async def test_a_press_in_a_locked_archived_thread_cannot_be_answered(
    sandbox: Sandbox, rest: Rest, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    room = await rest("POST", f"/channels/{guild.general}/threads", {"name": "room", "type": 11})
    body = {"content": "Ready?", "components": [ROW]}
    sent = await rest("POST", f"/channels/{room.body['id']}/messages", body)
    await client.archive_thread(room.body["id"], locked=True)
    exchange = await ann.press("Confirm", message=sent.body["id"], wait=False)
    refused = await raw(sandbox, rest, exchange).answer(7, {"content": "no"})
    assert (refused.status, refused.code) == (400, 50083)


async def test_a_modal_is_opened_and_checked(
    sandbox: Sandbox, invoke: Begin, rest: Rest, bot: Bot, ann: Persona
) -> None:
    field = {"type": 4, "custom_id": "why", "style": 1, "label": "Why", "required": True}
    modal = {
        "custom_id": "abort",
        "title": "Abort",
        "components": [{"type": 1, "components": [field]}],
    }
    inter = await invoke(ann)
    refused = await inter.answer(9, modal | {"title": "x" * 46})
    assert refused.body["errors"]["data"]["title"]["_errors"][0]["code"] == "BASE_TYPE_BAD_LENGTH"
    assert (await inter.answer(9, modal)).status == 204
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        exchange = await ann.submit(Why="lag", wait=False)
        payload = await gateway.wait_for("INTERACTION_CREATE")
    assert payload["type"] == 5
    assert payload["data"]["components"] == [
        {
            "type": 1,
            "id": 1,
            "components": [{"type": 4, "id": 2, "custom_id": "why", "value": "lag"}],
        }
    ]
    answered = raw(sandbox, rest, exchange)
    await answered.answer(4, {"content": "aborted"})
    metadata = (await answered.original()).body["interaction_metadata"]
    assert metadata["triggering_interaction_metadata"]["id"] == inter.id


async def test_tokens_are_forgotten_when_they_have_ended(
    sandbox: Sandbox, invoke: Begin, client: SandboxClient, ann: Persona
) -> None:
    for _ in range(3):
        await invoke(ann)
    await client.advance(16 * 60)
    await invoke(ann)
    assert len(sandbox.world.interactions) == len(sandbox.world.interaction_ids) == 1


async def test_what_was_private_goes_with_its_channel(
    invoke: Begin, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    inter = await invoke(ann)
    await inter.answer(4, {"content": "secret", "flags": 64})
    await client.delete_channel(guild.general)
    assert await ann.messages() == []
    gone = await inter.follow_up({"content": "into the void"})
    assert (gone.status, gone.code) == (404, 10003)


async def test_the_event_log_shows_what_was_sent(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, invoke: Begin, ann: Persona
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        inter = await invoke(ann)
        await gateway.wait_for("INTERACTION_CREATE")
    (row,) = await client.events(event="INTERACTION_CREATE")
    assert row["application_id"] == bot.application_id
    assert json.loads(row["data"])["id"] == inter.id
