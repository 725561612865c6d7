"""A gateway client of a few lines, for what libraries do not show."""

import json
import zlib
from types import TracebackType
from typing import Any, Self

import aiohttp


class GatewayClient:
    """One connection; ``events`` are those received so far."""

    def __init__(
        self, url: str, *, compress: bool = False, version: int = 10, hello: bool = True
    ) -> None:
        self._url = f"ws{url.removeprefix('http')}/gateway?v={version}&encoding=json"
        self._hello = hello
        if compress:
            self._url += "&compress=zlib-stream"
        self._inflate = zlib.decompressobj() if compress else None
        self._session = aiohttp.ClientSession()
        self._socket: aiohttp.ClientWebSocketResponse[bool] | None = None
        self.sequence = 0
        self.session_id = ""

    async def __aenter__(self) -> Self:
        self._socket = await self._session.ws_connect(self._url)
        if not self._hello:
            return self
        hello = await self.receive()
        assert hello["op"] == 10
        assert hello["d"]["heartbeat_interval"] > 0
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self, code: int = 1000) -> None:
        if self._socket:
            await self._socket.close(code=code)
        await self._session.close()

    @property
    def socket(self) -> "aiohttp.ClientWebSocketResponse[bool]":
        assert self._socket is not None
        return self._socket

    async def send(self, op: int, data: object) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def receive(self) -> dict[str, Any]:
        message = await self.socket.receive(timeout=5)
        if message.type is aiohttp.WSMsgType.CLOSE:
            raise Closed(int(message.data))
        raw = message.data
        if self._inflate:
            raw = self._inflate.decompress(raw)
        frame: dict[str, Any] = json.loads(raw)
        if frame.get("s"):
            self.sequence = frame["s"]
        return frame

    async def wait_for(self, event: str) -> dict[str, Any]:
        """The data of the next event of that name; others before it are passed over."""
        while True:
            frame = await self.receive()
            if frame["t"] == event:
                data: dict[str, Any] = frame["d"]
                return data

    async def identify(
        self, token: str, *, intents: int = 1, shard: list[int] | None = None
    ) -> dict[str, Any]:
        """Returns the data of READY."""
        data: dict[str, Any] = {"token": token, "intents": intents, "properties": {}}
        if shard:
            data["shard"] = shard
        await self.send(2, data)
        ready = await self.wait_for("READY")
        self.session_id = ready["session_id"]
        return ready

    async def resume(self, token: str, session_id: str, sequence: int) -> None:
        await self.send(6, {"token": token, "session_id": session_id, "seq": sequence})

    async def closed(self) -> int:
        """The code with which the sandbox closes, whatever it sends before."""
        try:
            while True:
                await self.receive()
        except Closed as closed:
            return closed.code


class Closed(Exception):
    """The sandbox closed the connection."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
