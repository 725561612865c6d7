"""Reactions of personas and bots: what each sees of them, and what the bot is told."""

from typing import Any

import pytest

from sandbox import (
    Bot,
    Guild,
    InvalidInput,
    Message,
    NotEnabled,
    NotVisible,
    Persona,
    Sandbox,
    SandboxClient,
)
from tests.sandbox.conftest import Rest
from tests.sandbox.gateway_client import GatewayClient
from tests.sandbox.raw_interactions import begin

GUILDS, REACTIONS, DM_REACTIONS = 1 << 0, 1 << 10, 1 << 13
CUP = "%F0%9F%8F%86"


def shown(message: Message) -> list[tuple[str, int, bool]]:
    """Emoji, count, and whether the one who sees it is among those who reacted."""
    given: list[dict[str, Any]] = message.raw.get("reactions", [])
    return [(one["emoji"]["name"], one["count"], one["me"]) for one in given]


async def test_each_sees_what_is_their_own(
    rest: Rest, guild: Guild, bot: Bot, ann: Persona, ben: Persona
) -> None:
    sent = await ann.send(guild.general, "well played")

    assert shown(await ann.react(sent, "🏆")) == [("🏆", 1, True)]
    assert shown(await ben.sees("well played")) == [("🏆", 1, False)]
    await ben.react(sent, "🏆")
    await ben.react(sent, "🏆")
    await rest("PUT", f"/channels/{guild.general}/messages/{sent.id}/reactions/{CUP}/@me")
    assert shown(await ben.unreact(sent, "🏆")) == [("🏆", 2, False)]
    assert shown(await ann.sees("well played")) == [("🏆", 2, True)]

    who = await rest("GET", f"/channels/{guild.general}/messages/{sent.id}/reactions/{CUP}")
    assert [user["id"] for user in who.body] == [ann.id, bot.user_id]


async def test_the_bot_is_told_of_each_once(
    sandbox: Sandbox, bot: Bot, guild: Guild, ann: Persona
) -> None:
    sent = await ann.send(guild.general, "well played")
    private = await ann.send(bot, "psst")
    async with GatewayClient(sandbox.url) as gateway:
        await gateway.identify(bot.token, intents=GUILDS | REACTIONS | DM_REACTIONS)
        await ann.react(sent, "🏆")
        await ann.react(sent, "🏆")
        await ann.unreact(sent, "🏆")
        await ann.react(private, "👀")
        added = await gateway.wait_for("MESSAGE_REACTION_ADD")
        removed = await gateway.wait_for("MESSAGE_REACTION_REMOVE")
        in_private = await gateway.wait_for("MESSAGE_REACTION_ADD")

    assert added.pop("member")["user"]["id"] == ann.id
    assert added.pop("message_author_id") == ann.id
    assert added == removed
    assert added == {
        "user_id": ann.id,
        "guild_id": guild.id,
        "channel_id": guild.general,
        "message_id": sent.id,
        "emoji": {"id": None, "name": "🏆"},
        "burst": False,
        "type": 0,
    }
    assert in_private["message_id"] == private.id
    assert "guild_id" not in in_private
    assert "member" not in in_private


@pytest.mark.parametrize("emoji", ["", "x", "7", ":cup:", "été", "👍 👍", "👍" * 17])
async def test_what_is_no_emoji_is_refused(ann: Persona, guild: Guild, emoji: str) -> None:
    sent = await ann.send(guild.general, "hello")
    with pytest.raises(InvalidInput):
        await ann.react(sent, emoji)


@pytest.mark.parametrize(
    "emoji", ["👍🏽", "❤️", "1️⃣", "\N{INFORMATION SOURCE}\ufe0f", "🇩🇪", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"]
)
async def test_emoji_of_several_characters(ann: Persona, guild: Guild, emoji: str) -> None:
    sent = await ann.send(guild.general, "hello")
    assert shown(await ann.react(sent, emoji)) == [(emoji, 1, True)]


async def test_only_one_s_own_is_taken_back(ann: Persona, ben: Persona, guild: Guild) -> None:
    sent = await ann.react(await ann.send(guild.general, "hello"), "👍")
    with pytest.raises(NotEnabled):
        await ben.unreact(sent, "👍")


async def test_permissions(client: SandboxClient, guild: Guild, ann: Persona, ben: Persona) -> None:
    overwrites: list[dict[str, object]] = [
        {"id": guild.everyone, "deny": ["ADD_REACTIONS"]},
        {"id": ann.id, "allow": ["ADD_REACTIONS"]},
    ]
    quiet = await client.add_channel(guild.id, "quiet", overwrites=overwrites)
    sent = await ann.send(quiet, "hello")
    with pytest.raises(NotEnabled, match="may only join"):
        await ben.react(sent, "👍")
    await ann.react(sent, "🏆")
    assert shown(await ben.react(sent, "🏆")) == [("🏆", 2, True)]

    hidden = await client.add_channel(
        guild.id, "hidden", overwrites=[{"id": ben.id, "deny": ["VIEW_CHANNEL"]}]
    )
    with pytest.raises(NotVisible):
        await ben.react(await ann.send(hidden, "hello"), "👍")


async def test_a_message_has_room_for_twenty(ann: Persona, guild: Guild) -> None:
    sent = await ann.send(guild.general, "hello")
    for number in range(20):
        await ann.react(sent, chr(ord("🌀") + number))
    with pytest.raises(NotEnabled, match="at most 20"):
        await ann.react(sent, "👍")


async def test_neither_in_an_archived_thread_nor_to_a_private_answer(
    sandbox: Sandbox, rest: Rest, guild: Guild, bot: Bot, ann: Persona
) -> None:
    made = await rest("POST", f"/channels/{guild.general}/threads", {"name": "room", "type": 11})
    sent = await ann.react(await ann.send(made.body["id"], "hello"), "👍")
    await rest("PATCH", f"/channels/{made.body['id']}", {"archived": True})
    for act in (ann.react, ann.unreact):
        with pytest.raises(NotEnabled, match="archived"):
            await act(sent, "👍")

    interaction = await begin(sandbox, rest, ann, bot.application_id)
    await interaction.answer(4, {"content": "only you", "flags": 64})
    with pytest.raises(NotEnabled, match="private"):
        await ann.react(await ann.sees("only you"), "👍")
