"""One WebSocket connection to the gateway."""

import asyncio
import json
import time
import zlib
from collections import deque
from contextlib import suppress

from aiohttp import WSMsgType, web

from sandbox.gateway import intents
from sandbox.gateway.members import send_members
from sandbox.gateway.opcodes import Close, Op
from sandbox.gateway.ready import send_beginning
from sandbox.gateway.session import Session
from sandbox.wire import JsonObject, encode, is_array, is_integer, is_object
from sandbox.world import World

__all__ = ["HEARTBEAT_MS", "GatewaySocket"]

HEARTBEAT_MS = 41_250
MOST_QUEUED_FRAMES = 20_000
"""A client that reads slower than this is cut off; it can resume."""
MOST_FRAMES_A_MINUTE = 120
MOST_FRAME_BYTES = 4_096
"""Discord closes with 4002 when a client sends a larger one."""


class GatewaySocket:
    """Speaks the protocol on one connection, from HELLO to its close."""

    def __init__(self, world: World, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self._world = world
        self._socket = socket
        self._deflate = zlib.compressobj() if compressed else None
        self._frames: deque[str] = deque()
        self._wake = asyncio.Event()
        self._close_code = 0
        self._session: Session | None = None
        self._received: deque[float] = deque()

    def push(self, frame: str) -> None:
        self._frames.append(frame)
        if len(self._frames) > MOST_QUEUED_FRAMES:
            self.shut(Close.UNKNOWN_ERROR)
        self._wake.set()

    def shut(self, code: int) -> None:
        """Close once what is queued has gone out."""
        self._close_code = self._close_code or code
        self._wake.set()

    async def run(self) -> None:
        writer = asyncio.create_task(self._write(), name="sandbox gateway writer")
        self._send(Op.HELLO, {"heartbeat_interval": HEARTBEAT_MS, "_trace": ["sandbox"]})
        try:
            await self._read()
        finally:
            session = self._session
            if session and session.connection is self:
                # A client ends its session by closing with one of these; what we closed lives on.
                resumable = bool(self._close_code) or self._socket.close_code not in (1000, 1001)
                self._world.hub.detach(session, resumable=resumable)
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer

    def _send(self, op: int, data: object) -> None:
        self.push(encode({"op": op, "d": data, "s": None, "t": None}))

    async def _write(self) -> None:
        with suppress(ConnectionError):
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._frames:
                    await self._write_frame(self._frames.popleft())
                if self._close_code:
                    await self._socket.close(code=self._close_code)
                    return

    async def _write_frame(self, frame: str) -> None:
        if self._deflate is None:
            await self._socket.send_str(frame)
            return
        packed = self._deflate.compress(frame.encode())
        await self._socket.send_bytes(packed + self._deflate.flush(zlib.Z_SYNC_FLUSH))

    async def _read(self) -> None:
        while True:
            try:
                message = await self._socket.receive(timeout=HEARTBEAT_MS / 1000 * 2)
            except TimeoutError:
                self.shut(Close.SESSION_TIMED_OUT)
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            if self._close_code:
                continue  # what was sent before the client saw the close
            self._receive(message.data)

    def _receive(self, raw: str | bytes) -> None:
        now = time.monotonic()
        self._received.append(now)
        while self._received[0] < now - 60:
            self._received.popleft()
        if len(self._received) > MOST_FRAMES_A_MINUTE:
            self.shut(Close.RATE_LIMITED)
            return
        try:
            payload: object = json.loads(raw) if len(raw) <= MOST_FRAME_BYTES else None
        except ValueError:
            payload = None
        if not is_object(payload) or not is_integer(payload.get("op")):
            self.shut(Close.DECODE_ERROR)
            return
        self._handle(payload["op"], payload.get("d"))

    def _handle(self, op: int, data: object) -> None:
        if op == Op.HEARTBEAT:
            if self._session and is_integer(data):
                self._session.acknowledged(data)
            self._send(Op.HEARTBEAT_ACK, None)
        elif op == Op.IDENTIFY:
            self._identify(data)
        elif op == Op.RESUME:
            self._resume(data)
        elif op not in (Op.PRESENCE_UPDATE, Op.VOICE_STATE_UPDATE, Op.REQUEST_GUILD_MEMBERS):
            self.shut(Close.UNKNOWN_OPCODE)
        elif self._session is None:
            self.shut(Close.NOT_AUTHENTICATED)
        elif op == Op.REQUEST_GUILD_MEMBERS and is_object(data):
            send_members(self._world, self._session, data)

    def _identify(self, data: object) -> None:
        if self._session:
            self.shut(Close.ALREADY_AUTHENTICATED)
            return
        if not is_object(data) or not is_object(data.get("properties")):
            self.shut(Close.DECODE_ERROR)
            return
        token, wanted = data.get("token"), data.get("intents")
        if not isinstance(token, str) or not is_integer(wanted):
            self.shut(Close.DECODE_ERROR)
            return
        application = self._world.tokens.get(token.removeprefix("Bot "))
        shard = self._shard(data)
        if application is None:
            self.shut(Close.AUTHENTICATION_FAILED)
        elif shard is None:
            self.shut(Close.INVALID_SHARD)
        elif wanted & ~intents.KNOWN or wanted < 0:
            self.shut(Close.INVALID_INTENTS)
        elif wanted & intents.PRIVILEGED & ~application.privileged_intents:
            self.shut(Close.DISALLOWED_INTENTS)
        else:
            application.identifies += 1
            session = self._world.hub.open(application, wanted, shard)
            self._attach(session)
            send_beginning(self._world, session)

    def _shard(self, data: JsonObject) -> tuple[int, int] | None:
        given = data.get("shard")
        if given is None:
            return (0, 1)
        if not is_array(given) or len(given) != 2 or not all(is_integer(part) for part in given):
            return None
        shard, count = int(given[0]), int(given[1])
        return (shard, count) if 0 <= shard < count else None

    def _resume(self, data: object) -> None:
        if self._session:
            self.shut(Close.ALREADY_AUTHENTICATED)
            return
        if not is_object(data) or not is_integer(data.get("seq")):
            self.shut(Close.DECODE_ERROR)
            return
        application = self._world.tokens.get(str(data.get("token")).removeprefix("Bot "))
        if application is None:
            self.shut(Close.AUTHENTICATION_FAILED)
            return
        session = self._world.hub.resumable(str(data.get("session_id")))
        missed = session.missed_since(data["seq"]) if session else None
        if session is None or missed is None or session.application is not application:
            self._send(Op.INVALID_SESSION, False)
            return
        self._attach(session)
        for frame in missed:
            self.push(frame)
        self._world.hub.send(session, "RESUMED", '{"_trace":["sandbox"]}')

    def _attach(self, session: Session) -> None:
        if session.connection:
            session.connection.shut(Close.UNKNOWN_ERROR)
        self._session = session
        session.connection = self
