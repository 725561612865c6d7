"""Personas can do what a client lets its user do, and nothing else."""

import asyncio

import pytest

from sandbox import (
    Ambiguous,
    Bot,
    Guild,
    InvalidInput,
    NoModal,
    NotEnabled,
    NotSeen,
    NotVisible,
    Persona,
    Sandbox,
    SandboxClient,
    UnknownCommand,
)
from tests.sandbox.conftest import Rest
from tests.sandbox.raw_interactions import ROW, raw

COMMAND = {
    "name": "bet",
    "description": "Bet on a match",
    "options": [
        {
            "type": 3,
            "name": "side",
            "description": "Whom",
            "required": True,
            "choices": [{"name": "Red", "value": "r"}, {"name": "Blue", "value": "b"}],
        },
        {"type": 4, "name": "points", "description": "How many", "min_value": 1, "max_value": 9},
        {"type": 5, "name": "sure", "description": "Really"},
        {"type": 6, "name": "rival", "description": "Against whom"},
        {"type": 7, "name": "where", "description": "Where", "channel_types": [0]},
        {"type": 8, "name": "role", "description": "As what"},
        {"type": 9, "name": "who", "description": "Who"},
        {"type": 10, "name": "odds", "description": "Odds"},
        {"type": 11, "name": "proof", "description": "Proof"},
        {"type": 3, "name": "note", "description": "Note", "min_length": 2, "max_length": 4},
    ],
}


@pytest.fixture
async def bet(rest: Rest, bot: Bot) -> None:
    await rest("POST", f"/applications/{bot.application_id}/commands", COMMAND)


async def test_options_of_every_type(
    sandbox: Sandbox, client: SandboxClient, guild: Guild, ann: Persona, ben: Persona, bet: None
) -> None:
    role = await client.add_role(guild.id, "veteran")
    exchange = await ann.slash(
        "bet",
        side="Blue",
        points=3,
        sure=True,
        rival=ben,
        where=guild.general,
        role=role,
        who=role.id,
        odds=1.5,
        proof={"filename": "a.txt", "content": "aGVsbG8="},
        note="hey",
        wait=False,
    )
    data = sandbox.world.interaction_ids[exchange.id].data
    values = {option["name"]: option["value"] for option in data["options"]}
    proof = values.pop("proof")
    assert values == {
        "side": "b",
        "points": 3,
        "sure": True,
        "rival": ben.id,
        "where": guild.general,
        "role": role.id,
        "who": role.id,
        "odds": 1.5,
        "note": "hey",
    }
    resolved = data["resolved"]
    assert set(resolved["users"]) == set(resolved["members"]) == {ben.id}
    assert "user" not in resolved["members"][ben.id]
    assert set(resolved["roles"]) == {role.id}
    assert set(resolved["channels"]) == {guild.general}
    assert resolved["attachments"][proof]["size"] == 5


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"side": "Green"},
        {"side": "Red", "points": 0},
        {"side": "Red", "points": "3"},
        {"side": "Red", "points": 1.5},
        {"side": "Red", "sure": "yes"},
        {"side": "Red", "rival": "1"},
        {"side": "Red", "where": "1"},
        {"side": "Red", "role": "1"},
        {"side": "Red", "note": "x"},
        {"side": "Red", "note": 5},
        {"side": "Red", "proof": "x"},
        {"side": "Red", "unknown": 1},
    ],
)
async def test_what_a_client_would_not_send_is_refused(
    ann: Persona, bet: None, options: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        await ann.slash("bet", options, wait=False)


async def test_commands_must_be_there(client: SandboxClient, ann: Persona, bet: None) -> None:
    for line in ("nothing", "bet more", ""):
        with pytest.raises(UnknownCommand):
            await ann.slash(line)
    with pytest.raises(UnknownCommand):
        await ann.autocomplete("bet", "nothing", "x")
    with pytest.raises(NotEnabled):
        await ann.autocomplete("bet", "note", "x")
    with pytest.raises(NoModal):
        await ann.submit()


async def test_two_bots_with_one_command_are_ambiguous(
    client: SandboxClient, ann: Persona, bet: None
) -> None:
    other = await client.add_bot("other")
    rest = Rest(client.api_url, other.token)
    await rest("POST", f"/applications/{other.application_id}/commands", COMMAND)
    with pytest.raises(Ambiguous):
        await ann.slash("bet", side="Red")
    await rest.close()


async def test_only_what_is_seen_and_enabled_is_pressed(
    rest: Rest, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    hidden = await client.add_channel(
        guild.id, "hidden", overwrites=[{"id": guild.everyone, "deny": ["VIEW_CHANNEL"]}]
    )
    # The bot's own role cannot see it either; a member's overwrite lets it in.
    state = await client.state()
    bot_id = state["bots"][0]["application_id"]
    await client.set_overwrites(
        hidden.id,
        [
            {"id": guild.everyone, "deny": ["VIEW_CHANNEL"]},
            {"id": bot_id, "allow": ["VIEW_CHANNEL"]},
        ],
    )
    body = {"content": "x", "components": [ROW]}
    secret = (await rest("POST", f"/channels/{hidden.id}/messages", body)).body
    with pytest.raises(NotVisible):
        await ann.press("Confirm")
    with pytest.raises(NotVisible):
        await ann.press(custom_id="confirm", message=secret["id"])
    link = {"type": 2, "style": 5, "label": "Rules", "url": "https://example.com"}
    off = {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": True}
    twin = {"type": 2, "style": 1, "label": "Twin", "custom_id": "a"}
    row = {"type": 1, "components": [link, off, twin, twin | {"custom_id": "b"}]}
    await rest("POST", f"/channels/{guild.general}/messages", body | {"components": [row]})
    for label in ("Rules", "Off"):
        with pytest.raises(NotEnabled):
            await ann.press(label)
    with pytest.raises(Ambiguous):
        await ann.press("Twin")
    assert (await ann.press("Twin", custom_id="b", wait=False)).id


async def test_the_newest_message_here_is_pressed_first(
    sandbox: Sandbox, rest: Rest, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    other = await client.add_channel(guild.id, "other")
    body = {"content": "x", "components": [ROW]}
    sent: list[str] = []
    for channel in (guild.general, guild.general, other.id):
        answer = await rest("POST", f"/channels/{channel}/messages", body)
        sent.append(answer.body["id"])

    async def pressed() -> str:
        exchange = await ann.press("Confirm", wait=False)
        message = sandbox.world.interaction_ids[exchange.id].message
        return message.id if message else ""

    assert await pressed() == sent[1]
    ann.channel = other
    assert await pressed() == sent[2]


async def test_selects_are_checked(rest: Rest, guild: Guild, ann: Persona, ben: Persona) -> None:
    options = [{"label": name, "value": name.lower()} for name in ("Won", "Lost", "Draw")]
    text = {"type": 3, "custom_id": "result", "placeholder": "Result", "options": options}
    rows = [
        {"type": 1, "components": [text | {"max_values": 2}]},
        {"type": 1, "components": [{"type": 8, "custom_id": "where", "channel_types": [2]}]},
        {"type": 1, "components": [{"type": 7, "custom_id": "who"}]},
    ]
    body = {"content": "x", "components": rows}
    await rest("POST", f"/channels/{guild.general}/messages", body)
    assert (await ann.select("Result", ["Won", "draw"], wait=False)).id
    assert (await ann.select("who", ben, wait=False)).id
    for name, values in (
        ("Result", "Unknown"),
        ("Result", []),
        ("Result", ["Won", "Lost", "Draw"]),
        ("where", guild.general),
        ("who", "1"),
    ):
        with pytest.raises(InvalidInput):
            await ann.select(name, values)


async def test_a_stale_press_needs_a_component_that_was_there(
    sandbox: Sandbox, rest: Rest, client: SandboxClient, guild: Guild, ann: Persona
) -> None:
    path = f"/channels/{guild.general}/messages"
    sent = (await rest("POST", path, {"content": "x", "components": [ROW]})).body["id"]
    await rest("PATCH", f"{path}/{sent}", {"components": []})
    with pytest.raises(NotVisible):
        await ann.press("Confirm")
    exchange = await ann.press_stale(sent, "confirm", wait=False)
    inter = raw(sandbox, rest, exchange)
    assert (await inter.answer(4, {"content": "too late", "flags": 64})).status == 204
    with pytest.raises(NotVisible):
        await ann.press_stale(sent, "never")
    await client.delete_message(guild.general, sent)
    with pytest.raises(NotVisible):
        await ann.press_stale(sent, "confirm")


async def test_sees_waits_for_what_is_still_to_come(rest: Rest, guild: Guild, ann: Persona) -> None:
    waiting = asyncio.create_task(ann.sees("later"))
    await asyncio.sleep(0)
    embed = {"title": "x", "fields": [{"name": "when", "value": "later"}]}
    sent = await rest("POST", f"/channels/{guild.general}/messages", {"embeds": [embed]})
    seen = await waiting
    assert seen.id == sent.body["id"]
    with pytest.raises(NotSeen, match="never"):
        await ann.sees("never", timeout=0.05)
    with pytest.raises(NotSeen):
        await ann.sees("later", after=seen, timeout=0.05)


async def test_locale_can_change(client: SandboxClient, ann: Persona, sandbox: Sandbox) -> None:
    await ann.set_locale("fr")
    assert sandbox.world.personas[ann.id].locale == "fr"
