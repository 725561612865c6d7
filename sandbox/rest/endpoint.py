"""Answers one request to the REST API: authentication, limits, the handler, the log."""

import json
import logging
import time
from collections import deque

from aiohttp import web

from sandbox import errors
from sandbox.attachments import Upload
from sandbox.call import Call, Created
from sandbox.errors import DiscordError
from sandbox.model.application import Application
from sandbox.observation import LOGGED_CHARACTERS, Interceptor, LogRow, Observation, RequestLog
from sandbox.ratelimits import RateLimits
from sandbox.rest import ROUTES
from sandbox.rest.body import read_body
from sandbox.rest.routing import Route, Router
from sandbox.wire import JsonObject, encode, parse_snowflake
from sandbox.world import World

__all__ = ["PREFIXES", "RestApi"]

PREFIXES = ("/api/v10/", "/api/v9/", "/api/")
MOST_FAILURES = 100

log = logging.getLogger(__name__)


class RestApi:
    """Discord's REST API over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._router = Router(ROUTES)
        self.log = RequestLog()
        self.limits = RateLimits(world.clock)
        self.interceptors: list[Interceptor] = []
        self.failures: deque[str] = deque(maxlen=MOST_FAILURES)
        """Requests that failed within the sandbox itself; a test wants this empty."""

    async def answer(self, request: web.BaseRequest) -> web.Response:
        started = time.perf_counter()
        path = request.rel_url.raw_path
        for prefix in PREFIXES:
            if path.startswith(prefix):
                path = "/" + path[len(prefix) :]
                break
        attempt = _Attempt(request.method, path)
        try:
            status, body = await self._handle(request, attempt)
        except DiscordError as error:
            status, body = error.status, error.json()
        except Exception as error:
            log.exception("the sandbox failed at %s %s", attempt.method, path)
            self.failures.append(f"{attempt.method} {path}: {error!r}")
            status, body = 500, {"message": "500: Internal Server Error", "code": 0}
        return self._finish(request, attempt, status, body, time.perf_counter() - started)

    async def _handle(self, request: web.BaseRequest, attempt: "_Attempt") -> tuple[int, object]:
        match = self._router.find(attempt.method, attempt.path)
        # The body is read in any case, so that the connection can be used again.
        try:
            attempt.body, attempt.uploads = await read_body(request)
        except DiscordError as error:
            attempt.body_error = error
        if match is None:
            raise errors.not_modelled(attempt.method, attempt.path)
        route = match.route
        if route is None:
            raise errors.method_not_allowed()
        attempt.route = route
        attempt.bot = self._authenticate(request)
        if route.authorized and attempt.bot is None:
            raise errors.unauthorized()
        verdict = self.limits.take(route, match.params, attempt.bot.id if attempt.bot else "")
        attempt.headers |= verdict.headers
        if not verdict.allowed:
            return 429, {
                "message": "You are being rate limited.",
                "retry_after": round(verdict.retry_after, 3),
                "global": False,
            }
        if attempt.body_error:
            raise attempt.body_error
        _check_ids(match.params)
        for interceptor in self.interceptors:
            if (instead := interceptor(attempt.method, attempt.path)) is not None:
                attempt.intercepted = True
                return instead
        call = Call(
            self._world,
            attempt.method,
            attempt.path,
            match.params,
            request.rel_url.query,
            attempt.body,
            attempt.uploads,
            attempt.bot,
        )
        result = route.handler(call)
        if result is None:
            return 204, None
        if isinstance(result, Created):
            return 201, result.body
        return route.status, result

    def _authenticate(self, request: web.BaseRequest) -> Application | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return self._world.tokens.get(token) if kind == "Bot" else None

    def _finish(
        self,
        request: web.BaseRequest,
        attempt: "_Attempt",
        status: int,
        body: object,
        seconds: float,
    ) -> web.Response:
        text = "" if status == 204 else encode(body)
        sent = "" if attempt.body is None else encode(attempt.body)
        row = LogRow(
            at=self._world.clock.now(),
            method=attempt.method,
            path=attempt.path,
            route=attempt.route.path if attempt.route else None,
            status=status,
            seconds=seconds,
            bot=attempt.bot.id if attempt.bot else None,
            request=sent[:LOGGED_CHARACTERS],
            response=text[:LOGGED_CHARACTERS],
        )
        self.log.add(row)
        if self.log.observers and not attempt.intercepted:
            self.log.tell(
                Observation(
                    method=attempt.method,
                    path=attempt.path,
                    route=row.route,
                    query=dict(request.rel_url.query),
                    request=attempt.body,
                    files=len(attempt.uploads),
                    status=status,
                    response=json.loads(text) if text else None,
                    headers=attempt.headers,
                )
            )
        if status == 204:
            return web.Response(status=204, headers=attempt.headers)
        return web.Response(
            status=status,
            body=text.encode(),
            headers=attempt.headers,
            content_type="application/json",
        )


class _Attempt:
    """What is known of a request while it is answered."""

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.path = path
        self.route: Route | None = None
        self.bot: Application | None = None
        self.body: object = None
        self.body_error: DiscordError | None = None
        self.uploads: list[Upload] = []
        self.headers: dict[str, str] = {}
        self.intercepted = False
        """Answered by somebody else: no answer of Discord's to be judged."""


def _check_ids(params: JsonObject) -> None:
    for key, value in params.items():
        if key.endswith("_id") and parse_snowflake(value) is None:
            error = {"code": "NUMBER_TYPE_COERCE", "message": f'Value "{value}" is not snowflake.'}
            raise errors.invalid_form({key: {"_errors": [error]}})
