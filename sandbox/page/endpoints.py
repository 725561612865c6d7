"""Control endpoints that a client with a screen needs besides those for acting."""

import asyncio
from contextlib import suppress

from sandbox.changes import channels
from sandbox.control.routing import ControlCall, ControlRoutes, unknown
from sandbox.interactions.invoking import usable_commands
from sandbox.interactions.refusal import invalid_input, not_visible
from sandbox.interactions.viewing import find_channel
from sandbox.model.counter import Counter
from sandbox.wire import JsonObject, is_integer

__all__ = ["routes"]

routes = ControlRoutes()

MOST_COUNTERS = 20


@routes("GET", "/personas/{persona_id}/commands")
async def commands(call: ControlCall) -> list[JsonObject]:
    """What the persona may invoke in ``channel``, of all types, each with its application."""
    persona = call.persona()
    channel = find_channel(call.world, persona, call.query.get("channel", ""))
    return [
        command.body | {"application_name": application.user.username}
        for application, command in usable_commands(call.world, persona, channel)
    ]


@routes("POST", "/personas/{persona_id}/dms")
async def open_dm(call: ControlCall) -> JsonObject:
    """The channel of the direct messages with ``bot``, made when first asked for."""
    persona = call.persona()
    application = call.world.applications.get(call.text("bot"))
    if application is None:
        raise not_visible(f"there is no bot {call.text('bot')}")
    return {"id": channels.open_dm(call.world, application.user, persona.user).id}


@routes("POST", "/personas/{persona_id}/close-modal")
async def close_modal(call: ControlCall) -> JsonObject:
    """Close the modal without sending it; no event tells the bot."""
    call.persona().modal = None
    return {}


@routes("POST", "/counters")
async def announce(call: ControlCall) -> JsonObject:
    """A counter on the page: ``name``, ``label``, ``value``, from ``least`` to ``most``."""
    name = call.text("name")
    counters = call.world.counters
    if name not in counters and len(counters) >= MOST_COUNTERS:
        raise invalid_input(f"there can be {MOST_COUNTERS} counters")
    counters[name] = Counter(
        name,
        call.text("label", name),
        _number(call, "value", 0),
        _number(call, "least", 0),
        _number(call, "most", 100),
    )
    return counters[name].json()


@routes("PATCH", "/counters/{name}")
async def change(call: ControlCall) -> JsonObject:
    """Set its ``value``."""
    counter = _counter(call)
    await counter.set(_number(call, "value", counter.value))
    return counter.json()


@routes("GET", "/counters/{name}")
async def look(call: ControlCall) -> JsonObject:
    """As it is; with ``unlike`` once its value is another, or the ``timeout`` is over."""
    counter = _counter(call)
    if "unlike" in call.query:
        with suppress(TimeoutError):
            async with asyncio.timeout(call.timeout()), counter.changed:
                await counter.changed.wait_for(lambda: str(counter.value) != call.query["unlike"])
    return counter.json()


def _counter(call: ControlCall) -> Counter:
    counter = call.world.counters.get(call.params["name"])
    if counter is None:
        raise unknown(f"counter {call.params['name']}")
    return counter


def _number(call: ControlCall, key: str, default: int) -> int:
    value = call.body.get(key, default)
    if not is_integer(value):
        raise invalid_input(f"{key} must be a whole number")
    return value
