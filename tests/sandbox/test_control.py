"""The control endpoints, and who may reach them."""

import asyncio
import json

import aiohttp
import pytest

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient, Unknown
from tests.sandbox.conftest import Rest


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:PORT"}, 200),
        ({"Host": "evil.example:PORT"}, 403),
        ({"Host": "127.0.0.1"}, 403),
        ({"Origin": "http://127.0.0.1:PORT"}, 200),
        ({"Origin": "http://localhost:PORT"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_only_this_machine_may_steer(
    sandbox: Sandbox, headers: dict[str, str], status: int
) -> None:
    port = sandbox.url.rpartition(":")[2]
    sent = {name: value.replace("PORT", port) for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.url}/sandbox/state", headers=sent) as response,
    ):
        assert response.status == status


async def test_what_is_unknown_or_wrong_is_said(sandbox: Sandbox, client: SandboxClient) -> None:
    with pytest.raises(Unknown):
        await client.add_channel("1", "x")
    with pytest.raises(Unknown):
        await client.delete_channel("1")
    async with aiohttp.ClientSession() as session:
        for path, body, status in (
            ("/nothing", "{}", 404),
            ("/guilds", "{", 400),
            ("/guilds", "[]", 400),
            ("/guilds", "{}", 409),
            ("/clock", '{"advance": -1}', 409),
        ):
            async with session.post(f"{sandbox.url}/sandbox{path}", data=body) as response:
                assert response.status == status, path
                assert (await response.json())["message"]


async def test_requests_are_logged(
    rest: Rest, client: SandboxClient, bot: Bot, guild: Guild
) -> None:
    path = f"/channels/{guild.general}/messages"
    await rest("POST", path, {"content": "hello"})
    await rest("GET", "/channels/1")
    sent, failed = await client.requests(path="/channels/")
    assert (sent["method"], sent["path"], sent["status"]) == ("POST", path, 200)
    assert sent["route"] == "/channels/{channel_id}/messages"
    assert sent["bot"] == bot.application_id
    assert sent["seconds"] > 0
    assert json.loads(sent["request"]) == {"content": "hello"}
    assert json.loads(sent["response"])["content"] == "hello"
    assert failed["status"] == 404
    assert await client.requests(method="DELETE") == []
    assert len(await client.requests(limit=1)) == 1
    assert bot.token not in str(await client.requests())


async def test_the_end_does_not_wait_for_those_who_wait() -> None:
    sandbox = await Sandbox.start()
    async with SandboxClient(sandbox.url) as client:
        await client.add_guild("Ladder")
        ann = await client.persona("Ann")
        waiting = asyncio.create_task(ann.sees("never", timeout=30))
        while sandbox.world.watches.waiting == 0:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.01)
        async with asyncio.timeout(5):
            await sandbox.close()
        with pytest.raises(aiohttp.ClientError):
            await waiting


async def test_time_moves_for_all(sandbox: Sandbox, client: SandboxClient) -> None:
    before = sandbox.clock.now()
    await client.advance(3600)
    assert sandbox.clock.now() - before >= 3600


async def test_state_tells_what_there_is(
    rest: Rest, client: SandboxClient, bot: Bot, guild: Guild, ann: Persona
) -> None:
    command = {"name": "x", "description": "x"}
    await rest("POST", f"/applications/{bot.application_id}/commands", command)
    state = await client.state()
    assert state["guilds"][0]["name"] == "Ladder"
    assert state["personas"] == [{"id": ann.id, "name": "Ann", "channel": guild.general}]
    assert [one["name"] for one in state["bots"][0]["commands"]] == ["x"]
    assert state["bots"][0]["sessions"] == 0


async def test_somebody_who_is_there_is_taken_over(client: SandboxClient, ann: Persona) -> None:
    again = await client.find_persona("Ann")
    assert (again.id, again.channel) == (ann.id, ann.channel)
    with pytest.raises(LookupError, match="0 people are called Anna"):
        await client.find_persona("Anna")
    await client.persona("Ann")
    with pytest.raises(LookupError, match="2 people are called Ann"):
        await client.find_persona("Ann")


async def test_bots_join_guilds_made_later_and_leave_when_kicked(
    rest: Rest, client: SandboxClient, bot: Bot, guild: Guild
) -> None:
    later = await client.add_guild("Later")
    guilds = (await rest("GET", "/users/@me/guilds")).body
    assert [one["id"] for one in guilds] == [guild.id, later.id]
    assert (await rest("GET", f"/guilds/{later.id}", params={"with_counts": "true"})).body[
        "approximate_member_count"
    ] == 2
    await client.kick(later.id, bot.user_id)
    assert (await rest("GET", f"/guilds/{later.id}")).code == 10004
    assert (await rest("DELETE", f"/users/@me/guilds/{guild.id}")).status == 204
    assert (await rest("GET", "/users/@me/guilds")).body == []


async def test_guilds_members_and_channels_are_read(
    rest: Rest, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    assert (await rest("GET", f"/guilds/{guild.id}")).body["name"] == "Ladder"
    found = await rest("GET", f"/guilds/{guild.id}/members/search", params={"query": "an"})
    assert [member["user"]["global_name"] for member in found.body] == ["Ann"]
    assert (await rest("GET", f"/users/{ann.id}")).body["username"] == "ann"
    made = await rest("POST", f"/guilds/{guild.id}/channels", {"name": "new", "topic": "x"})
    assert made.status == 201
    channel = f"/channels/{made.body['id']}"
    assert (await rest("PATCH", channel, {"name": "newer"})).body["name"] == "newer"
    overwrite = {"type": 1, "deny": str(1 << 11)}
    assert (await rest("PUT", f"{channel}/permissions/{ann.id}", overwrite)).status == 204
    shown = (await rest("GET", channel)).body["permission_overwrites"]
    assert shown == [{"id": ann.id, "type": 1, "allow": "0", "deny": "2048"}]
    assert (await rest("DELETE", f"{channel}/permissions/{ann.id}")).status == 204
    assert (await rest("DELETE", channel)).status == 200
    listed = (await rest("GET", f"/guilds/{guild.id}/channels")).body
    assert [one["name"] for one in listed] == ["general"]


async def test_a_guild_is_renamed_by_who_may(client: SandboxClient, guild: Guild) -> None:
    steward = await client.add_bot("steward", permissions=["MANAGE_GUILD"])
    rest = Rest(client.api_url, steward.token)
    renamed = await rest("PATCH", f"/guilds/{guild.id}", {"name": "Ours"})
    assert (renamed.status, renamed.body["name"]) == (200, "Ours")
    await rest.close()


async def test_the_bot_knows_itself(rest: Rest, anonymous: Rest, bot: Bot) -> None:
    assert (await rest("GET", "/users/@me")).body["id"] == bot.user_id
    for path in ("/applications/@me", "/oauth2/applications/@me"):
        assert (await rest("GET", path)).body["id"] == bot.application_id
    renamed = await rest("PATCH", "/users/@me", {"username": "renamed"})
    assert renamed.body["username"] == "renamed"
    assert (await anonymous("GET", "/gateway")).body["url"].startswith("ws://")
    assert (await rest("GET", "/gateway/bot")).body["session_start_limit"]["total"] == 1000
