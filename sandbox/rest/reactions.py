"""Reactions with plain emoji."""

from sandbox import errors, permissions
from sandbox.call import Call
from sandbox.gateway import intents
from sandbox.model.message import Message
from sandbox.rest.finding import find_channel, find_message, require
from sandbox.rest.routing import Routes
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()

MOST_EMOJIS = 20
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
    users = message.reactions.setdefault(emoji, [])
    if call.bot_id not in users:
        users.append(call.bot_id)
        _tell(call, message, "MESSAGE_REACTION_ADD", emoji)


@routes("DELETE", BASE + "/{emoji_name}/@me")
def remove(call: Call) -> None:
    """Take back the bot's own."""
    message = find_message(call, find_channel(call))
    emoji = call.params["emoji_name"]
    users = message.reactions.get(emoji, [])
    if call.bot_id in users:
        users.remove(call.bot_id)
        if not users:
            del message.reactions[emoji]
        _tell(call, message, "MESSAGE_REACTION_REMOVE", emoji)


@routes("GET", BASE + "/{emoji_name}")
def who(call: Call) -> list[JsonObject]:
    """Who reacted with an emoji."""
    message = find_message(call, find_channel(call))
    limit = call.number("limit", 25, least=1, most=100)
    users = message.reactions.get(call.params["emoji_name"], [])
    return [call.world.users[user].json() for user in users[:limit]]


def _tell(call: Call, message: Message, event: str, emoji: str) -> None:
    data: JsonObject = {
        "user_id": call.bot_id,
        "channel_id": message.channel.id,
        "message_id": message.id,
        "message_author_id": message.author.id,
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if guild := message.channel.guild:
        data["guild_id"] = guild.id
        if event.endswith("ADD"):
            data["member"] = guild.members[call.bot_id].json()
    call.world.hub.channel_event(
        message.channel,
        event,
        data,
        intents.GUILD_MESSAGE_REACTIONS,
        intents.DIRECT_MESSAGE_REACTIONS,
    )
