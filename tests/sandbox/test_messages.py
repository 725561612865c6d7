"""Messages: sending, repeating, mentioning, finding, attaching."""

import io
import json

import aiohttp
import pytest

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient
from sandbox.changes.messages import compose, deliver
from sandbox.validation.message import read_message
from tests.sandbox.conftest import Rest


async def test_a_repeated_nonce_returns_the_first_message(
    rest: Rest, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    path = f"/channels/{guild.general}/messages"
    body = {"content": "once", "nonce": "match:7", "enforce_nonce": True}
    first, again = await rest("POST", path, body), await rest("POST", path, body)
    assert first.body["id"] == again.body["id"]
    assert len(await ann.messages()) == 1
    await client.advance(600)
    assert (await rest("POST", path, body)).body["id"] != first.body["id"]
    unenforced = await rest("POST", path, {"content": "twice", "nonce": "match:7"})
    assert unenforced.body["nonce"] == "match:7"


async def test_mentions_take_effect_as_far_as_they_are_allowed(
    rest: Rest, guild: Guild, ann: Persona, ben: Persona
) -> None:
    path = f"/channels/{guild.general}/messages"
    content = f"{ann.mention} {ben.mention} @everyone"
    every = (await rest("POST", path, {"content": content})).body
    assert [user["id"] for user in every["mentions"]] == [ann.id, ben.id]
    assert every["mention_everyone"] is False  # which the bot may not
    none = await rest("POST", path, {"content": content, "allowed_mentions": {"parse": []}})
    assert none.body["mentions"] == []
    one = await rest("POST", path, {"content": content, "allowed_mentions": {"users": [ben.id]}})
    assert [user["id"] for user in one.body["mentions"]] == [ben.id]


async def test_history_is_paged(rest: Rest, guild: Guild) -> None:
    path = f"/channels/{guild.general}/messages"
    ids = [(await rest("POST", path, {"content": str(n)})).body["id"] for n in range(5)]

    async def contents(**query: object) -> list[str]:
        answer = await rest("GET", path, params={k: str(v) for k, v in query.items()})
        return [message["content"] for message in answer.body]

    assert await contents() == ["4", "3", "2", "1", "0"]
    assert await contents(limit=2) == ["4", "3"]
    assert await contents(before=ids[2]) == ["1", "0"]
    assert await contents(after=ids[1], limit=2) == ["3", "2"]
    assert await contents(around=ids[2], limit=3) == ["3", "2", "1"]


async def test_messages_are_deleted_in_bulk(
    rest: Rest, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    path = f"/channels/{guild.general}/messages"
    ids = [(await rest("POST", path, {"content": str(n)})).body["id"] for n in range(3)]
    assert (await rest("POST", f"{path}/bulk-delete", {"messages": ids[:2]})).status == 204
    assert [message.content for message in await ann.messages()] == ["2"]
    assert (await rest("POST", f"{path}/bulk-delete", {"messages": ids[:1]})).code == 50035
    await client.advance(15 * 24 * 3600)
    old = await rest("POST", f"{path}/bulk-delete", {"messages": ids[1:]})
    assert old.code == 50034


async def test_a_reply_shows_what_it_answers(rest: Rest, guild: Guild, ann: Persona) -> None:
    said = await ann.send(guild.general, "who plays?")
    path = f"/channels/{guild.general}/messages"
    body = {"content": "I do", "message_reference": {"message_id": said.id}}
    reply = (await rest("POST", path, body)).body
    assert reply["type"] == 19
    assert reply["referenced_message"]["content"] == "who plays?"
    assert [user["id"] for user in reply["mentions"]] == [ann.id]


async def test_files_are_kept_described_and_replaced(
    sandbox: Sandbox, rest: Rest, guild: Guild
) -> None:
    path = f"/channels/{guild.general}/messages"
    form = aiohttp.FormData(quote_fields=False)
    payload = {
        "content": "files",
        "attachments": [{"id": "1", "description": "the second"}],
        "embeds": [{"title": "x", "thumbnail": {"url": "attachment://a.png"}}],
    }
    form.add_field("payload_json", json.dumps(payload), content_type="application/json")
    form.add_field("files[0]", io.BytesIO(b"first"), filename="a.png")
    form.add_field("files[1]", io.BytesIO(b"second"), filename="../b c.txt")
    sent = (await rest("POST", path, data=form)).body
    first, second = sent["attachments"]
    assert second["filename"] == ".._b_c.txt"
    assert second["description"] == "the second"
    assert sent["embeds"][0]["thumbnail"]["url"] == first["url"]
    async with aiohttp.ClientSession() as session, session.get(second["url"]) as response:
        assert await response.read() == b"second"
    kept = {"attachments": [{"id": second["id"]}], "embeds": []}
    edited = (await rest("PATCH", f"{path}/{sent['id']}", kept)).body
    assert [attachment["id"] for attachment in edited["attachments"]] == [second["id"]]


async def test_a_file_that_is_not_there_is_refused(rest: Rest, guild: Guild) -> None:
    body = {"embeds": [{"title": "x", "image": {"url": "attachment://nowhere.png"}}]}
    answer = await rest("POST", f"/channels/{guild.general}/messages", body)
    assert answer.code == 50035


async def test_components_v2_stay_v2(rest: Rest, guild: Guild) -> None:
    path = f"/channels/{guild.general}/messages"
    text = {"type": 10, "content": "hello"}
    gallery = {"type": 12, "items": [{"media": {"url": "https://example.com/a.png"}}]}
    select = {"type": 1, "components": [{"type": 5, "custom_id": "who"}]}
    box = {"type": 17, "accent_color": 255, "components": [text, {"type": 14}, gallery, select]}
    sent = await rest("POST", path, {"flags": 1 << 15, "components": [box]})
    assert sent.status == 200
    assert [part["id"] for part in sent.body["components"][0]["components"]] == [2, 3, 4, 5]
    edited = await rest("PATCH", f"{path}/{sent.body['id']}", {"content": "plain"})
    assert edited.code == 50035
    edited = await rest("PATCH", f"{path}/{sent.body['id']}", {"components": [text]})
    assert edited.body["flags"] == 1 << 15


async def test_pins_and_reactions(rest: Rest, guild: Guild) -> None:
    path = f"/channels/{guild.general}/messages"
    sent = (await rest("POST", path, {"content": "panel"})).body
    assert (await rest("PUT", f"/channels/{guild.general}/pins/{sent['id']}")).status == 204
    pins = await rest("GET", f"{path}/pins")
    assert [item["message"]["id"] for item in pins.body["items"]] == [sent["id"]]
    assert (await rest("GET", f"/channels/{guild.general}/pins")).body[0]["pinned"] is True
    assert (await rest("DELETE", f"/channels/{guild.general}/pins/{sent['id']}")).status == 204
    reaction = f"{path}/{sent['id']}/reactions/%F0%9F%8F%86"
    assert (await rest("PUT", f"{reaction}/@me")).status == 204
    shown = (await rest("GET", f"{path}/{sent['id']}")).body["reactions"]
    assert [(one["emoji"]["name"], one["count"], one["me"]) for one in shown] == [("🏆", 1, True)]
    assert len((await rest("GET", reaction)).body) == 1
    assert (await rest("DELETE", f"{reaction}/@me")).status == 204
    assert (await rest("POST", f"/channels/{guild.general}/typing")).status == 204


async def test_a_channel_remembers_a_thousand_messages(
    sandbox: Sandbox, guild: Guild, ann: Persona
) -> None:
    world = sandbox.world
    channel = world.channels[guild.general]
    for number in range(1_005):
        draft = read_message({"content": str(number)})
        deliver(world, compose(world, channel, world.users[ann.id], draft, []))
    assert len(channel.messages) == 1_000
    assert next(iter(channel.messages.values())).content == "5"


async def test_direct_messages_are_one_channel(rest: Rest, bot: Bot, ann: Persona) -> None:
    first = await rest("POST", "/users/@me/channels", {"recipient_id": ann.id})
    second = await rest("POST", "/users/@me/channels", {"recipient_id": ann.id})
    assert first.body == second.body
    assert first.body["recipients"][0]["id"] == ann.id
    await rest("POST", f"/channels/{first.body['id']}/messages", {"content": "hello"})
    assert (await ann.sees("hello")).channel_id == first.body["id"]
    answered = await ann.send(bot, "hello yourself")
    assert answered.channel_id == first.body["id"]


@pytest.mark.parametrize("recipient", [None, "x", "1"])
async def test_direct_messages_need_somebody(rest: Rest, recipient: str | None) -> None:
    body = {} if recipient is None else {"recipient_id": recipient}
    assert (await rest("POST", "/users/@me/channels", body)).code == 50035
