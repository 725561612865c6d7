"""Answers one request to ``/sandbox``: who may ask, and what a refusal looks like."""

import json
import logging

from aiohttp import web

from sandbox.control import CONTROL_ROUTES
from sandbox.control.routing import ControlCall
from sandbox.control.trust import trusted
from sandbox.errors import DiscordError
from sandbox.interactions.refusal import Refusal
from sandbox.observation import RequestLog
from sandbox.rest.routing import Router
from sandbox.wire import encode, is_object
from sandbox.world import World

__all__ = ["PREFIX", "ControlApi"]

PREFIX = "/sandbox"

log = logging.getLogger(__name__)


class ControlApi:
    """The endpoints by which demos and tests steer the sandbox.

    They carry no token, so a web page must not reach them: the Host must be a loopback name with
    this server's port, and an Origin, if there is one, this server itself.
    """

    def __init__(self, world: World, requests: RequestLog) -> None:
        self._world = world
        self._requests = requests
        self._router = Router(CONTROL_ROUTES)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        if not trusted(request, self._world.url):
            return _json(403, {"error": "Forbidden", "message": "Host or Origin is not ours"})
        path = request.rel_url.raw_path.removeprefix(PREFIX)
        match = self._router.find(request.method, path)
        if match is None or match.route is None:
            message = f"there is no {request.method} {PREFIX}{path}"
            return _json(404, {"error": "Unknown", "message": message})
        try:
            raw = await request.read()
            body: object = json.loads(raw) if raw else {}
        except ValueError:
            return _json(400, {"error": "InvalidInput", "message": "the body is not JSON"})
        if not is_object(body):
            return _json(400, {"error": "InvalidInput", "message": "the body is not an object"})
        call = ControlCall(
            self._world, self._requests, match.params, dict(request.rel_url.query), body
        )
        try:
            return _json(200, await match.route.handler(call))
        except Refusal as refusal:
            return _json(409, {"error": refusal.kind, "message": refusal.message})
        except DiscordError as error:
            return _json(409, {"error": "InvalidInput", "message": encode(error.json())})
        except Exception as error:
            log.exception("the sandbox failed at %s %s", request.method, path)
            return _json(500, {"error": "Failure", "message": repr(error)})


def _json(status: int, body: object) -> web.Response:
    return web.Response(status=status, body=encode(body).encode(), content_type="application/json")
