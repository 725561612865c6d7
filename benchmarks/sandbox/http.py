"""An HTTP client that costs next to nothing, so that the sandbox is what is measured."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

__all__ = ["Answer", "HttpConnection"]

END = b"\r\n\r\n"


@dataclass(slots=True, frozen=True)
class Answer:
    status: int
    body: bytes


class HttpConnection(asyncio.Protocol):
    """One connection that is kept open; one request at a time. An async context manager."""

    def __init__(self, url: str, token: str = "") -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        authorization = f"Authorization: Bot {token}\r\n" if token else ""
        self._headers = f"Host: {parts.netloc}\r\n{authorization}"
        self._buffer = b""
        self._waiter: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self, self._host, self._port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._transport is not None:
            self._transport.close()

    async def request(
        self, method: str, path: str, body: bytes, *, private: bool = False
    ) -> Answer:
        """Send JSON; ``private`` without the token, as answers to interactions go."""
        if self._transport is None:
            raise RuntimeError("not connected")
        headers = self._headers.partition("\r\n")[0] + "\r\n" if private else self._headers
        head = (
            f"{method} {path} HTTP/1.1\r\n{headers}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(head.encode() + body)
        return await self._waiter

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(END)
        if not found:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(Answer(int(head[9:12]), rest[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(exc or ConnectionResetError("the sandbox hung up"))
