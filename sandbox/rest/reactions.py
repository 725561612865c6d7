"""Reactions with plain emoji."""

from sandbox import errors, permissions
from sandbox.call import Call
from sandbox.changes.reactions import MOST_EMOJIS, react, unreact
from sandbox.rest.finding import find_channel, find_message, require
from sandbox.rest.routing import Routes
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()

BASE = "/channels/{channel_id}/messages/{message_id}/reactions"


@routes("PUT", BASE + "/{emoji_name}/@me")
def add(call: Call) -> None:
    """React as the bot."""
    channel = find_channel(call)
    if channel.guild:
        require(call, channel, permissions.READ_MESSAGE_HISTORY)
    message = find_message(call, channel)
    emoji = call.params["emoji_name"]
    if emoji not in message.reactions:
        if channel.guild:
            require(call, channel, permissions.ADD_REACTIONS)
        if len(message.reactions) >= MOST_EMOJIS:
            raise errors.too_many_reactions()
    react(call.world, message, call.bot_id, emoji)


@routes("DELETE", BASE + "/{emoji_name}/@me")
def remove(call: Call) -> None:
    """Take back the bot's own."""
    message = find_message(call, find_channel(call))
    unreact(call.world, message, call.bot_id, call.params["emoji_name"])


@routes("GET", BASE + "/{emoji_name}")
def who(call: Call) -> list[JsonObject]:
    """Who reacted with an emoji."""
    message = find_message(call, find_channel(call))
    limit = call.number("limit", 25, least=1, most=100)
    users = message.reactions.get(call.params["emoji_name"], [])
    return [call.world.users[user].json() for user in users[:limit]]
