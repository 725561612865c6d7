"""Permissions: what Discord refuses, and how roles and overwrites combine."""

import pytest

from sandbox import Guild, NotVisible, Persona, SandboxClient
from sandbox.permissions import ALL, Overwrite, combine
from tests.sandbox.conftest import Rest

EVERYTHING = [
    "VIEW_CHANNEL",
    "SEND_MESSAGES",
    "SEND_MESSAGES_IN_THREADS",
    "CREATE_PRIVATE_THREADS",
    "CREATE_PUBLIC_THREADS",
    "MANAGE_THREADS",
    "MANAGE_MESSAGES",
    "EMBED_LINKS",
    "READ_MESSAGE_HISTORY",
]


async def limited(client: SandboxClient, guild: Guild, without: str) -> Rest:
    """A bot that has everything it needs but one permission."""
    bot = await client.add_bot("limited", permissions=0)
    granted = [name for name in EVERYTHING if name != without]
    overwrites = [{"id": guild.everyone, "deny": ALL}, {"id": bot.user_id, "allow": granted}]
    await client.set_overwrites(guild.general, overwrites)
    return Rest(client.api_url, bot.token)


@pytest.mark.parametrize(
    ("without", "method", "path", "body", "code"),
    [
        ("VIEW_CHANNEL", "GET", "/channels/{general}", None, 50001),
        ("VIEW_CHANNEL", "POST", "/channels/{general}/messages", {"content": "x"}, 50001),
        ("SEND_MESSAGES", "POST", "/channels/{general}/messages", {"content": "x"}, 50013),
        (
            "EMBED_LINKS",
            "POST",
            "/channels/{general}/messages",
            {"embeds": [{"title": "x"}]},
            50013,
        ),
        (
            "CREATE_PRIVATE_THREADS",
            "POST",
            "/channels/{general}/threads",
            {"name": "x", "type": 12},
            50013,
        ),
        (
            "CREATE_PUBLIC_THREADS",
            "POST",
            "/channels/{general}/threads",
            {"name": "x", "type": 11},
            50013,
        ),
        ("MANAGE_MESSAGES", "DELETE", "/channels/{general}/messages/{message}", None, 50013),
        ("READ_MESSAGE_HISTORY", "GET", "/channels/{general}/messages/{message}", None, 50001),
        (
            "MANAGE_THREADS",
            "GET",
            "/channels/{general}/threads/archived/private",
            None,
            50013,
        ),
        ("MANAGE_CHANNELS", "PATCH", "/channels/{general}", {"name": "x"}, 50013),
        ("MANAGE_CHANNELS", "DELETE", "/channels/{general}", None, 50013),
        ("MANAGE_CHANNELS", "POST", "/guilds/{guild}/channels", {"name": "x"}, 50013),
        ("MANAGE_ROLES", "POST", "/guilds/{guild}/roles", {"name": "x"}, 50013),
    ],
)
async def test_a_missing_permission_is_refused(
    client: SandboxClient,
    guild: Guild,
    ann: Persona,
    without: str,
    method: str,
    path: str,
    body: object,
    code: int,
) -> None:
    said = await ann.send(guild.general, "hello")
    rest = await limited(client, guild, without)
    path = path.format(general=guild.general, guild=guild.id, message=said.id)
    answer = await rest(method, path, body)
    assert (answer.status, answer.code) == (403, code)
    await rest.close()


async def test_in_threads_another_permission_counts(client: SandboxClient, guild: Guild) -> None:
    rest = await limited(client, guild, "SEND_MESSAGES_IN_THREADS")
    body = {"name": "room", "type": 12}
    thread = (await rest("POST", f"/channels/{guild.general}/threads", body)).body["id"]
    refused = await rest("POST", f"/channels/{thread}/messages", {"content": "x"})
    assert (refused.status, refused.code) == (403, 50013)
    await rest.close()


async def test_roles_are_given_below_ones_own(
    client: SandboxClient, rest: Rest, guild: Guild, ann: Persona
) -> None:
    role = await client.add_role(guild.id, "veteran")
    path = f"/guilds/{guild.id}/members/{ann.id}"
    assert (await rest("PUT", f"{path}/roles/{role.id}")).status == 204
    assert (await rest("GET", path)).body["roles"] == [role.id]
    assert (await rest("DELETE", f"{path}/roles/{role.id}")).status == 204
    roles = (await rest("GET", f"/guilds/{guild.id}/roles")).body
    own = next(role["id"] for role in roles if role.get("tags"))
    assert (await rest("PUT", f"{path}/roles/{own}")).code == 50013
    made = await rest(
        "POST", f"/guilds/{guild.id}/roles", {"name": "new", "color": 255, "permissions": "0"}
    )
    assert made.body["colors"]["primary_color"] == 255
    changed = await rest("PATCH", f"/guilds/{guild.id}/roles/{made.body['id']}", {"name": "old"})
    assert changed.body["name"] == "old"
    greedy = {"name": "admin", "permissions": str(1 << 3)}
    assert (await rest("POST", f"/guilds/{guild.id}/roles", greedy)).code == 50013
    assert (await rest("DELETE", f"/guilds/{guild.id}/roles/{made.body['id']}")).status == 204


async def test_a_role_opens_a_channel(client: SandboxClient, guild: Guild, ann: Persona) -> None:
    role = await client.add_role(guild.id, "staff")
    overwrites = [
        {"id": guild.everyone, "deny": ["VIEW_CHANNEL"]},
        {"id": role.id, "allow": ["VIEW_CHANNEL"]},
    ]
    channel = await client.add_channel(guild.id, "cases", overwrites=overwrites)
    boss = await client.persona("Boss", roles=["staff"])
    assert (await boss.send(channel, "hello")).content == "hello"
    with pytest.raises(NotVisible):
        await ann.send(channel, "hello")
    with pytest.raises(NotVisible):
        await ann.messages(channel)
    await client.join(guild.id, ann.id, roles=["staff"])
    assert [message.content for message in await ann.messages(channel)] == ["hello"]


def test_overwrites_combine_in_discords_order() -> None:
    everyone, role, other, member = "1", "2", "3", "4"
    overwrites = {
        everyone: Overwrite(everyone, 0, allow=0, deny=0b0111_0000),
        role: Overwrite(role, 0, allow=0b0010_0000, deny=0b0100_0000),
        other: Overwrite(other, 0, allow=0b0100_0000, deny=0),
        member: Overwrite(member, 1, allow=0, deny=0b1000_0000),
    }
    assert combine(0b1111_0000, overwrites, everyone, [], "9") == 0b1000_0000
    assert combine(0b1111_0000, overwrites, everyone, [role], "9") == 0b1010_0000
    assert combine(0b1111_0000, overwrites, everyone, [role, other], "9") == 0b1110_0000
    assert combine(0b1111_0000, overwrites, everyone, [role], member) == 0b0010_0000
    assert combine(1 << 3, overwrites, everyone, [], member) == ALL
