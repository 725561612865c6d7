"""The metrics over HTTP, and whether the bot is alive and ready."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web

from core.plugin import PluginContext
from plugins.telemetry.config import TelemetryConfig
from plugins.telemetry.exposition import CONTENT_TYPE_LATEST, exposition
from plugins.telemetry.readings import Readings
from plugins.telemetry.sampler import Sampler

__all__ = ["MetricsServer"]

SHUTDOWN_SECONDS = 1.0


class MetricsServer:
    """``/metrics``, ``/healthz`` and ``/readyz``.

    Attributes:
        port: where it listens; None while it does not.
    """

    def __init__(
        self, context: PluginContext[TelemetryConfig], readings: Readings, sampler: Sampler
    ) -> None:
        self._context = context
        self._readings = readings
        self._sampler = sampler
        self._runner: web.ServerRunner | None = None
        self.port: int | None = None

    async def start(self) -> None:
        """Listen, if config.toml says where. What keeps it from that is one line in the log."""
        config = self._context.config
        if config.metrics_port is None:
            return
        server = web.Server(self._answer, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=SHUTDOWN_SECONDS)
        self._context.on_release("metrics server", self._runner.cleanup)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, config.metrics_host, config.metrics_port).start()
        except (OSError, UnicodeError) as error:  # the latter for what cannot be a host's name
            self._context.log.error(
                "[plugins.telemetry] metrics_port: {}:{} cannot be listened on ({}); the bot goes"
                " on without metrics",
                config.metrics_host,
                config.metrics_port,
                getattr(error, "strerror", None) or error,
            )
            return
        self.port = int(self._runner.addresses[0][1])
        self._context.log.info("metrics at http://{}:{}/metrics", config.metrics_host, self.port)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if not self._may_be_asked_as(request.headers.get("Host", "")):
            return _text("This name is not one of [plugins.telemetry] metrics_names.\n", status=421)
        pages: dict[str, Callable[[], Awaitable[web.Response]]] = {
            "/metrics": self._metrics,
            "/healthz": self._health,
            "/readyz": self._readiness,
        }
        page = pages.get(request.rel_url.path)
        if page is None:
            return _text("There are /metrics, /healthz and /readyz.\n", status=404)
        if request.method not in ("GET", "HEAD"):
            return _text("GET, please.\n", status=405)
        return await page()

    def _may_be_asked_as(self, host: str) -> bool:
        """Whether the name in the request is one of ours. A page in somebody's browser could have
        its own name lead to this machine; it cannot choose the name that the browser sends."""
        name = _without_port(host).lower().rstrip(".")
        if name == "localhost" or name in map(str.lower, self._context.config.metrics_names):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True

    async def _metrics(self) -> web.Response:
        body = exposition(await self._readings.all())
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _health(self) -> web.Response:
        return _text("ok\n")

    async def _readiness(self) -> web.Response:
        missing = [
            what
            for what, there in (
                ("the gateway is not connected", self._readings.connected),
                ("the database does not answer", await self._sampler.ask_database()),
            )
            if not there
        ]
        return _text("\n".join([*missing, ""]), status=503) if missing else _text("ready\n")


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _text(text: str, *, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status)
