"""One WebSocket connection to the gateway."""

import asyncio
import json
import zlib
from collections import deque
from contextlib import suppress

from aiohttp import WSMsgType, web

from sandbox.gateway.identifying import InvalidSession, Refused, find_session, identify
from sandbox.gateway.members import send_members
from sandbox.gateway.opcodes import Close, Op
from sandbox.gateway.ready import send_beginning
from sandbox.gateway.session import Session
from sandbox.wire import encode, is_integer, is_object
from sandbox.world import World

__all__ = ["GatewaySocket"]

MOST_QUEUED_FRAMES = 20_000
"""A client that reads slower than this is cut off; it can resume."""
MOST_FRAME_BYTES = 4_096
"""Discord closes with 4002 when a client sends a larger one."""
ACK_S = 0.05
"""How long a heartbeat's answer takes, as over a network: disnake notes when it has sent one only
afterwards, and an answer that is faster looks late by the whole interval."""
ENDS_SESSION = (Close.INVALID_SEQ, Close.SESSION_TIMED_OUT, Close.AUTHENTICATION_FAILED)
"""After these a client has to begin a new one."""


class GatewaySocket:
    """Speaks the protocol on one connection, from HELLO to its close."""

    def __init__(self, world: World, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self._world = world
        self._limits = world.gateway_limits
        self._socket = socket
        self._deflate = zlib.compressobj() if compressed else None
        self._frames: deque[str] = deque()
        self._wake = asyncio.Event()
        self._close_code = 0
        self._session: Session | None = None
        self._received: deque[float] = deque()
        self._loop = asyncio.get_running_loop()
        self._alive_until = 0.0

    def push(self, frame: str) -> None:
        self._frames.append(frame)
        if len(self._frames) > MOST_QUEUED_FRAMES:
            self.shut(Close.UNKNOWN_ERROR)
        self._wake.set()

    def shut(self, code: int) -> None:
        """Close once what is queued has gone out."""
        self._close_code = self._close_code or code
        self._wake.set()

    def ask_to_reconnect(self) -> None:
        self._send(Op.RECONNECT, None)

    def detach(self, *, resumable: bool) -> None:
        """Let go of the session; its events wait for a resume, if there can be one."""
        session, self._session = self._session, None
        if session and session.connection is self:
            self._world.hub.detach(session, resumable=resumable)

    def invalidate(self, *, resumable: bool) -> None:
        """Say that the session is invalid; the client may resume, or has to identify."""
        self.detach(resumable=resumable)
        self._send(Op.INVALID_SESSION, resumable)

    async def run(self) -> None:
        writer = asyncio.create_task(self._write(), name="sandbox gateway writer")
        interval = round(self._limits.heartbeat_s * 1000)
        self._send(Op.HELLO, {"heartbeat_interval": interval, "_trace": ["sandbox"]})
        self._heard()
        try:
            await self._read()
        finally:
            if self._close_code:
                resumable = self._close_code not in ENDS_SESSION
            else:  # a client ends its session by closing with one of these
                resumable = self._socket.close_code not in (1000, 1001)
            self.detach(resumable=resumable)
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

    def _heard(self) -> None:
        """A heartbeat came: real time, for a clock that is moved sends none."""
        self._alive_until = self._loop.time() + self._limits.heartbeat_s * 1.5

    async def _read(self) -> None:
        while True:
            left = self._alive_until - self._loop.time()
            try:
                message = await self._socket.receive(timeout=max(left, 0.001))
            except TimeoutError:
                if self._loop.time() < self._alive_until:
                    continue
                self.detach(resumable=False)
                self.shut(Close.SESSION_TIMED_OUT)
                # Until the close has gone out; a client that is gone does not answer it.
                await self._socket.close(code=Close.SESSION_TIMED_OUT)
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            if self._close_code:
                continue  # what was sent before the client saw the close
            try:
                self._receive(message.data)
            except Refused as refused:
                self.shut(refused.code)
            except InvalidSession:
                self._send(Op.INVALID_SESSION, False)

    def _receive(self, raw: str | bytes) -> None:
        now = self._loop.time()
        self._received.append(now)
        while self._received[0] < now - self._limits.frames_s:
            self._received.popleft()
        if len(self._received) > self._limits.frames:
            raise Refused(Close.RATE_LIMITED)
        try:
            payload: object = json.loads(raw) if len(raw) <= MOST_FRAME_BYTES else None
        except ValueError:
            payload = None
        if not is_object(payload) or not is_integer(payload.get("op")):
            raise Refused(Close.DECODE_ERROR)
        self._handle(payload["op"], payload.get("d"))

    def _handle(self, op: int, data: object) -> None:
        if op == Op.HEARTBEAT:
            self._heard()
            if self._session and is_integer(data):
                self._session.acknowledged(data)
            self._loop.call_later(ACK_S, self._send, Op.HEARTBEAT_ACK, None)
        elif op in (Op.IDENTIFY, Op.RESUME):
            if self._session:
                raise Refused(Close.ALREADY_AUTHENTICATED)
            self._begin(data) if op == Op.IDENTIFY else self._resume(data)
        elif op not in (Op.PRESENCE_UPDATE, Op.VOICE_STATE_UPDATE, Op.REQUEST_GUILD_MEMBERS):
            raise Refused(Close.UNKNOWN_OPCODE)
        elif self._session is None:
            raise Refused(Close.NOT_AUTHENTICATED)
        elif op == Op.REQUEST_GUILD_MEMBERS and is_object(data):
            send_members(self._world, self._session, data)

    def _begin(self, data: object) -> None:
        session = identify(self._world, data)
        self._attach(session)
        send_beginning(self._world, session)

    def _resume(self, data: object) -> None:
        session, missed = find_session(self._world, data)
        self._attach(session)
        for frame in missed:
            self.push(frame)
        self._world.hub.send(session, "RESUMED", '{"_trace":["sandbox"]}')

    def _attach(self, session: Session) -> None:
        if session.connection:
            session.connection.shut(Close.UNKNOWN_ERROR)
        self._session = session
        session.connection = self
