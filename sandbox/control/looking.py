"""Looking: what a persona sees, what was requested and sent, and how much there is."""

import asyncio
from dataclasses import asdict

from sandbox.control.routing import ControlCall, ControlRoutes
from sandbox.interactions.refusal import Refusal, invalid_input
from sandbox.interactions.viewing import find_channel, shown, visible_channels, visible_messages
from sandbox.model.message import Message
from sandbox.model.user import Persona
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = ControlRoutes()

DEFAULT_ROWS = 200


@routes("GET", "/messages")
async def list_messages(call: ControlCall) -> list[JsonObject]:
    """All that ``persona`` sees, newest last; in one ``channel``, or everywhere."""
    call.params["persona_id"] = call.query.get("persona", "")
    persona = call.persona()
    channel_id = call.query.get("channel")
    channel = find_channel(call.world, persona, channel_id) if channel_id else None
    return [shown(message, persona) for message in visible_messages(call.world, persona, channel)]


@routes("GET", "/personas/{persona_id}/channels")
async def list_channels(call: ControlCall) -> list[JsonObject]:
    """The channels, active threads and direct messages that a persona sees."""
    persona = call.persona()
    return [channel.json(persona.user.id) for channel in visible_channels(call.world, persona)]


@routes("GET", "/personas/{persona_id}/sees")
async def sees(call: ControlCall) -> JsonObject:
    """The newest message with ``text`` in it; waits for one up to ``timeout`` seconds.

    ``channel`` restricts where, ``after`` (a message id) which.
    """
    persona = call.persona()
    sought = _Sought(call, persona)
    with call.world.watches.open() as queue:
        for message in reversed(visible_messages(call.world, persona)):
            if sought.fits(message):
                return shown(message, persona)
        try:
            async with asyncio.timeout(call.timeout()):
                while True:
                    message = await queue.get()
                    if sought.fits(message):
                        return shown(message, persona)
        except TimeoutError:
            visible = [message.text() for message in visible_messages(call.world, persona)[-5:]]
            raise Refusal(
                "NotSeen",
                f"{persona.user.username} did not see {sought.text!r}; the last seen: {visible}",
            ) from None


class _Sought:
    def __init__(self, call: ControlCall, persona: Persona) -> None:
        self.text = call.query.get("text", "")
        self._channel = call.query.get("channel")
        self._after = int(call.query.get("after") or 0)
        self._user = persona.user.id

    def fits(self, message: Message) -> bool:
        return (
            (self._channel is None or message.channel.id == self._channel)
            and int(message.id) > self._after
            and self.text in message.text()
            and message.visible_to(self._user)
        )


@routes("GET", "/requests")
async def requests(call: ControlCall) -> list[JsonObject]:
    """The last REST requests, newest last: ``limit``, ``method``, ``path`` (a part of it)."""
    method, path = call.query.get("method"), call.query.get("path", "")
    found = [
        row
        for row in call.log.rows
        if (method is None or row.method == method) and path in row.path
    ]
    return [asdict(row) for row in found[-_limit(call) :]]


@routes("GET", "/events")
async def events(call: ControlCall) -> list[JsonObject]:
    """The last gateway events, newest last: ``limit``, ``event``."""
    event = call.query.get("event")
    found = [row for row in call.world.hub.log if event is None or row.event == event]
    return [asdict(row) for row in found[-_limit(call) :]]


def _limit(call: ControlCall) -> int:
    given = call.query.get("limit", str(DEFAULT_ROWS))
    if not given.isdigit() or int(given) == 0:
        raise invalid_input("limit must be a positive number")
    return int(given)


@routes("GET", "/state")
async def state(call: ControlCall) -> JsonObject:
    """What there is, in numbers and names."""
    world = call.world
    return {
        "now": world.clock.now(),
        "requests": call.log.total,
        "guilds": [
            {
                "id": guild.id,
                "name": guild.name,
                "channels": [channel.json() for channel in guild.channels.values()],
                "active_threads": [thread.json() for thread in guild.threads.values()],
                "archived_threads": len(guild.archived),
                "members": len(guild.members),
            }
            for guild in world.guilds.values()
        ],
        "personas": [
            {
                "id": persona.user.id,
                "name": persona.user.global_name,
                "channel": next(
                    (
                        next(iter(guild.channels), None)
                        for guild in world.guilds.values()
                        if persona.user.id in guild.members
                    ),
                    None,
                ),
            }
            for persona in world.personas.values()
        ],
        "bots": [
            {
                "application_id": application.id,
                "name": application.user.username,
                "token": application.token,
                "sessions": sum(
                    session.connection is not None for session in world.sessions_of(application)
                ),
                "commands": [
                    command.body
                    for commands in application.commands.values()
                    for command in commands.values()
                ],
            }
            for application in world.applications.values()
        ],
        "interactions": len(world.interactions),
    }
