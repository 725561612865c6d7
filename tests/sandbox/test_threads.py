"""Threads: who is in them, and how they sleep and wake."""

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient
from tests.sandbox.conftest import Rest
from tests.sandbox.gateway_client import GatewayClient

PRIVATE, PUBLIC = 12, 11
GUILDS, MESSAGES = 1, 1 << 9


async def room(rest: Rest, guild: Guild, kind: int = PRIVATE, **more: object) -> str:
    body = {"name": "match-1", "type": kind} | more
    made = await rest("POST", f"/channels/{guild.general}/threads", body)
    assert made.status == 201
    return str(made.body["id"])


async def test_members_come_and_go(
    rest: Rest, guild: Guild, bot: Bot, ann: Persona, ben: Persona
) -> None:
    thread = await room(rest, guild, invitable=False)
    members = f"/channels/{thread}/thread-members"
    assert (await rest("PUT", f"{members}/{ann.id}")).status == 204
    assert (await rest("PUT", f"{members}/{ann.id}")).status == 204  # again: nothing happens
    listed = await rest("GET", members, params={"with_member": "true"})
    assert [one["user_id"] for one in listed.body] == [bot.user_id, ann.id]
    assert (await rest("GET", f"{members}/{ben.id}")).code == 10007
    assert (await rest("DELETE", f"{members}/{ann.id}")).status == 204
    assert (await rest("GET", f"{members}/{ann.id}")).code == 10007
    assert (await rest("DELETE", f"{members}/@me")).status == 204
    assert (await rest("PUT", f"{members}/@me")).status == 204


async def test_a_mention_brings_in_who_can_see_the_parent(
    rest: Rest, client: SandboxClient, guild: Guild, ann: Persona, ben: Persona
) -> None:
    hidden = [{"id": ben.id, "deny": ["VIEW_CHANNEL"]}]
    await client.set_overwrites(guild.general, hidden)
    thread = await room(rest, guild)
    body = {"content": f"{ann.mention} {ben.mention} go"}
    await rest("POST", f"/channels/{thread}/messages", body)
    assert (await ann.sees("go")).channel_id == thread
    assert await ben.messages() == []
    refused = await rest("PUT", f"/channels/{thread}/thread-members/{ben.id}")
    assert (refused.status, refused.code) == (403, 50001)


async def test_active_threads_are_listed_until_they_are_archived(
    rest: Rest, guild: Guild, ann: Persona
) -> None:
    thread = await room(rest, guild)
    listed = (await rest("GET", f"/guilds/{guild.id}/threads/active")).body
    assert [one["name"] for one in listed["threads"]] == ["match-1"]
    assert [one["id"] for one in listed["members"]] == [thread]
    changed = await rest("PATCH", f"/channels/{thread}", {"archived": True, "locked": True})
    assert changed.body["thread_metadata"]["archived"] is True
    assert (await rest("GET", f"/guilds/{guild.id}/threads/active")).body["threads"] == []
    path = f"/channels/{guild.general}/threads/archived/private"
    assert [one["id"] for one in (await rest("GET", path)).body["threads"]] == [thread]


async def test_in_an_archived_thread_edits_fail_and_a_message_wakes_it(
    sandbox: Sandbox, rest: Rest, bot: Bot, client: SandboxClient, guild: Guild
) -> None:
    thread = await room(rest, guild)
    messages = f"/channels/{thread}/messages"
    sent = (await rest("POST", messages, {"content": "hello"})).body["id"]
    await client.archive_thread(thread)
    for answer in (
        await rest("PATCH", f"{messages}/{sent}", {"content": "changed"}),
        await rest("DELETE", f"{messages}/{sent}"),
        await rest("PUT", f"/channels/{thread}/thread-members/@me"),
        await rest("PATCH", f"/channels/{thread}", {"name": "other"}),
    ):
        assert (answer.status, answer.code) == (400, 50083)
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=GUILDS | MESSAGES)
        await gateway.wait_for("GUILD_CREATE")
        assert (await rest("POST", messages, {"content": "awake"})).status == 200
        woken = await gateway.receive()
        assert woken["t"] == "THREAD_UPDATE"
        assert woken["d"]["thread_metadata"]["archived"] is False
    assert (await rest("PATCH", f"{messages}/{sent}", {"content": "changed"})).status == 200


async def test_a_locked_thread_needs_manage_threads(client: SandboxClient, guild: Guild) -> None:
    permissions = ["VIEW_CHANNEL", "CREATE_PUBLIC_THREADS", "SEND_MESSAGES_IN_THREADS"]
    modest = await client.add_bot("modest", permissions=permissions)
    rest = Rest(client.api_url, modest.token)
    thread = await room(rest, guild, PUBLIC)
    refused = await rest("PATCH", f"/channels/{thread}", {"locked": True})
    assert refused.code == 50013
    await client.archive_thread(thread, archived=False, locked=True)
    assert (await rest("POST", f"/channels/{thread}/messages", {"content": "x"})).code == 160005
    await client.archive_thread(thread)
    assert (await rest("POST", f"/channels/{thread}/messages", {"content": "x"})).code == 50083
    await rest.close()


async def test_a_quiet_thread_goes_to_sleep(
    rest: Rest, client: SandboxClient, guild: Guild
) -> None:
    thread = await room(rest, guild, auto_archive_duration=60)
    await client.advance(50 * 60)
    await rest("POST", f"/channels/{thread}/messages", {"content": "still here"})
    await client.advance(50 * 60)
    metadata = (await rest("GET", f"/channels/{thread}")).body["thread_metadata"]
    assert metadata["archived"] is False
    await client.advance(11 * 60)
    metadata = (await rest("GET", f"/channels/{thread}")).body["thread_metadata"]
    assert metadata["archived"] is True


async def test_a_public_thread_starts_from_a_message(
    rest: Rest, guild: Guild, ann: Persona
) -> None:
    said = await ann.send(guild.general, "let us talk")
    path = f"/channels/{guild.general}/messages/{said.id}/threads"
    made = await rest("POST", path, {"name": "talk"})
    assert (made.status, made.body["id"]) == (201, said.id)
    assert (await rest("POST", path, {"name": "again"})).code == 160004
    shown = await rest("GET", f"/channels/{guild.general}/messages/{said.id}")
    assert shown.body["thread"]["name"] == "talk"


async def test_a_guild_has_a_thousand_active_threads_at_most(
    sandbox: Sandbox, rest: Rest, guild: Guild
) -> None:
    first = await room(rest, guild)
    place = sandbox.world.guilds[guild.id]
    place.threads |= {str(number): place.threads[first] for number in range(999)}
    body = {"name": "one more", "type": PRIVATE}
    refused = await rest("POST", f"/channels/{guild.general}/threads", body)
    assert (refused.status, refused.code) == (400, 160006)
    place.threads = {first: place.threads[first]}


async def test_a_bot_added_to_a_private_thread_learns_of_it(
    sandbox: Sandbox, rest: Rest, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    permissions = ["VIEW_CHANNEL", "SEND_MESSAGES_IN_THREADS"]
    other = await client.add_bot("other", permissions=permissions)
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(other.token)
        await gateway.wait_for("GUILD_CREATE")
        thread = await room(rest, guild)
        await rest("PUT", f"/channels/{thread}/thread-members/{other.user_id}")
        created = await gateway.receive()
        assert (created["t"], created["d"]["id"]) == ("THREAD_CREATE", thread)
        assert "newly_created" not in created["d"]
        assert created["d"]["member"]["user_id"] == other.user_id
        added = await gateway.receive()
        assert added["t"] == "THREAD_MEMBERS_UPDATE"
        assert added["d"]["added_members"][0]["user_id"] == other.user_id
        # Of others it hears nothing without the members intent.
        await rest("PUT", f"/channels/{thread}/thread-members/{ann.id}")
        await client.delete_channel(thread)
        gone = await gateway.receive()
        assert (gone["t"], gone["d"]["parent_id"]) == ("THREAD_DELETE", guild.general)
