"""The server's side of the page: how it is served, to whom, and what its feed tells."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from yarl import URL

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient, Unknown
from sandbox.page.files import STATIC
from tests.sandbox.conftest import Rest

FILES = ["/", *(f"/page/{file.name}" for file in STATIC.iterdir())]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Tab:
    """An open page, as the server sees it."""

    def __init__(self, socket: "aiohttp.ClientWebSocketResponse[bool]") -> None:
        self.socket = socket

    async def watch(self, *personas: Persona, channel: str | None = None) -> None:
        watch = [{"persona": persona.id, "channel": channel} for persona in personas]
        await self.socket.send_json({"watch": watch})
        while set((await self.next("world"))["views"]) != {persona.id for persona in personas}:
            pass

    async def next(self, kind: str) -> dict[str, Any]:
        """The next note of that type; others before it are passed over."""
        async with asyncio.timeout(5):
            while True:
                note = json.loads((await self.socket.receive()).data)
                if note["type"] == kind:
                    return note


@pytest.fixture
async def tab(sandbox: Sandbox, http: aiohttp.ClientSession) -> AsyncIterator[Tab]:
    async with http.ws_connect(f"{sandbox.url}/sandbox/feed") as socket:
        yield Tab(socket)


# --------------------------------------------------------------------------- files


@pytest.mark.parametrize("path", FILES)
async def test_every_file_comes_under_the_policy(
    sandbox: Sandbox, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(sandbox.url + path) as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert rules["trusted-types"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    if response.content_type == "text/html":
        assert "<script>" not in text
        assert "style=" not in text


def test_no_file_makes_html_out_of_text() -> None:
    """The policy would refuse it anyway, in browsers that know it."""
    for file in STATIC.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in text, f"{file.name}: {way}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/page/nothing.js", 404),
        ("GET", "/page/../server.py", 404),
        ("GET", "/page/%2e%2e/files.py", 404),
        ("GET", "/page/", 404),
        ("HEAD", "/", 200),
        ("POST", "/", 405),
    ],
)
async def test_nothing_else_is_served(
    sandbox: Sandbox, http: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    async with http.request(method, URL(sandbox.url + path, encoded=True)) as response:
        assert response.status == status


@pytest.mark.parametrize("path", ["/", "/page/app.js", "/sandbox/feed"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:PORT"},
        {"Host": "127.0.0.1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_no_other_site_gets_at_it(
    sandbox: Sandbox, http: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    port = sandbox.url.rpartition(":")[2]
    sent = {name: value.replace("PORT", port) for name, value in headers.items()}
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    async with http.get(sandbox.url + path, headers=sent | upgrade) as response:
        assert response.status == 403


async def test_the_feed_is_for_our_own_page(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    async with http.ws_connect(f"{sandbox.url}/sandbox/feed", origin=sandbox.url) as socket:
        assert (await Tab(socket).next("world"))["url"] == sandbox.url
    async with http.get(f"{sandbox.url}/sandbox/feed") as response:
        assert response.status == 426


# --------------------------------------------------------------------------- the feed


async def test_messages_reach_those_who_see_them(
    tab: Tab, rest: Rest, guild: Guild, ann: Persona, ben: Persona
) -> None:
    await tab.watch(ann, ben)
    path = f"/channels/{guild.general}/messages"
    sent = await rest("POST", path, {"content": "hello"})

    notes = [await tab.next("message") for _ in range(2)]
    assert {note["persona"] for note in notes} == {ann.id, ben.id}
    assert {note["message"]["content"] for note in notes} == {"hello"}

    assert all(note["new"] for note in notes)

    await ann.react(sent.body["id"], "👍")
    notes = [await tab.next("message") for _ in range(2)]
    mine = {note["persona"]: note["message"]["reactions"][0]["me"] for note in notes}
    assert mine == {ann.id: True, ben.id: False}
    assert not any(note["new"] for note in notes)

    await rest("DELETE", f"{path}/{sent.body['id']}")
    gone = await tab.next("gone")
    assert (gone["id"], gone["channel"]) == (sent.body["id"], guild.general)


async def test_nobody_hears_of_what_another_sees(
    tab: Tab, client: SandboxClient, bot: Bot, ann: Persona, ben: Persona
) -> None:
    await tab.watch(ben)
    await ann.send(bot, "between us")
    await ben.send(str(ben.channel), "for all")

    assert (await tab.next("message"))["message"]["content"] == "for all"


async def test_channels_people_and_bots_are_told_as_they_come(
    tab: Tab, client: SandboxClient, rest: Rest, guild: Guild, ann: Persona
) -> None:
    await tab.watch(ann)

    await client.add_channel(guild.id, "elsewhere")
    view = (await tab.next("world"))["views"][ann.id]
    assert [channel["name"] for channel in view["channels"]] == ["general", "elsewhere"]
    await client.persona("Zoe")
    assert "Zoe" in {person["name"] for person in (await tab.next("world"))["personas"]}
    thread = await rest("POST", f"/channels/{guild.general}/threads", {"name": "x", "type": 11})
    view = (await tab.next("world"))["views"][ann.id]
    assert {"id": thread.body["id"], "parent": guild.general, "archived": False}.items() <= (
        view["channels"][-1].items()
    )


async def test_an_open_channel_is_told_of_when_it_would_not_be_listed(
    tab: Tab, client: SandboxClient, rest: Rest, guild: Guild, ann: Persona
) -> None:
    path = f"/channels/{guild.general}/threads"
    threads = [(await rest("POST", path, {"name": "x", "type": 11})).body["id"] for _ in range(7)]
    for thread in threads:
        await client.archive_thread(thread)

    await tab.watch(ann)
    await tab.watch(ann, channel=threads[0])
    await client.persona("Zoe")
    shown = {one["id"] for one in (await tab.next("world"))["views"][ann.id]["channels"]}
    assert shown == {guild.general, threads[0], *threads[-5:]}


async def test_the_log_has_requests_with_their_answers_and_events(
    tab: Tab, rest: Rest, guild: Guild
) -> None:
    await rest("POST", f"/channels/{guild.general}/messages", {"content": "hello"})

    row = (await tab.next("rows"))["rows"][-1]
    assert (row["kind"], row["method"], row["status"]) == ("request", "POST", 200)
    assert json.loads(row["request"]) == {"content": "hello"}
    assert json.loads(row["response"])["content"] == "hello"
    await rest("GET", "/users/@me")
    assert len((await tab.next("rows"))["rows"]) == 1


async def test_a_moved_clock_is_told(tab: Tab, client: SandboxClient) -> None:
    before = (await tab.next("clock"))["now"]
    await client.advance(3600)
    assert (await tab.next("clock"))["now"] - before > 3599


async def test_what_makes_no_sense_is_passed_over(tab: Tab, client: SandboxClient) -> None:
    for text in ("{", "[]", '{"watch": 3}', '{"watch": ["x", {"persona": "1"}, {}]}'):
        await tab.socket.send_str(text)
    await client.add_guild("Another")
    while not (await tab.next("world"))["guilds"]:
        pass


async def test_the_end_does_not_wait_for_open_pages(http: aiohttp.ClientSession) -> None:
    sandbox = await Sandbox.start()
    async with http.ws_connect(f"{sandbox.url}/sandbox/feed") as socket:
        async with asyncio.timeout(5):
            await sandbox.close()
        while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        assert socket.closed


# --------------------------------------------------------------------------- endpoints


async def test_the_commands_that_a_persona_may_use(
    sandbox: Sandbox,
    http: aiohttp.ClientSession,
    rest: Rest,
    bot: Bot,
    guild: Guild,
    ann: Persona,
) -> None:
    path = f"/applications/{bot.application_id}/commands"
    commands = [
        {"name": "play", "description": "Play"},
        {"name": "ban", "description": "Ban", "default_member_permissions": "4"},
        {"name": "there", "description": "Elsewhere", "contexts": [1]},
        {"name": "Look", "type": 2},
    ]
    await rest("PUT", path, commands)

    person = f"{sandbox.url}/sandbox/personas/{ann.id}"

    async def offered(channel: str) -> list[str]:
        found = await ask(http, "GET", f"{person}/commands", params={"channel": channel})
        assert {command["application_name"] for command in found} == {"ladderbot"}
        return sorted(command["name"] for command in found)

    assert await offered(guild.general) == ["Look", "play"]
    opened = await ask(http, "POST", f"{person}/dms", json={"bot": bot.user_id})
    assert await offered(opened["id"]) == ["Look", "ban", "play", "there"]


async def test_counters(client: SandboxClient, http: aiohttp.ClientSession) -> None:
    await client.announce_counter("crowd", "Crowd", value=3, least=1, most=5)
    waiting = asyncio.create_task(client.counter("crowd", unlike=3))
    url = f"{client.url}/sandbox/counters/crowd"
    changed = await ask(http, "PATCH", url, json={"value": 9})

    assert changed == {"name": "crowd", "label": "Crowd", "value": 5, "least": 1, "most": 5}
    assert await waiting == 5
    assert await client.counter("crowd") == 5
    assert await client.counter("crowd", unlike=5, timeout=0.01) == 5
    with pytest.raises(Unknown):
        await client.counter("other")


async def test_who_waits_for_a_counter_and_goes_leaves_nothing(client: SandboxClient) -> None:
    await client.announce_counter("crowd", "Crowd")
    waiting = asyncio.create_task(client.counter("crowd", unlike=0))
    await asyncio.sleep(0)
    await client.counter("crowd")
    waiting.cancel()


async def ask(http: aiohttp.ClientSession, method: str, url: str, **options: Any) -> Any:
    async with http.request(method, url, **options) as response:
        assert response.status == 200, await response.text()
        return await response.json()
