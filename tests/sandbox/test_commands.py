"""Registering application commands."""

import pytest

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient, UnknownCommand
from tests.sandbox.conftest import Rest

QUEUE = {"name": "queue", "description": "The queue"}


def option(name: str, **more: object) -> dict[str, object]:
    return {"type": 3, "name": name, "description": "An option"} | more


async def test_commands_are_made_changed_and_deleted(rest: Rest, bot: Bot) -> None:
    base = f"/applications/{bot.application_id}/commands"
    made = await rest("POST", base, QUEUE)
    assert made.status == 201
    again = await rest("POST", base, QUEUE | {"description": "Another"})
    assert (again.status, again.body["id"]) == (200, made.body["id"])
    assert again.body["version"] != made.body["version"]
    one = f"{base}/{made.body['id']}"
    changed = await rest("PATCH", one, {"description": "Changed"})
    assert changed.body["description"] == "Changed"
    assert (await rest("GET", one)).body == changed.body
    assert [command["name"] for command in (await rest("GET", base)).body] == ["queue"]
    assert (await rest("DELETE", one)).status == 204
    assert (await rest("GET", base)).body == []


async def test_overwriting_keeps_the_ids_of_what_stays(rest: Rest, bot: Bot, guild: Guild) -> None:
    base = f"/applications/{bot.application_id}/guilds/{guild.id}/commands"
    other = {"name": "other", "description": "Other"}
    first = (await rest("PUT", base, [QUEUE, other])).body
    second = (await rest("PUT", base, [QUEUE | {"description": "New"}])).body
    assert [command["id"] for command in second] == [first[0]["id"]]
    third = (await rest("PUT", base, [QUEUE | {"description": "New"}])).body
    assert third[0]["version"] == second[0]["version"]
    assert (await rest("GET", f"{base}/permissions")).body == []
    one = f"{base}/{first[0]['id']}"
    assert (await rest("GET", one)).body["guild_id"] == guild.id
    assert (await rest("PATCH", one, {"description": "x"})).body["description"] == "x"
    assert (await rest("DELETE", one)).status == 204


@pytest.mark.parametrize(
    ("command", "path", "code"),
    [
        ({"name": "Queue", "description": "x"}, "name", "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "a b", "description": "x"}, "name", "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "x" * 33, "description": "x"}, "name", "BASE_TYPE_BAD_LENGTH"),
        ({"description": "x"}, "name", "BASE_TYPE_REQUIRED"),
        ({"name": "x"}, "description", "BASE_TYPE_REQUIRED"),
        ({"name": "x", "description": "x" * 101}, "description", "BASE_TYPE_BAD_LENGTH"),
        (
            QUEUE | {"options": [option(f"o{n}") for n in range(26)]},
            "options",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            QUEUE | {"options": [option("a"), option("a")]},
            "options.1.name",
            "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        ),
        (
            QUEUE | {"options": [option("a"), option("b", required=True)]},
            "options.1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            QUEUE | {"options": [option("a", choices=[{"name": "x"}])]},
            "options.0.choices.0.value",
            "BASE_TYPE_REQUIRED",
        ),
        (
            QUEUE | {"options": [{"type": 1, "name": "a", "description": "x"}, option("b")]},
            "options",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (QUEUE | {"options": [option("a", type=99)]}, "options.0.type", "BASE_TYPE_CHOICES"),
        (QUEUE | {"type": 9}, "type", "BASE_TYPE_CHOICES"),
    ],
)
async def test_a_wrong_command_says_where(
    rest: Rest, bot: Bot, command: dict[str, object], path: str, code: str
) -> None:
    base = f"/applications/{bot.application_id}/commands"
    for method, body, prefix in (
        ("POST", command, ()),
        ("PUT", [QUEUE | {"name": "ok"}, command], ("1",)),
    ):
        answer = await rest(method, base, body)
        assert (answer.status, answer.code) == (400, 50035)
        node = answer.body["errors"]
        for step in (*prefix, *path.split(".")):
            node = node[step]
        assert node["_errors"][0]["code"] == code


async def test_names_are_unique_within_a_list(rest: Rest, bot: Bot) -> None:
    answer = await rest("PUT", f"/applications/{bot.application_id}/commands", [QUEUE, QUEUE])
    errors = answer.body["errors"]["1"]["_errors"]
    assert errors[0]["code"] == "APPLICATION_COMMANDS_DUPLICATE_NAME"


async def test_a_hundred_commands_are_the_most(rest: Rest, bot: Bot) -> None:
    base = f"/applications/{bot.application_id}/commands"
    many = [QUEUE | {"name": f"c{number}"} for number in range(101)]
    assert (await rest("PUT", base, many)).code == 30032
    assert (await rest("PUT", base, many[:100])).status == 200
    assert (await rest("POST", base, many[100])).code == 30032


async def test_commands_of_a_guild_are_for_that_guild(
    sandbox: Sandbox, rest: Rest, client: SandboxClient, bot: Bot, guild: Guild, ann: Persona
) -> None:
    base = f"/applications/{bot.application_id}/guilds/{guild.id}/commands"
    await rest("PUT", base, [QUEUE])
    elsewhere = await client.add_guild("Elsewhere")
    await client.join(elsewhere.id, ann.id)
    assert (await ann.slash("queue", wait=False)).id
    with pytest.raises(UnknownCommand):
        await ann.slash("queue", channel=elsewhere.general)
    await client.kick(elsewhere.id, bot.user_id)
    outside = await rest("GET", base.replace(guild.id, elsewhere.id))
    assert (outside.status, outside.code) == (403, 50001)
