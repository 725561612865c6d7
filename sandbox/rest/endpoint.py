"""Answers one request to the REST API: authentication, limits, the handler, the log."""

import json
import logging
import math
import time
from collections import deque

from aiohttp import web

from sandbox import errors
from sandbox.call import Call, Created
from sandbox.errors import DiscordError
from sandbox.faults import Fault
from sandbox.model.application import Application
from sandbox.observation import LOGGED_CHARACTERS, LogRow, Observation, RequestLog
from sandbox.ratelimits import refusal_headers
from sandbox.rest import ROUTES
from sandbox.rest.body import Body, read_body
from sandbox.rest.faulty import Unanswered, carry_out_with_faults, hold, reset
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
            if error.retry_after:
                attempt.headers |= refusal_headers(error.retry_after, "shared")
        except Unanswered as unanswered:
            fault = attempt.fault = unanswered.fault
            answer = self._finish(request, attempt, 0, None, time.perf_counter() - started)
            if fault.do == "hang":
                await hold(request, fault)
            reset(request)
            return answer
        except Exception as error:
            log.exception("the sandbox failed at %s %s", attempt.method, path)
            self.failures.append(f"{attempt.method} {path}: {error!r}")
            status, body = 500, {"message": "500: Internal Server Error", "code": 0}
        return self._finish(request, attempt, status, body, time.perf_counter() - started)

    async def _handle(self, request: web.BaseRequest, attempt: "_Attempt") -> tuple[int, object]:
        match = self._router.find(attempt.method, attempt.path)
        # The body is read in any case, so that the connection can be used again.
        try:
            attempt.body = await read_body(request)
        except DiscordError as error:
            attempt.body_error = error
        if match is None:
            raise errors.not_modelled(attempt.method, attempt.path)
        route = match.route
        if route is None:
            raise errors.method_not_allowed()
        attempt.route = route
        limits = self._world.limits
        if limits.invalid and (banned := limits.banned_for()):
            # What stands before Discord's servers answers: neither JSON nor a header of Discord's.
            attempt.replaced = True
            attempt.headers["Retry-After"] = str(math.ceil(banned))
            return 429, "error code: 1015"
        attempt.bot = self._authenticate(request)
        if route.authorized and attempt.bot is None:
            raise errors.unauthorized()
        verdict = limits.take(route, match.params, attempt.bot.id if attempt.bot else "")
        attempt.headers |= verdict.headers
        if not verdict.allowed:
            return 429, {
                "message": "You are being rate limited.",
                "code": 0,
                "retry_after": round(verdict.retry_after, 3),
                "global": verdict.everywhere,
            }
        if attempt.body_error:
            raise attempt.body_error
        _check_ids(match.params)

        def carry_out() -> tuple[int, object]:
            return self._carry_out(request, attempt, route, match.params)

        faults = self._world.faults
        if faults.strike_requests:
            bot = self._asker(attempt, match.params)
            if outcome := faults.for_request(attempt.method, attempt.path, bot):
                attempt.fault = outcome.fault
                attempt.replaced = outcome.answer is not None
                attempt.headers |= outcome.headers
                return await carry_out_with_faults(outcome, self._world.clock, carry_out)
        return carry_out()

    def _carry_out(
        self, request: web.BaseRequest, attempt: "_Attempt", route: Route, params: dict[str, str]
    ) -> tuple[int, object]:
        call = Call(
            self._world,
            attempt.method,
            attempt.path,
            params,
            request.rel_url.query,
            attempt.body.value,
            attempt.body.uploads,
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

    def _asker(self, attempt: "_Attempt", params: dict[str, str]) -> str | None:
        """The application's id; the routes of interactions tell it by their path."""
        if attempt.bot:
            return attempt.bot.id
        if interaction := self._world.interactions.get(params.get("interaction_token", "")):
            return interaction.application.id
        return params.get("webhook_id")

    def _finish(
        self,
        request: web.BaseRequest,
        attempt: "_Attempt",
        status: int,
        body: object,
        seconds: float,
    ) -> web.Response:
        if isinstance(body, str):
            text, kind = body, "text/html"
        else:
            text, kind = "" if body is None else encode(body), "application/json"
        row = LogRow(
            at=self._world.clock.now(),
            method=attempt.method,
            path=attempt.path,
            route=attempt.route.path if attempt.route else None,
            status=status,
            seconds=seconds,
            bot=attempt.bot.id if attempt.bot else None,
            request=attempt.body.text[:LOGGED_CHARACTERS],
            response=text[:LOGGED_CHARACTERS],
            fault=attempt.fault.id if attempt.fault else None,
        )
        self.log.add(row)
        if status >= 400:
            self._world.limits.note(status, attempt.headers.get("X-RateLimit-Scope"))
        if self.log.observers and status and not attempt.replaced:
            self.log.tell(
                Observation(
                    method=attempt.method,
                    path=attempt.path,
                    route=row.route,
                    query=dict(request.rel_url.query),
                    request=attempt.body.value,
                    files=len(attempt.body.uploads),
                    status=status,
                    response=json.loads(text) if text else None,
                    headers=attempt.headers,
                )
            )
        if body is None:
            return web.Response(status=status or 204, headers=attempt.headers)
        return web.Response(
            status=status,
            body=text.encode(),
            headers=attempt.headers,
            content_type=kind,
        )


class _Attempt:
    """What is known of a request while it is answered."""

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.path = path
        self.route: Route | None = None
        self.bot: Application | None = None
        self.body = Body()
        self.body_error: DiscordError | None = None
        self.headers: dict[str, str] = {}
        self.fault: Fault | None = None
        self.replaced = False
        """Answered by a fault: no answer of Discord's to be judged."""


def _check_ids(params: JsonObject) -> None:
    for key, value in params.items():
        if key.endswith("_id") and parse_snowflake(value) is None:
            error = {"code": "NUMBER_TYPE_COERCE", "message": f'Value "{value}" is not snowflake.'}
            raise errors.invalid_form({key: {"_errors": [error]}})
