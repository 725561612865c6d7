"""The bot's side of the gateway: it takes the tokens of interactions and lets all else go by."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp

__all__ = ["Interactions", "listen"]

GUILDS_AND_MESSAGES = 1 | 1 << 9
WANTED = '{"t":"INTERACTION_CREATE"'
HEARTBEAT_S = 30.0

Interactions = asyncio.Queue[tuple[str, str]]
"""Id and token of each."""


@asynccontextmanager
async def listen(url: str, token: str) -> AsyncGenerator[Interactions]:
    """Identified and kept alive while the block runs."""
    queue: Interactions = asyncio.Queue()
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{url}/gateway?v=10&encoding=json", max_msg_size=0) as socket,
    ):
        identity: dict[str, object] = {
            "token": token,
            "intents": GUILDS_AND_MESSAGES,
            "properties": {},
        }
        await socket.send_json({"op": 2, "d": identity})
        reading = asyncio.create_task(_read(socket, queue))
        beating = asyncio.create_task(_beat(socket))
        try:
            yield queue
        finally:
            for task in (reading, beating):
                task.cancel()
            await asyncio.gather(reading, beating, return_exceptions=True)


async def _read(socket: aiohttp.ClientWebSocketResponse[bool], queue: Interactions) -> None:
    async for message in socket:
        if message.type is aiohttp.WSMsgType.TEXT and message.data.startswith(WANTED):
            data = json.loads(message.data)["d"]
            queue.put_nowait((data["id"], data["token"]))


async def _beat(socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        await socket.send_json({"op": 1, "d": None})
