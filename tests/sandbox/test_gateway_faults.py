"""What can go wrong at the gateway: on demand, and by what a client does."""

import asyncio

import pytest

from sandbox import Bot, Guild, Sandbox, SandboxClient
from sandbox.gateway.limits import GatewayLimits
from tests.sandbox.conftest import Rest
from tests.sandbox.gateway_client import Closed, GatewayClient

GUILDS, MESSAGES, DMS = 1, 1 << 9, 1 << 12
INVALID = {"op": 9, "d": False, "s": None, "t": None}


async def say(rest: Rest, guild: Guild, *texts: str) -> None:
    for text in texts:
        await rest("POST", f"/channels/{guild.general}/messages", {"content": text})


async def listen(gateway: GatewayClient, bot: Bot) -> None:
    await gateway.identify(bot.token, intents=GUILDS | MESSAGES)
    await gateway.wait_for("GUILD_CREATE")


async def heard(gateway: GatewayClient, many: int) -> list[str]:
    return [(await gateway.wait_for("MESSAGE_CREATE"))["content"] for _ in range(many)]


async def test_events_are_dropped_repeated_and_late(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, guild: Guild, rest: Rest
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await listen(gateway, bot)
        await client.fault("drop", event="MESSAGE_CREATE", count=1)
        await client.fault("repeat", event="MESSAGE_CREATE", count=1, times=2)
        await client.fault("delay", event="MESSAGE_CREATE", skip=1, count=1, seconds=900)
        await say(rest, guild, "lost", "thrice", "late", "usual")

        assert await heard(gateway, 4) == ["thrice"] * 3 + ["usual"]

        await client.advance(901)
        assert await heard(gateway, 1) == ["late"]
        assert gateway.sequence == 7


@pytest.mark.parametrize(("do", "code"), [("close", 4000), ("reconnect", 4000)])
async def test_the_gateway_closes_at_an_event_which_a_resume_brings(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, guild: Guild, rest: Rest, do: str, code: int
) -> None:
    await client.fault(do, event="MESSAGE_CREATE", count=1)
    async with GatewayClient(sandbox.url) as first:
        await listen(first, bot)
        await say(rest, guild, "cut")
        if do == "reconnect":
            assert (await first.receive())["op"] == 7
        assert await first.closed() == code
    async with GatewayClient(sandbox.url) as second:
        await second.resume(bot.token, first.session_id, first.sequence)
        assert await heard(second, 1) == ["cut"]
        await second.wait_for("RESUMED")


async def test_the_gateway_closes_with_a_code_and_forgets(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, guild: Guild, rest: Rest
) -> None:
    await client.fault("close", event="MESSAGE_CREATE", code=4009, resumable=False)
    async with GatewayClient(sandbox.url) as first:
        await listen(first, bot)
        await say(rest, guild, "cut")
        assert await first.closed() == 4009
    async with GatewayClient(sandbox.url) as second:
        await second.resume(bot.token, first.session_id, first.sequence)
        assert await second.receive() == INVALID


async def test_a_session_becomes_invalid_and_another_begins_on_the_connection(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, guild: Guild, rest: Rest
) -> None:
    await client.fault("invalid_session", event="MESSAGE_CREATE", count=1)
    async with GatewayClient(sandbox.url) as gateway:
        await listen(gateway, bot)
        before = gateway.session_id
        await say(rest, guild, "lost")
        assert await gateway.receive() == INVALID
        await listen(gateway, bot)
        assert gateway.session_id != before
        await say(rest, guild, "heard")
        assert await heard(gateway, 1) == ["heard"]


@pytest.mark.parametrize("resumable", [True, False])
async def test_a_session_is_invalidated_at_any_time(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, resumable: bool
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        await client.invalidate(bot, resumable=resumable)
        assert await gateway.receive() == INVALID | {"d": resumable}
        await gateway.resume(bot.token, gateway.session_id, gateway.sequence)
        answer = await gateway.receive()
        assert (answer["t"] == "RESUMED") if resumable else answer == INVALID


async def test_a_bot_may_be_asked_to_reconnect_and_left_alone(
    sandbox: Sandbox, client: SandboxClient, bot: Bot
) -> None:
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        await client.ask_to_reconnect(bot)
        assert (await gateway.receive())["op"] == 7
        await gateway.send(1, None)
        assert (await gateway.receive())["op"] == 11


async def test_one_shard_of_several_processes_is_cut(
    sandbox: Sandbox, client: SandboxClient, bot: Bot
) -> None:
    async with GatewayClient(sandbox.url) as zero, GatewayClient(sandbox.url) as one:
        await zero.identify(bot.token, intents=0, shard=[0, 2])
        await one.identify(bot.token, intents=0, shard=[1, 2])
        await client.disconnect(bot, shard=1, code=4000)
        assert await one.closed() == 4000
        await zero.send(1, None)
        assert (await zero.receive())["op"] == 11


async def test_an_event_fault_strikes_one_shard_and_one_bot(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, guild: Guild
) -> None:
    other = await client.add_bot("other")
    await client.fault("drop", event="CHANNEL_CREATE", bot=bot.application_id, shard=0)
    async with GatewayClient(sandbox.url) as deaf, GatewayClient(sandbox.url) as hears:
        await deaf.identify(bot.token)
        await hears.identify(other.token)
        await client.add_channel(guild.id, "new")
        await client.change_guild(guild.id, name="Changed")
        assert (await hears.wait_for("CHANNEL_CREATE"))["name"] == "new"
        await deaf.wait_for("GUILD_CREATE")
        assert (await deaf.receive())["t"] == "GUILD_UPDATE"


async def test_who_sends_no_heartbeat_is_closed_and_begins_anew(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.world.gateway_limits = GatewayLimits(heartbeat_s=0.1)
    async with GatewayClient(sandbox.url) as first:
        await first.identify(bot.token, intents=0)
        assert await first.closed() == 4009
    async with GatewayClient(sandbox.url) as second:
        await second.resume(bot.token, first.session_id, first.sequence)
        assert await second.receive() == INVALID


async def test_whoever_sends_heartbeats_stays(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.world.gateway_limits = GatewayLimits(heartbeat_s=0.1)
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=0)
        for _ in range(8):
            await asyncio.sleep(0.05)  # longer, all in all, than a silent client is borne
            await gateway.send(1, gateway.sequence)
            assert (await gateway.receive())["op"] == 11


async def test_a_sequence_from_the_future_closes_with_4007(sandbox: Sandbox, bot: Bot) -> None:
    async with GatewayClient(sandbox.url) as first:
        await first.identify(bot.token, intents=0)
        await first.close(code=4000)
    async with GatewayClient(sandbox.url) as second:
        await second.resume(bot.token, first.session_id, first.sequence + 1)
        assert await second.closed() == 4007


async def test_shards_of_one_group_identify_one_after_the_other(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, rest: Rest
) -> None:
    await client.set_limits(max_concurrency=2, identify_s=5)
    limit = (await rest("GET", "/gateway/bot")).body["session_start_limit"]
    assert limit["max_concurrency"] == 2
    async with GatewayClient(sandbox.url) as zero, GatewayClient(sandbox.url) as one:
        await zero.identify(bot.token, intents=0, shard=[0, 4])
        await one.identify(bot.token, intents=0, shard=[1, 4])
    async with GatewayClient(sandbox.url) as two:
        await two.send(2, {"token": bot.token, "intents": 0, "properties": {}, "shard": [2, 4]})
        assert await two.receive() == INVALID
        await client.advance(5)
        await two.identify(bot.token, intents=0, shard=[2, 4])


async def test_too_many_sessions_in_a_day_cost_the_token(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, rest: Rest
) -> None:
    await client.set_limits(identifies=2)
    async with GatewayClient(sandbox.url) as first, GatewayClient(sandbox.url) as second:
        await first.identify(bot.token, intents=0)
        await first.close()
        limit = (await rest("GET", "/gateway/bot")).body["session_start_limit"]
        assert (limit["total"], limit["remaining"]) == (2, 1)
        assert 0 < limit["reset_after"] <= 24 * 3600 * 1000
        await second.identify(bot.token, intents=0)
        async with GatewayClient(sandbox.url) as third:
            with pytest.raises(Closed, match="4004"):
                await third.identify(bot.token, intents=0)
        assert await second.closed() == 4004
    assert (await rest("GET", "/users/@me")).status == 401
    token = (await client.state())["bots"][0]["token"]
    async with GatewayClient(sandbox.url) as fourth:
        await client.advance(24 * 3600)
        await fourth.identify(token, intents=0)


async def test_too_many_guilds_need_more_shards(
    sandbox: Sandbox, client: SandboxClient, bot: Bot
) -> None:
    await client.set_limits(guilds_a_shard=1)
    await client.add_guild("Second")
    await client.add_guild("Third")
    async with GatewayClient(sandbox.url) as gateway:
        with pytest.raises(Closed, match="4011"):
            await gateway.identify(bot.token, shard=[0, 1])


async def test_an_old_version_closes_with_4012(sandbox: Sandbox) -> None:
    async with GatewayClient(sandbox.url, version=6, hello=False) as gateway:
        assert await gateway.closed() == 4012


async def test_a_resume_takes_the_session_from_its_old_connection(
    sandbox: Sandbox, bot: Bot, guild: Guild, rest: Rest
) -> None:
    async with GatewayClient(sandbox.url) as old, GatewayClient(sandbox.url) as new:
        await listen(old, bot)
        await new.resume(bot.token, old.session_id, old.sequence)
        await new.wait_for("RESUMED")
        assert await old.closed() == 4000
        await say(rest, guild, "here")
        assert await heard(new, 1) == ["here"]
