"""Faults on demand, limits, and a gateway that breaks."""

from sandbox.control.routing import ControlCall, ControlRoutes, unknown
from sandbox.faults import FaultError, read_fault
from sandbox.gateway.session import Session
from sandbox.interactions.refusal import invalid_input
from sandbox.limits import change_limits, shown_limits
from sandbox.model.application import Application
from sandbox.wire import JsonObject, is_integer

__all__ = ["routes"]

routes = ControlRoutes()


@routes("GET", "/faults")
async def list_faults(call: ControlCall) -> list[JsonObject]:
    """Those in force, and those that have struck as often as they were to (``over``)."""
    return [fault.json() for fault in call.world.faults.all()]


@routes("POST", "/faults")
async def add_fault(call: ControlCall) -> JsonObject:
    """Requests or events that go wrong: ``do``, and what it strikes."""
    try:
        return call.world.faults.add(read_fault(call.body)).json()
    except FaultError as error:
        raise invalid_input(str(error)) from None


@routes("DELETE", "/faults/{fault_id}")
async def remove_fault(call: ControlCall) -> JsonObject:
    """One of them; what it keeps from being answered loses its connection."""
    if not call.world.faults.remove(call.params["fault_id"]):
        raise unknown(f"fault {call.params['fault_id']}")
    return {}


@routes("DELETE", "/faults")
async def clear_faults(call: ControlCall) -> JsonObject:
    """All of them."""
    call.world.faults.clear()
    return {}


@routes("POST", "/bots/{application_id}/disconnect")
async def disconnect(call: ControlCall) -> JsonObject:
    """Cut its gateway connections, or those of one ``shard``.

    ``code`` (4000); ``resumable`` (true), else its sessions are forgotten, those too that wait for
    a resume; ``reconnect`` (false) asks it to come back first.
    """
    application = _application(call)
    code = call.body.get("code", 4000)
    if not is_integer(code) or not 1000 <= code <= 4999:
        raise invalid_input("code must be a WebSocket close code, 1000 to 4999")
    resumable = call.body.get("resumable") is not False
    for session in _sessions(call, application):
        connection = session.connection
        if connection:
            if call.body.get("reconnect"):
                connection.ask_to_reconnect()
            connection.detach(resumable=resumable)
            connection.shut(code)
        elif not resumable:
            call.world.hub.forget(session)
    return {}


@routes("POST", "/bots/{application_id}/invalidate")
async def invalidate(call: ControlCall) -> JsonObject:
    """Send INVALID_SESSION (op 9) to its shards, or to one ``shard``; ``resumable`` (false)."""
    for session in _sessions(call, _application(call)):
        if session.connection:
            session.connection.invalidate(resumable=bool(call.body.get("resumable")))
    return {}


@routes("POST", "/bots/{application_id}/reconnect")
async def ask_to_reconnect(call: ControlCall) -> JsonObject:
    """Send RECONNECT (op 7) to its shards, or to one ``shard``, and leave it at that."""
    for session in _sessions(call, _application(call)):
        if session.connection:
            session.connection.ask_to_reconnect()
    return {}


@routes("GET", "/limits")
async def show_limits(call: ControlCall) -> JsonObject:
    """The rate limits and those of the gateway that are in force."""
    return shown_limits(call.world)


@routes("PUT", "/limits")
async def set_limits(call: ControlCall) -> JsonObject:
    """Change some: ``profile`` ("generous" or "discord"), then single ones by name."""
    try:
        change_limits(call.world, call.body)
    except ValueError as error:
        raise invalid_input(str(error)) from None
    return shown_limits(call.world)


def _application(call: ControlCall) -> Application:
    application = call.world.applications.get(call.params["application_id"])
    if application is None:
        raise unknown(f"bot {call.params['application_id']}")
    return application


def _sessions(call: ControlCall, application: Application) -> list[Session]:
    shard = call.body.get("shard")
    return [
        session
        for session in call.world.sessions_of(application)
        if shard is None or session.shard[0] == shard
    ]
