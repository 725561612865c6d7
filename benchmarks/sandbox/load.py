"""The load: in turn a message is sent, a message is edited, and an interaction is answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from benchmarks.sandbox.gateway import Interactions
from benchmarks.sandbox.http import HttpConnection
from benchmarks.sandbox.server import Server
from sandbox import SandboxClient

__all__ = ["Driven", "drive"]

CONNECTIONS = 12
PRESSES_AT_ONCE = 50
BUTTON = {"type": 2, "style": 1, "label": "Confirm", "custom_id": "lk1:queue.match:175:confirm"}
MESSAGE: dict[str, object] = {
    "content": "The match of Alice and Bob",
    "embeds": [
        {
            "title": "Match 175",
            "description": "Both confirm, or it ends in five minutes.",
            "fields": [{"name": "Alice", "value": "1510"}, {"name": "Bob", "value": "1498"}],
        }
    ],
    "components": [{"type": 1, "components": [BUTTON]}],
    "allowed_mentions": {"parse": []},
}


@dataclass(slots=True)
class Driven:
    """What came of it."""

    requests: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0
    wrong: dict[int, int] = field(default_factory=dict[int, int])
    """By status: how many were not answered as they should be."""
    samples: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Requests so far, and the bytes that the sandbox held then."""


async def drive(
    server: Server,
    interactions: Interactions,
    requests: int,
    *,
    sample_every: int,
    progress: Callable[[int], None],
) -> Driven:
    """Send that many requests over a few connections, and note the sandbox's memory meanwhile."""
    load = _Load(server, interactions, requests, sample_every, progress)
    await load.prepare()
    before, started = server.cpu_s(), time.perf_counter()
    async with AsyncExitStack() as stack:
        workers = [
            await stack.enter_async_context(HttpConnection(server.url, server.token))
            for _ in range(CONNECTIONS)
        ]
        presser = await stack.enter_async_context(HttpConnection(server.url))
        pressing = asyncio.create_task(load.press(presser))
        await asyncio.gather(*(load.work(worker) for worker in workers))
        load.driven.seconds = time.perf_counter() - started
        load.driven.cpu_s = server.cpu_s() - before
        pressing.cancel()
        await asyncio.gather(pressing, return_exceptions=True)
    return load.driven


class _Load:
    def __init__(
        self,
        server: Server,
        interactions: Interactions,
        requests: int,
        sample_every: int,
        progress: Callable[[int], None],
    ) -> None:
        self.driven = Driven()
        self._server = server
        self._interactions = interactions
        self._requests = requests
        self._sample_every = sample_every
        self._progress = progress
        self._messages = f"/api/v10/channels/{server.channel_id}/messages"
        self._body = json.dumps(MESSAGE).encode()
        self._callback = json.dumps({"type": 7, "data": MESSAGE}).encode()
        self._press_path = ""
        self._press_body = b""

    async def prepare(self) -> None:
        async with SandboxClient(self._server.url) as client:
            await client.set_limits(requests=1_000_000_000)
            persona = await client.persona("Alice")
        self._press_path = f"/sandbox/personas/{persona.id}/press"
        async with HttpConnection(self._server.url, self._server.token) as connection:
            sent = await connection.request("POST", self._messages, self._body)
        self._message_id = json.loads(sent.body)["id"]

    async def press(self, connection: HttpConnection) -> None:
        """Keep a few interactions waiting to be answered; these requests are not counted."""
        while True:
            if self._interactions.qsize() >= PRESSES_AT_ONCE:
                await asyncio.sleep(0.005)
                continue
            answer = await connection.request("POST", self._press_path, self._press_body)
            if answer.status != 200:
                raise RuntimeError(f"the press was refused: {answer.body!r}")

    async def work(self, connection: HttpConnection) -> None:
        """Until all are sent."""
        message_id = await self._send(connection)
        while self.driven.requests < self._requests:
            message_id = await self._send(connection)
            await self._ask(connection, "PATCH", f"{self._messages}/{message_id}", self._body, 200)
            await self._answer(connection)

    async def _send(self, connection: HttpConnection) -> str:
        answer = await self._ask(connection, "POST", self._messages, self._body, 200)
        message_id: str = json.loads(answer)["id"]
        # Always on the newest message: the oldest are forgotten.
        press = {"custom_id": BUTTON["custom_id"], "message": message_id, "wait": False}
        press["message_channel"] = self._server.channel_id
        self._press_body = json.dumps(press).encode()
        return message_id

    async def _answer(self, connection: HttpConnection) -> None:
        interaction_id, token = await self._interactions.get()
        path = f"/api/v10/interactions/{interaction_id}/{token}/callback"
        await self._ask(connection, "POST", path, self._callback, 204, private=True)

    async def _ask(
        self,
        connection: HttpConnection,
        method: str,
        path: str,
        body: bytes,
        wanted: int,
        *,
        private: bool = False,
    ) -> bytes:
        answer = await connection.request(method, path, body, private=private)
        driven = self.driven
        driven.requests += 1
        if answer.status != wanted:
            driven.wrong[answer.status] = driven.wrong.get(answer.status, 0) + 1
        if driven.requests % self._sample_every == 0:
            driven.samples.append((driven.requests, self._server.rss()))
            self._progress(driven.requests)
        return answer.body
