"""The errors a bot meets, each as Discord sends it."""

import io

import aiohttp
import pytest

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient
from tests.sandbox.conftest import Rest

LONG = "x" * 2001
BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}


def row(*components: object) -> dict[str, object]:
    return {"type": 1, "components": list(components)}


async def test_without_a_token_nothing_is_answered(
    anonymous: Rest, sandbox: Sandbox, bot: Bot
) -> None:
    answer = await anonymous("GET", "/users/@me")
    assert answer.status == 401
    assert answer.body == {"message": "401: Unauthorized", "code": 0}
    wrong = Rest(sandbox.api_url, bot.token + "x")
    assert (await wrong("GET", "/users/@me")).status == 401
    await wrong.close()


async def test_json_has_no_charset_and_limits_are_told(rest: Rest) -> None:
    answer = await rest("GET", "/users/@me")
    assert answer.headers["Content-Type"] == "application/json"
    for name in ("Limit", "Remaining", "Reset", "Reset-After", "Bucket"):
        assert f"X-RateLimit-{name}" in answer.headers


async def test_a_route_that_is_not_modelled_says_so() -> None:
    async with (
        await Sandbox.start() as sandbox,
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.api_url}/guilds/1/audit-logs") as response,
    ):
        assert response.status == 501
        assert "GET /guilds/1/audit-logs" in (await response.json())["message"]


async def test_older_versions_of_the_api_answer_too(sandbox: Sandbox, bot: Bot) -> None:
    for prefix in ("/api/v9", "/api"):
        rest = Rest(sandbox.url + prefix, bot.token)
        assert (await rest("GET", "/users/@me")).status == 200
        await rest.close()


async def test_a_known_path_with_another_method_is_405() -> None:
    async with (
        await Sandbox.start() as sandbox,
        aiohttp.ClientSession() as session,
        session.put(f"{sandbox.api_url}/users/@me") as response,
    ):
        assert response.status == 405


async def test_what_is_not_json_is_50109(rest: Rest, guild: Guild) -> None:
    path = f"/channels/{guild.general}/messages"
    headers = {"Content-Type": "application/json"}
    answer = await rest("POST", path, data="{", headers=headers)
    assert (answer.status, answer.code) == (400, 50109)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/channels/1", 404, 10003),
        ("POST", "/channels/1/messages", 404, 10003),
        ("GET", "/guilds/1", 404, 10004),
        ("GET", "/guilds/{guild}/members/1", 404, 10013),
        ("GET", "/channels/{general}/messages/1", 404, 10008),
        ("PATCH", "/channels/{general}/messages/1", 404, 10008),
        ("GET", "/guilds/{guild}/roles/1", 404, 10011),
        ("GET", "/users/1", 404, 10013),
        ("GET", "/applications/1/commands", 404, 10002),
        ("GET", "/applications/{bot}/commands/1", 404, 10063),
        ("GET", "/channels/nonsense", 400, 50035),
        ("GET", "/channels/{general}/thread-members", 400, 50024),
        ("GET", "/guilds/{guild}/members", 403, 50001),
    ],
)
async def test_what_is_unknown_has_its_code(
    rest: Rest, guild: Guild, bot: Bot, method: str, path: str, status: int, code: int
) -> None:
    path = path.format(guild=guild.id, general=guild.general, bot=bot.application_id)
    answer = await rest(method, path, {} if method != "GET" else None)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": LONG}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4000}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
        (
            {"embeds": [{"fields": [{"value": "x"}]}]},
            "embeds.0.fields.0.name",
            "BASE_TYPE_REQUIRED",
        ),
        ({"components": [row(BUTTON)] * 6}, "components", "BASE_TYPE_MAX_LENGTH"),
        (
            {"components": [row(*[BUTTON] * 6)]},
            "components.0.components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": [row(BUTTON, BUTTON)]},
            "components.0.components.1.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {"components": [row(BUTTON | {"custom_id": "x" * 101})]},
            "components.0.components.0.custom_id",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": [row(BUTTON | {"label": "x" * 81})]},
            "components.0.components.0.label",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"components": [row({"type": 3, "custom_id": "s", "options": []})]},
            "components.0.components.0.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {
                "components": [
                    row(
                        {
                            "type": 3,
                            "custom_id": "s",
                            "options": [{"label": str(n), "value": str(n)} for n in range(26)],
                        }
                    )
                ]
            },
            "components.0.components.0.options",
            "BASE_TYPE_BAD_LENGTH",
        ),
        ({"components": [{"type": 10, "content": "x"}]}, "components.0.type", "BASE_TYPE_CHOICES"),
        (
            {"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "x"}]},
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        (
            {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 41},
            "components",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 3000}] * 2},
            "components",
            "COMPONENT_MAX_TOTAL_TEXT_SIZE_EXCEEDED",
        ),
        ({"content": "x", "nonce": "x" * 26}, "nonce", "BASE_TYPE_MAX_LENGTH"),
        ({"content": []}, "content", "STRING_TYPE_CONVERT"),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions",
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (
            {"content": "x", "message_reference": {"message_id": "1"}},
            "message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
        ),
    ],
)
async def test_a_wrong_message_says_where(
    rest: Rest, guild: Guild, body: dict[str, object], path: str, code: str
) -> None:
    answer = await rest("POST", f"/channels/{guild.general}/messages", body)
    assert (answer.status, answer.code) == (400, 50035)
    assert answer.body["message"] == "Invalid Form Body"
    node = answer.body["errors"]
    for step in path.split("."):
        node = node[step]
    assert [error["code"] for error in node["_errors"]][:1] == [code]


async def test_an_empty_message_is_50006(rest: Rest, guild: Guild) -> None:
    path = f"/channels/{guild.general}/messages"
    bodies: list[dict[str, object]] = [{}, {"content": " "}, {"embeds": []}]
    for body in bodies:
        assert (await rest("POST", path, body)).code == 50006
    sent = await rest("POST", path, {"content": "x"})
    emptied = await rest("PATCH", f"{path}/{sent.body['id']}", {"content": ""})
    assert emptied.code == 50006


async def test_another_bots_message_cannot_be_edited(
    rest: Rest, guild: Guild, ann: Persona
) -> None:
    said = await ann.send(guild.general, "mine")
    path = f"/channels/{guild.general}/messages/{said.id}"
    assert (await rest("PATCH", path, {"content": "yours"})).code == 50005
    assert (await rest("DELETE", path)).status == 204


async def test_a_file_that_is_too_large_is_40005(rest: Rest, guild: Guild) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", "{}", content_type="application/json")
    form.add_field("files[0]", io.BytesIO(bytes(10 * 1024 * 1024 + 1)), filename="big.bin")
    answer = await rest("POST", f"/channels/{guild.general}/messages", data=form)
    assert (answer.status, answer.code) == (413, 40005)


@pytest.mark.parametrize(
    ("refusal", "status", "at"), [(50007, 403, "send"), (50278, 403, "send"), (40003, 403, "open")]
)
async def test_direct_messages_are_refused(
    client: SandboxClient, rest: Rest, guild: Guild, refusal: int, status: int, at: str
) -> None:
    shy = await client.persona("Shy", refuses_dms=True, refusal=refusal)
    opened = await rest("POST", "/users/@me/channels", {"recipient_id": shy.id})
    if at == "open":
        assert (opened.status, opened.code) == (status, refusal)
        return
    path = f"/channels/{opened.body['id']}/messages"
    sent = await rest("POST", path, {"content": "hello"})
    assert (sent.status, sent.code) == (status, refusal)
    await shy.refuse_dms(False)
    assert (await rest("POST", path, {"content": "hello"})).status == 200


async def test_a_stranger_cannot_be_written_to(client: SandboxClient, rest: Rest) -> None:
    stranger = await client.persona("Stranger", guilds=[])
    opened = await rest("POST", "/users/@me/channels", {"recipient_id": stranger.id})
    sent = await rest("POST", f"/channels/{opened.body['id']}/messages", {"content": "hello"})
    assert (sent.status, sent.code) == (403, 50278)
