"""A sandbox for each test, with a guild, a bot and two people; every exchange is checked."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient
from tests import openapi


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Fails the test when the sandbox itself failed, or broke Discord's contract."""
    async with await Sandbox.start() as started:
        contract = None
        if openapi.document_path():
            contract = openapi.contract()
            started.observe(contract.observe)
        yield started
    assert started.failures == []
    if contract:
        assert contract.violations() == []


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(sandbox.url) as opened:
        yield opened


@pytest.fixture
async def guild(client: SandboxClient) -> Guild:
    return await client.add_guild("Ladder")


@pytest.fixture
async def bot(client: SandboxClient, guild: Guild) -> Bot:
    return await client.add_bot("ladderbot")


@pytest.fixture
async def ann(client: SandboxClient, guild: Guild) -> Persona:
    return await client.persona("Ann")


@pytest.fixture
async def ben(client: SandboxClient, guild: Guild) -> Persona:
    return await client.persona("Ben", locale="de")


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> int:
        """Discord's error code."""
        return int(self.body["code"])


class Rest:
    """The API as any program would call it."""

    def __init__(self, api_url: str, token: str | None) -> None:
        headers = {"Authorization": f"Bot {token}"} if token else {}
        self._url = api_url
        self._session = aiohttp.ClientSession(headers=headers)

    async def __call__(self, method: str, path: str, body: object = None, **options: Any) -> Answer:
        if body is not None:
            options["json"] = body
        async with self._session.request(method, self._url + path, **options) as response:
            kind = response.headers.get("Content-Type", "")
            answer: Any = await response.json() if kind == "application/json" else None
            return Answer(response.status, answer, dict(response.headers))

    async def close(self) -> None:
        await self._session.close()


@pytest.fixture
async def rest(sandbox: Sandbox, bot: Bot) -> AsyncIterator[Rest]:
    """With the bot's token."""
    opened = Rest(sandbox.api_url, bot.token)
    yield opened
    await opened.close()


@pytest.fixture
async def anonymous(sandbox: Sandbox) -> AsyncIterator[Rest]:
    """Without a token."""
    opened = Rest(sandbox.api_url, None)
    yield opened
    await opened.close()
