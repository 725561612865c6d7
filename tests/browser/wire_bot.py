"""A bot of no library: it answers interactions with whatever JSON a test gives it."""

import asyncio
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from sandbox import Bot, Sandbox

Answer = dict[str, Any] | None
"""The body of a callback, ``{"type", "data"}``; None leaves the interaction without one."""

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15


class WireBot:
    """Logged in while the block runs.

    ``answers`` are found by the name of a command, ``name?`` for its autocomplete, or a custom id;
    each is called with the interaction. ``got`` holds the interactions that came.
    """

    def __init__(self, sandbox: Sandbox, account: Bot) -> None:
        self.answers: dict[str, Callable[[dict[str, Any]], Answer]] = {}
        self.got: list[dict[str, Any]] = []
        self._sandbox = sandbox
        self._account = account
        self._session = aiohttp.ClientSession(headers={"Authorization": f"Bot {account.token}"})
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._live(ready))
        async with asyncio.timeout(5):
            await ready.wait()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._session.close()

    async def rest(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        """A request to Discord, which must succeed."""
        if body is not None:
            options["json"] = body
        url = self._sandbox.api_url + path
        async with self._session.request(method, url, **options) as response:
            assert response.status < 300, await response.text()
            return await response.json() if response.status != 204 else None

    async def commands(self, *commands: dict[str, Any]) -> None:
        """Register these."""
        path = f"/applications/{self._account.application_id}/commands"
        await self.rest("PUT", path, list(commands))

    async def send(self, channel_id: str, body: dict[str, Any]) -> dict[str, Any]:
        sent: dict[str, Any] = await self.rest("POST", f"/channels/{channel_id}/messages", body)
        return sent

    async def _live(self, ready: asyncio.Event) -> None:
        url = f"ws{self._sandbox.url.removeprefix('http')}/gateway?v=10&encoding=json"
        async with self._session.ws_connect(url) as socket:
            identify: dict[str, Any] = {
                "token": self._account.token,
                "intents": 1 << 0,
                "properties": {},
            }
            await socket.send_json({"op": 2, "d": identify})
            async for message in socket:
                frame = json.loads(message.data)
                if frame["t"] == "READY":
                    ready.set()
                elif frame["t"] == "INTERACTION_CREATE":
                    await self._answer(frame["d"])

    async def _answer(self, interaction: dict[str, Any]) -> None:
        self.got.append(interaction)
        data = interaction["data"]
        key = data.get("custom_id") or data["name"]
        if interaction["type"] == 4:
            key += "?"
        answer = self.answers[key](interaction) if key in self.answers else None
        if answer is not None:
            path = f"/interactions/{interaction['id']}/{interaction['token']}/callback"
            await self.rest("POST", path, answer)
