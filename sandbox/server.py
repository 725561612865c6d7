"""The server: one port for REST, gateway, CDN and control."""

import asyncio
import socket
from collections.abc import Awaitable
from types import TracebackType
from typing import Self, Unpack

from aiohttp import WSCloseCode, web

from sandbox.clock import Clock
from sandbox.control.endpoint import PREFIX, ControlApi
from sandbox.control.trust import trusted
from sandbox.faults import Fault, FaultOptions, Faults, read_fault
from sandbox.faults.table import Interceptor
from sandbox.gateway.opcodes import Close
from sandbox.gateway.socket import GatewaySocket
from sandbox.limits import LimitOptions, change_limits
from sandbox.observation import Observer
from sandbox.page import feed, files
from sandbox.ratelimits import RateLimits
from sandbox.rest.endpoint import RestApi
from sandbox.world import World

__all__ = ["Sandbox"]


SHUTDOWN_S = 0.2
"""How long requests that still wait, for a bot or for a text to appear, hold up the end."""


class Sandbox:
    """A Discord on this machine. Use ``start``, or ``async with await Sandbox.start()``."""

    def __init__(self) -> None:
        self.clock = Clock()
        """Its time; ``clock.advance(seconds)`` makes deadlines pass without waiting."""
        self.world = World(self.clock)
        self._rest = RestApi(self.world)
        self._control = ControlApi(self.world, self._rest.log)
        self._page = files.PageFiles()
        self._feeds = feed.Feeds(self.world, self._rest.log)
        self._sockets: set[web.WebSocketResponse] = set()
        self._answering: set[asyncio.Task[object]] = set()
        self._runner: web.ServerRunner | None = None

    @classmethod
    async def start(cls, *, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Listen on a port, a free one when it is 0. Raises OSError when it is taken."""
        sandbox = cls()
        server = web.Server(sandbox._answer, access_log=None)
        sandbox._runner = runner = web.ServerRunner(server, shutdown_timeout=SHUTDOWN_S)
        await runner.setup()
        listener = socket.create_server((host, port))
        try:
            await web.SockSite(runner, listener).start()
        except BaseException:
            listener.close()
            await runner.cleanup()
            raise
        sandbox.world.url = f"http://{host}:{listener.getsockname()[1]}"
        return sandbox

    @property
    def url(self) -> str:
        """Like ``http://127.0.0.1:1234``."""
        return self.world.url

    @property
    def api_url(self) -> str:
        """What a Discord library takes for ``https://discord.com/api/v10``."""
        return self.world.url + "/api/v10"

    @property
    def failures(self) -> list[str]:
        """Requests that failed within the sandbox itself: its own mistakes, never a bot's."""
        return list(self._rest.failures)

    @property
    def limits(self) -> RateLimits:
        """The rate limits in force; others can be put in their place."""
        return self.world.limits

    @limits.setter
    def limits(self, limits: RateLimits) -> None:
        self.world.limits = limits

    def set_limits(self, **limits: Unpack[LimitOptions]) -> None:
        """Change those of REST and gateway: ``set_limits(profile="discord")`` is as strict as it
        gets. Raises ValueError when they cannot be understood."""
        change_limits(self.world, {**limits})

    def observe(self, observer: Observer) -> None:
        """Call for each REST request with its answer, after it has been answered."""
        self._rest.log.observers.append(observer)

    def fault(self, do: str, **options: Unpack[FaultOptions]) -> Fault:
        """Let requests fail or be late, or with ``event`` gateway events: see ``Fault``.

        Raises FaultError, a ValueError, when it cannot be understood. ``sandbox.faults`` ends it.
        """
        return self.faults.add(read_fault({"do": do, **options}))

    @property
    def faults(self) -> Faults:
        """Those in force: ``all``, ``remove``, ``clear``."""
        return self.world.faults

    def intercept(self, interceptor: Interceptor) -> None:
        """A fault in code: ask before each valid REST request is carried out.

        What it answers is sent in the sandbox's place; None lets the request be carried out.
        """
        self.faults.intercept(interceptor)

    async def close(self) -> None:
        """Close every connection and stop listening. May be called twice."""
        self.clock.close()
        await self._feeds.close()
        for open_socket in list(self._sockets):
            await open_socket.close(code=WSCloseCode.GOING_AWAY)
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        # aiohttp forgets those whose client has gone, and they would go on waiting.
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if path.startswith("/api/"):
            return await self._stirring(self._rest.answer(request))
        if path.startswith("/gateway"):
            return await self._gateway(request)
        if path.startswith("/cdn/"):
            return self._file(request.path)
        if path == feed.PATH and trusted(request, self.url):
            return await self._feeds.answer(request)
        if path.startswith(PREFIX + "/"):
            return await self._stirring(self._control.answer(request))
        if path == "/" or path.startswith(files.PREFIX):
            return self._page.answer(request) if trusted(request, self.url) else _forbidden()
        return web.Response(status=404, text="There is nothing here.")

    async def _stirring(self, answer: Awaitable[web.Response]) -> web.Response:
        """Whatever a request changed, open pages are to see."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in one
        self._answering.add(task)
        try:
            return await answer
        finally:
            self._answering.discard(task)
            self._feeds.stir()

    def _file(self, path: str) -> web.Response:
        found = self.world.attachments.get(path)
        if found is None:
            return web.Response(status=404, text="This content is no longer available.")
        kind, content = found
        headers = {
            "Content-Type": kind or "application/octet-stream",
            # The control endpoints have this origin too: no uploaded page may act as ours.
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=content, headers=headers)

    async def _gateway(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = web.WebSocketResponse(compress=False, max_msg_size=64 * 1024)
        if not connection.can_prepare(request):
            return web.Response(status=426, text="The gateway speaks WebSocket.")
        await connection.prepare(request)
        query = request.rel_url.query
        if query.get("v", "10") not in ("9", "10"):
            await connection.close(code=Close.INVALID_API_VERSION)
            return connection
        if query.get("encoding", "json") != "json":
            await connection.close(code=Close.DECODE_ERROR)
            return connection
        self._sockets.add(connection)
        try:
            compressed = query.get("compress") == "zlib-stream"
            await GatewaySocket(self.world, connection, compressed=compressed).run()
        finally:
            self._sockets.discard(connection)
        return connection


def _forbidden() -> web.Response:
    return web.Response(status=403, text="Host or Origin is not ours.")
