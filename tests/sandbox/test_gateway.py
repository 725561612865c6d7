"""The gateway's protocol: beginning, refusing, dispatching, resuming."""

import time

import pytest

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient
from tests.sandbox.conftest import Rest
from tests.sandbox.gateway_client import Closed, GatewayClient

GUILDS, MEMBERS, MESSAGES, DMS, CONTENT = 1, 1 << 1, 1 << 9, 1 << 12, 1 << 15


async def test_a_session_begins_with_ready_and_the_guilds(
    sandbox: Sandbox, bot: Bot, guild: Guild
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        ready = await gateway.identify(bot.token)
        assert ready["guilds"] == [{"id": guild.id, "unavailable": True}]
        assert ready["user"]["id"] == bot.user_id
        assert ready["resume_gateway_url"].startswith("ws://127.0.0.1:")
        whole = await gateway.wait_for("GUILD_CREATE")
        assert [channel["name"] for channel in whole["channels"]] == ["general"]
        assert [member["user"]["id"] for member in whole["members"]] == [bot.user_id]
        assert whole["member_count"] == 2


async def test_zlib_stream_carries_the_same(sandbox: Sandbox, bot: Bot) -> None:
    async with GatewayClient(sandbox.url, compress=True) as gateway:
        await gateway.identify(bot.token)
        await gateway.wait_for("GUILD_CREATE")


async def test_heartbeats_are_acknowledged(sandbox: Sandbox, bot: Bot) -> None:
    """Not before their sender may have noted that they were sent."""
    async with GatewayClient(sandbox.url) as gateway:
        began = time.monotonic()
        await gateway.send(1, None)
        assert (await gateway.receive())["op"] == 11
        assert time.monotonic() - began >= 0.05


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (2, {"token": "wrong", "intents": 1, "properties": {}}, 4004),
        (2, {"token": "TOKEN", "intents": 1}, 4002),
        (2, {"token": "TOKEN", "properties": {}}, 4002),
        (2, {"token": "TOKEN", "intents": MEMBERS, "properties": {}}, 4014),
        (2, {"token": "TOKEN", "intents": 1 << 40, "properties": {}}, 4013),
        (2, {"token": "TOKEN", "intents": 1, "properties": {}, "shard": [2, 2]}, 4010),
        (6, {"token": "wrong", "session_id": "x", "seq": 1}, 4004),
        (3, {"status": "online"}, 4003),
        (99, None, 4001),
    ],
)
async def test_what_is_wrong_closes_with_its_code(
    sandbox: Sandbox, bot: Bot, op: int, data: dict[str, object] | None, code: int
) -> None:
    if data and data.get("token") == "TOKEN":
        data = data | {"token": bot.token}
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.send(op, data)
        with pytest.raises(Closed) as closed:
            await gateway.receive()
        assert closed.value.code == code


async def test_what_is_not_json_closes_with_4002(sandbox: Sandbox) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.socket.send_str("{")
        with pytest.raises(Closed) as closed:
            await gateway.receive()
        assert closed.value.code == 4002


async def test_identifying_twice_closes_with_4005(sandbox: Sandbox, bot: Bot) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        await gateway.send(2, {"token": bot.token, "intents": 0, "properties": {}})
        with pytest.raises(Closed) as closed:
            await gateway.receive()
        assert closed.value.code == 4005


async def test_more_than_120_frames_a_minute_close_with_4008(sandbox: Sandbox) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        for _ in range(121):
            await gateway.send(1, None)
        with pytest.raises(Closed) as closed:
            await gateway.wait_for("nothing more")
        assert closed.value.code == 4008


async def test_a_resume_replays_what_was_missed(
    sandbox: Sandbox, bot: Bot, guild: Guild, rest: Rest
) -> None:
    first = GatewayClient(sandbox.url)
    async with first:
        await first.identify(bot.token, intents=GUILDS | MESSAGES)
        await first.wait_for("GUILD_CREATE")
        await first.close(code=4000)
    await rest("POST", f"/channels/{guild.general}/messages", {"content": "while away"})
    async with GatewayClient(sandbox.url) as second:
        await second.send(
            6, {"token": bot.token, "session_id": first.session_id, "seq": first.sequence}
        )
        missed = await second.wait_for("MESSAGE_CREATE")
        assert missed["content"] == "while away"
        await second.wait_for("RESUMED")


@pytest.mark.parametrize("why", ["closed for good", "too late", "unknown"])
async def test_what_cannot_be_resumed_is_invalid(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, why: str
) -> None:
    first = GatewayClient(sandbox.url)
    async with first:
        await first.identify(bot.token)
        await first.wait_for("GUILD_CREATE")
        await first.close(code=1000 if why == "closed for good" else 4000)
    if why == "too late":
        await client.advance(3600)
    session_id = "unknown" if why == "unknown" else first.session_id
    async with GatewayClient(sandbox.url) as second:
        await second.resume(bot.token, session_id, first.sequence)
        assert await second.receive() == {"op": 9, "d": False, "s": None, "t": None}


async def test_a_session_that_missed_too_much_is_invalid(
    sandbox: Sandbox, bot: Bot, guild: Guild
) -> None:
    first = GatewayClient(sandbox.url)
    async with first:
        await first.identify(bot.token)
        await first.wait_for("GUILD_CREATE")
        await first.close(code=4000)
    session = sandbox.world.hub.sessions[first.session_id]
    for _ in range(2_001):
        session.dispatch("TYPING_START", "{}")
    async with GatewayClient(sandbox.url) as second:
        await second.send(
            6, {"token": bot.token, "session_id": first.session_id, "seq": first.sequence}
        )
        assert (await second.receive())["op"] == 9


async def test_intents_decide_what_arrives(
    sandbox: Sandbox, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    bot = await client.add_bot("curious", privileged_intents=["members", "message_content"])
    async with GatewayClient(sandbox.url) as deaf, GatewayClient(sandbox.url) as all_ears:
        await deaf.identify(bot.token, intents=GUILDS)
        await all_ears.identify(bot.token, intents=GUILDS | MESSAGES | MEMBERS | CONTENT)
        await client.kick(guild.id, ann.id)
        await client.join(guild.id, ann.id)
        await ann.send(guild.general, "hello")
        await client.add_channel(guild.id, "done")
        assert (await all_ears.wait_for("GUILD_MEMBER_REMOVE"))["user"]["id"] == ann.id
        assert (await all_ears.wait_for("GUILD_MEMBER_ADD"))["guild_id"] == guild.id
        assert (await all_ears.wait_for("MESSAGE_CREATE"))["content"] == "hello"
        seen = [await deaf.receive() for _ in range(2)]
        assert [frame["t"] for frame in seen] == ["GUILD_CREATE", "CHANNEL_CREATE"]


async def test_without_message_content_only_what_concerns_the_bot_is_shown(
    sandbox: Sandbox, bot: Bot, guild: Guild, ann: Persona, rest: Rest
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=GUILDS | MESSAGES | DMS)
        await ann.send(guild.general, "secret")
        assert (await gateway.wait_for("MESSAGE_CREATE"))["content"] == ""
        await ann.send(guild.general, f"<@{bot.user_id}> hello")
        assert (await gateway.wait_for("MESSAGE_CREATE"))["content"].endswith("hello")
        await ann.send(bot, "in private")
        assert (await gateway.wait_for("MESSAGE_CREATE"))["content"] == "in private"
        await rest("POST", f"/channels/{guild.general}/messages", {"content": "mine"})
        assert (await gateway.wait_for("MESSAGE_CREATE"))["content"] == "mine"


async def test_shards_share_guilds_and_the_first_has_direct_messages(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, guild: Guild, ann: Persona
) -> None:
    home = (int(guild.id) >> 22) % 2
    async with GatewayClient(sandbox.url) as zero, GatewayClient(sandbox.url) as one:
        shards = [zero, one]
        for number, gateway in enumerate(shards):
            ready = await gateway.identify(
                bot.token, intents=GUILDS | MESSAGES | DMS, shard=[number, 2]
            )
            assert len(ready["guilds"]) == (1 if number == home else 0)
            assert ready["shard"] == [number, 2]
        await ann.send(guild.general, "in the guild")
        assert (await shards[home].wait_for("MESSAGE_CREATE"))["guild_id"] == guild.id
        await ann.send(bot, "in private")
        assert "guild_id" not in await zero.wait_for("MESSAGE_CREATE")


async def test_a_channel_takes_its_threads_and_messages_along_in_silence(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, guild: Guild, rest: Rest
) -> None:
    channel = await client.add_channel(guild.id, "arena")
    sent = await rest("POST", f"/channels/{channel.id}/messages", {"content": "hello"})
    made = await rest("POST", f"/channels/{channel.id}/threads", {"name": "room", "type": 12})
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=GUILDS | MESSAGES)
        await gateway.wait_for("GUILD_CREATE")
        await client.delete_channel(channel.id)
        assert (await gateway.receive())["t"] == "CHANNEL_DELETE"
        await client.add_channel(guild.id, "next")
        assert (await gateway.receive())["t"] == "CHANNEL_CREATE"
    assert (await rest("GET", f"/channels/{made.body['id']}")).code == 10003
    gone = await rest("GET", f"/channels/{channel.id}/messages/{sent.body['id']}")
    assert gone.code == 10003


async def test_members_are_sent_when_asked_for(
    sandbox: Sandbox, bot: Bot, guild: Guild, ann: Persona
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token)
        await gateway.send(8, {"guild_id": guild.id, "user_ids": [ann.id, "1"], "nonce": "n"})
        chunk = await gateway.wait_for("GUILD_MEMBERS_CHUNK")
        assert [member["user"]["id"] for member in chunk["members"]] == [ann.id]
        assert chunk["not_found"] == ["1"]
        assert chunk["nonce"] == "n"


async def test_a_bot_hears_of_the_guilds_it_joins_and_loses(
    sandbox: Sandbox, client: SandboxClient, bot: Bot
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token)
        await gateway.wait_for("GUILD_CREATE")
        second = await client.add_guild("Second", locale="fr")
        assert (await gateway.wait_for("GUILD_CREATE"))["preferred_locale"] == "fr"
        await client.delete_guild(second.id)
        assert (await gateway.wait_for("GUILD_DELETE")) == {"id": second.id}


async def test_a_bot_hears_of_changes_to_the_guild_and_itself(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, guild: Guild, rest: Rest
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token)
        await client.change_guild(guild.id, name="Renamed", locale="de")
        changed = await gateway.wait_for("GUILD_UPDATE")
        assert (changed["name"], changed["preferred_locale"]) == ("Renamed", "de")
        refused = await rest("PATCH", f"/guilds/{guild.id}", {"name": "Mine"})
        assert refused.code == 50013
        nick = await rest("PATCH", f"/guilds/{guild.id}/members/@me", {"nick": "keeper"})
        assert nick.body["nick"] == "keeper"
        assert (await gateway.wait_for("GUILD_MEMBER_UPDATE"))["nick"] == "keeper"
        role = await client.add_role(guild.id, "veteran")
        assert (await gateway.wait_for("GUILD_ROLE_CREATE"))["role"]["id"] == role.id
        await rest("PATCH", f"/guilds/{guild.id}/roles/{role.id}", {"name": "elder"})
        assert (await gateway.wait_for("GUILD_ROLE_UPDATE"))["role"]["name"] == "elder"
        await rest("DELETE", f"/guilds/{guild.id}/roles/{role.id}")
        assert (await gateway.wait_for("GUILD_ROLE_DELETE"))["role_id"] == role.id


async def test_a_bot_is_asked_to_reconnect(
    sandbox: Sandbox, client: SandboxClient, bot: Bot
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        await client.disconnect(bot, reconnect=True)
        assert (await gateway.receive())["op"] == 7
        with pytest.raises(Closed):
            await gateway.receive()
