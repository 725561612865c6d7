"""Faults on demand, as a bot meets them over HTTP."""

import asyncio
from typing import Any

import aiohttp
import pytest

from sandbox import Bot, FaultError, Guild, InvalidInput, Sandbox, SandboxClient, Unknown
from tests.sandbox.conftest import Rest

ME = "/users/@me"


@pytest.fixture
def channel(guild: Guild) -> str:
    """The path of its messages."""
    return f"/channels/{guild.general}/messages"


async def contents(rest: Rest, channel: str) -> list[str]:
    return [message["content"] for message in (await rest("GET", channel)).body]


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({}, 500, 0),
        ({"status": 403}, 403, 0),
        ({"code": 10008}, 404, 10008),
        ({"code": 30046}, 429, 30046),
        ({"code": 50007}, 403, 50007),
        ({"code": 99999, "message": "new"}, 400, 99999),
        ({"code": 50013, "status": 400}, 400, 50013),
    ],
)
async def test_a_request_fails_as_often_as_wanted(
    rest: Rest,
    client: SandboxClient,
    channel: str,
    options: dict[str, Any],
    status: int,
    code: int,
) -> None:
    await client.fault("error", method="POST", path="/channels/*/messages", count=2, **options)

    answers = [await rest("POST", channel, {"content": "x"}) for _ in range(3)]

    assert [answer.status for answer in answers] == [status, status, 200]
    assert answers[0].code == code
    assert answers[0].body["message"]
    assert await contents(rest, channel) == ["x"]


async def test_what_stands_before_discord_answers_in_html(
    rest: Rest, client: SandboxClient
) -> None:
    await client.fault("error", status=502, path=ME)

    answer = await rest("GET", ME)

    assert answer.status == 502
    assert answer.headers["Content-Type"].startswith("text/html")


async def test_an_answer_can_be_lost_after_the_effect(
    rest: Rest, client: SandboxClient, channel: str
) -> None:
    await client.fault("error", status=504, method="POST", effect=True, count=1)

    assert (await rest("POST", channel, {"content": "arrived"})).status == 504

    assert await contents(rest, channel) == ["arrived"]


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_a_429_is_discords(rest: Rest, client: SandboxClient, scope: str) -> None:
    await client.fault("rate_limit", path=ME, seconds=1.5, scope=scope, count=1)

    answer = await rest("GET", ME)

    assert answer.status == 429
    assert answer.body == {
        "message": "You are being rate limited.",
        "code": 0,
        "retry_after": 1.5,
        "global": scope == "global",
    }
    assert answer.headers["Retry-After"] == "2"
    assert answer.headers["X-RateLimit-Scope"] == scope
    assert ("X-RateLimit-Global" in answer.headers) == (scope == "global")
    assert answer.headers["Via"]
    assert (await rest("GET", ME)).status == 200


@pytest.mark.parametrize("effect", [False, True])
async def test_a_connection_is_reset(
    rest: Rest, client: SandboxClient, channel: str, effect: bool
) -> None:
    await client.fault("reset", method="POST", effect=effect, count=1)

    with pytest.raises(aiohttp.ClientConnectionError):
        await rest("POST", channel, {"content": "x"})

    assert await contents(rest, channel) == (["x"] if effect else [])
    row = (await client.requests(method="POST", path="/messages"))[-1]
    assert (row["status"], row["fault"]) == (0, "1")


@pytest.mark.parametrize("effect", [False, True])
async def test_a_request_is_never_answered(
    rest: Rest, client: SandboxClient, channel: str, effect: bool
) -> None:
    await client.fault("hang", method="POST", effect=effect, count=1)

    with pytest.raises(TimeoutError):
        await rest("POST", channel, {"content": "x"}, timeout=aiohttp.ClientTimeout(total=0.1))

    assert await contents(rest, channel) == (["x"] if effect else [])


async def test_what_hangs_loses_its_connection_when_the_fault_goes(
    rest: Rest, client: SandboxClient, channel: str
) -> None:
    fault = await client.fault("hang", method="POST")
    hanging = asyncio.create_task(rest("POST", channel, {"content": "x"}))
    while not (await client.faults())[0]["hits"]:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)

    await client.remove_fault(fault["id"])

    with pytest.raises(aiohttp.ClientConnectionError):
        await hanging
    assert (await rest("GET", ME)).status == 200


@pytest.mark.parametrize("effect", [False, True])
async def test_a_delay_passes_in_the_sandboxs_time(
    sandbox: Sandbox, rest: Rest, client: SandboxClient, channel: str, effect: bool
) -> None:
    fault = sandbox.fault("delay", method="POST", seconds=600, effect=effect)
    sending = asyncio.create_task(rest("POST", channel, {"content": "late"}))
    while not fault.hits:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)
    assert await contents(rest, channel) == (["late"] if effect else [])

    await client.advance(601)

    assert (await sending).status == 200
    assert await contents(rest, channel) == ["late"]


async def test_delays_add_up_and_the_first_other_fault_decides(
    sandbox: Sandbox, rest: Rest, client: SandboxClient
) -> None:
    for status in (500, 503):
        sandbox.fault("delay", seconds=100)
        sandbox.fault("error", status=status, message="away")
    asking = asyncio.create_task(rest("GET", ME))
    while not sandbox.faults.all()[0].hits:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)

    await client.advance(101)

    assert (await asking).status == 500
    assert [fault.hits for fault in sandbox.faults.all()] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/channels/*", "/channels/1", True),
        ("/channels/*", "/channels/1/messages", False),
        ("/channels/**", "/channels/1/messages/2", True),
        ("/channels/{channel_id}/messages", "/channels/1/messages", True),
        ("/channels/{channel_id}/messages", "/channels/1/messages/2", False),
        ("/webhooks/*/*/messages/@original", "/webhooks/1/a.b-c/messages/@original", True),
        ("/webhooks/*/a.b", "/webhooks/1/axb", False),
        ("/**/messages/17", "/channels/1/messages/17", True),
    ],
)
async def test_paths_are_matched_by_parts(
    sandbox: Sandbox, pattern: str, path: str, fits: bool
) -> None:
    fault = sandbox.fault("reset", path=pattern)

    assert fault.fits_request("GET", path, None) == fits


async def test_chance_is_repeatable_and_some_are_let_through_first(
    sandbox: Sandbox, rest: Rest
) -> None:
    async def strikes() -> list[int]:
        sandbox.faults.clear()
        sandbox.fault("error", path=ME, probability=0.5, seed=7, skip=3)
        return [(await rest("GET", ME)).status for _ in range(23)]

    first = await strikes()

    assert first[:3] == [200] * 3
    assert 4 < first.count(500) < 16
    assert await strikes() == first


async def test_one_bot_is_struck_and_another_is_not(
    rest: Rest, client: SandboxClient, bot: Bot
) -> None:
    other = await client.add_bot("other")
    await client.fault("error", bot=other.application_id)
    second = Rest(client.api_url, other.token)

    assert (await rest("GET", ME)).status == 200
    assert (await second("GET", ME)).status == 500

    await second.close()


async def test_faults_are_listed_and_removed(rest: Rest, client: SandboxClient) -> None:
    made = await client.fault("error", method="get", path=ME, status=503, count=1)
    await client.slow_down(0)
    await rest("GET", ME)

    first, slow, slow_events = await client.faults()

    assert first["id"] == made["id"]
    assert (first["hits"], first["over"], first["method"]) == (1, True, "GET")
    assert (slow["do"], slow["over"]) == ("delay", False)
    assert (slow_events["event"], "path" in slow_events) == ("*", False)
    await client.remove_fault(first["id"])
    with pytest.raises(Unknown):
        await client.remove_fault(first["id"])
    await client.clear_faults()
    assert await client.faults() == []


@pytest.mark.parametrize(
    "options",
    [
        {"do": "explode"},
        {"do": "drop"},
        {"do": "hang", "event": "READY"},
        {"do": "error", "unheard": 1},
        {"do": "error", "status": 200},
        {"do": "error", "status": "500"},
        {"do": "error", "count": 0},
        {"do": "error", "count": True},
        {"do": "error", "probability": 2},
        {"do": "error", "path": "channels"},
        {"do": "delay", "seconds": -1},
        {"do": "rate_limit", "scope": "all"},
        {"do": "close", "event": "READY", "code": 200},
    ],
)
async def test_what_makes_no_sense_is_refused(
    sandbox: Sandbox, client: SandboxClient, options: dict[str, Any]
) -> None:
    with pytest.raises(FaultError):
        sandbox.fault(**options)
    with pytest.raises(InvalidInput):
        await client.fault(**options)
    assert sandbox.faults.all() == []


async def test_a_fault_in_code(sandbox: Sandbox, rest: Rest) -> None:
    asked: list[str] = []

    def answer(method: str, path: str) -> tuple[int, object] | None:
        asked.append(f"{method} {path}")
        return (418, {"message": "teapot", "code": 0}) if len(asked) == 1 else None

    sandbox.intercept(answer)

    assert [(await rest("GET", ME)).status for _ in range(2)] == [418, 200]
    assert asked == [f"GET {ME}"] * 2
