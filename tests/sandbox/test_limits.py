"""Rate limits, generous or as Discord's, and what happens beyond them."""

import aiohttp
import pytest

from sandbox import Bot, Guild, InvalidInput, Persona, Sandbox, SandboxClient
from sandbox.ratelimits import Limit, RateLimits
from tests.sandbox.conftest import Answer, Rest
from tests.sandbox.raw_interactions import begin

ME = "/users/@me"


async def until_refused(rest: Rest, method: str, path: str, body: object = None) -> list[Answer]:
    answers: list[Answer] = []
    while not answers or answers[-1].status != 429:
        assert len(answers) < 200
        answers.append(await rest(method, path, body))
    return answers


async def test_a_bucket_is_told_of_and_refuses(
    sandbox: Sandbox, client: SandboxClient, rest: Rest
) -> None:
    sandbox.limits = RateLimits(sandbox.clock, Limit(2, 60))

    first, second, third = await until_refused(rest, "GET", ME)

    assert first.headers["X-RateLimit-Limit"] == "2"
    assert first.headers["X-RateLimit-Remaining"] == "1"
    assert 59 < float(first.headers["X-RateLimit-Reset-After"]) <= 60
    assert float(first.headers["X-RateLimit-Reset"]) > sandbox.clock.now()
    assert second.headers["X-RateLimit-Remaining"] == "0"
    assert third.headers["X-RateLimit-Bucket"] == first.headers["X-RateLimit-Bucket"]
    assert third.headers["X-RateLimit-Scope"] == "user"
    assert third.headers["Via"]
    assert third.body["message"] == "You are being rate limited."
    assert third.body["global"] is False
    assert 0 < third.body["retry_after"] <= int(third.headers["Retry-After"])
    await client.advance(61)
    assert (await rest("GET", ME)).status == 200


async def test_a_bucket_is_one_channels(client: SandboxClient, guild: Guild, rest: Rest) -> None:
    await client.set_limits(profile="discord")
    other = await client.add_channel(guild.id, "other")
    path = "/channels/{}/messages"

    answers = await until_refused(rest, "POST", path.format(guild.general), {"content": "x"})

    assert len(answers) == 6
    elsewhere = await rest("POST", path.format(other.id), {"content": "x"})
    assert elsewhere.status == 200


async def test_fifty_requests_a_second_are_the_most_of_a_bot(
    client: SandboxClient, bot: Bot, rest: Rest
) -> None:
    await client.set_limits(overall=50)
    other = await client.add_bot("other")
    second = Rest(client.api_url, other.token)

    refused = (await until_refused(rest, "GET", ME))[-1]

    assert refused.body["global"] is True
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert refused.headers["X-RateLimit-Scope"] == "global"
    assert "X-RateLimit-Bucket" not in refused.headers
    assert (await second("GET", ME)).status == 200, "each bot has its own"
    await second.close()


async def test_answers_to_interactions_are_exempt(
    sandbox: Sandbox, client: SandboxClient, bot: Bot, rest: Rest, ann: Persona
) -> None:
    inter = await begin(sandbox, rest, ann, bot.application_id)
    await client.set_limits(overall=1, seconds=3600)
    await client.advance(2)
    await until_refused(rest, "GET", ME)

    answered = await inter.answer(4, {"content": "x"})
    assert answered.status == 204
    assert not [name for name in answered.headers if name.startswith("X-RateLimit")]
    assert (await inter.follow_up({"content": "y"})).status == 200
    assert (await inter.original("PATCH", {"content": "z"})).status == 200


async def test_edits_of_old_messages_are_limited_further(
    client: SandboxClient, guild: Guild, rest: Rest
) -> None:
    await client.set_limits(old_edits=2)
    path = f"/channels/{guild.general}/messages"
    old = (await rest("POST", path, {"content": "old"})).body["id"]
    await client.advance(3601)
    young = (await rest("POST", path, {"content": "young"})).body["id"]

    answers = await until_refused(rest, "PATCH", f"{path}/{old}", {"content": "edited"})

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[-1].code == 30046
    assert answers[-1].body["retry_after"] > 3000
    assert answers[-1].headers["X-RateLimit-Scope"] == "shared"
    assert (await rest("PATCH", f"{path}/{young}", {"content": "edited"})).status == 200
    await client.advance(3601)
    assert (await rest("PATCH", f"{path}/{old}", {"content": "edited"})).status == 200


async def test_who_ignores_refusals_is_banned(
    sandbox: Sandbox, client: SandboxClient, anonymous: Rest
) -> None:
    await client.set_limits(invalid=3)
    for _ in range(3):
        assert (await anonymous("GET", ME)).status == 401

    async with aiohttp.ClientSession() as session, session.get(sandbox.api_url + ME) as banned:
        assert banned.status == 429
        assert "Via" not in banned.headers
        assert await banned.text() == "error code: 1015"
        assert 500 < int(banned.headers["Retry-After"]) <= 600
    await client.advance(601)
    assert (await anonymous("GET", ME)).status == 401


async def test_limits_are_shown_and_changed_one_by_one(client: SandboxClient) -> None:
    strict = await client.set_limits(profile="discord", max_concurrency=16)
    assert (strict["overall"], strict["identify_s"], strict["invalid"]) == (50, 5.0, 10_000)
    assert strict["max_concurrency"] == 16
    assert strict["routes"]["POST /channels/{channel_id}/messages"]["requests"] == 5
    loose = await client.set_limits(overall=0, heartbeat_s=1)
    assert (loose["overall"], loose["max_concurrency"], loose["heartbeat_s"]) == (0, 16, 1)
    assert (await client.set_limits(profile="generous"))["requests"] == 1_000


@pytest.mark.parametrize(
    ("name", "value"), [("profile", "strict"), ("requests", 0), ("frames", "120"), ("speed", 1)]
)
async def test_limits_that_make_no_sense_are_refused(
    client: SandboxClient, name: str, value: object
) -> None:
    limits: dict[str, object] = {name: value}
    with pytest.raises(InvalidInput):
        await client.set_limits(**limits)  # pyright: ignore[reportArgumentType]
