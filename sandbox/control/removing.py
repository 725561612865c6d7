"""Taking away, and moving the clock: what happens to a bot without its doing."""

from sandbox.changes import channels, guilds, messages
from sandbox.control.routing import ControlCall, ControlRoutes, unknown
from sandbox.interactions.refusal import invalid_input
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = ControlRoutes()


@routes("POST", "/clock")
async def advance(call: ControlCall) -> JsonObject:
    """Move time forward by ``advance`` seconds; what becomes due happens at once."""
    seconds = call.body.get("advance", 0)
    if not isinstance(seconds, (int, float)) or seconds < 0:
        raise invalid_input("advance must be a number of seconds, not negative")
    call.world.clock.advance(seconds)
    return {"now": call.world.clock.now()}


@routes("DELETE", "/channels/{channel_id}")
async def delete_channel(call: ControlCall) -> JsonObject:
    """A channel or thread."""
    channels.delete(call.world, call.channel())
    return {}


@routes("DELETE", "/channels/{channel_id}/messages/{message_id}")
async def delete_message(call: ControlCall) -> JsonObject:
    """A message, as a moderator would."""
    message = call.channel().messages.get(call.params["message_id"])
    if message is None:
        raise unknown(f"message {call.params['message_id']}")
    messages.delete(call.world, message)
    return {}


@routes("DELETE", "/guilds/{guild_id}")
async def delete_guild(call: ControlCall) -> JsonObject:
    """With all that is in it; its bots are told."""
    guilds.delete(call.world, call.guild())
    return {}


@routes("DELETE", "/guilds/{guild_id}/members/{persona_id}")
async def kick(call: ControlCall) -> JsonObject:
    """A persona or bot leaves, or is made to."""
    guilds.kick(call.world, call.guild(), call.params["persona_id"])
    return {}
