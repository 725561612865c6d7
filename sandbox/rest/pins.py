"""Pinned messages."""

from sandbox import errors, permissions
from sandbox.call import Call
from sandbox.changes import messages
from sandbox.model.channel import Channel
from sandbox.model.message import Message
from sandbox.rest.finding import find_channel, find_message, require
from sandbox.rest.routing import Routes
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()

MOST_PINS = 50


@routes("GET", "/channels/{channel_id}/pins")
def list_pins(call: Call) -> list[JsonObject]:
    """Pinned messages, the newest pin first."""
    return [message.json(call.bot_id) for message in _pinned(find_channel(call))]


@routes("GET", "/channels/{channel_id}/messages/pins")
def list_pins_with_times(call: Call) -> JsonObject:
    """The same with the times they were pinned at."""
    limit = call.number("limit", 50, least=1, most=50)
    found = _pinned(find_channel(call))
    if before := call.query.get("before"):
        found = [message for message in found if (message.pinned_at or "") < before]
    return {
        "items": [
            {"pinned_at": message.pinned_at, "message": message.json(call.bot_id)}
            for message in found[:limit]
        ],
        "has_more": len(found) > limit,
    }


@routes("PUT", "/channels/{channel_id}/pins/{message_id}")
@routes("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
def pin(call: Call) -> None:
    """Pin, in a guild with MANAGE_MESSAGES or PIN_MESSAGES."""
    message = _pinnable(call)
    if len(_pinned(message.channel)) >= MOST_PINS:
        raise errors.too_many_pins()
    message.pinned_at = call.world.now()
    messages.announce(call.world, "MESSAGE_UPDATE", message)


@routes("DELETE", "/channels/{channel_id}/pins/{message_id}")
@routes("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
def unpin(call: Call) -> None:
    """Take a pin away."""
    message = _pinnable(call)
    message.pinned_at = None
    messages.announce(call.world, "MESSAGE_UPDATE", message)


def _pinnable(call: Call) -> Message:
    channel = find_channel(call)
    if channel.guild and not channel.permissions(call.bot_id) & permissions.PIN_MESSAGES:
        require(call, channel, permissions.MANAGE_MESSAGES)
    return find_message(call, channel)


def _pinned(channel: Channel) -> list[Message]:
    found = [message for message in channel.messages.values() if message.pinned_at]
    return sorted(found, key=lambda message: message.pinned_at or "", reverse=True)
