"""Adding and taking back reactions."""

from sandbox.gateway import intents
from sandbox.model.message import Message
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = ["MOST_EMOJIS", "react", "unreact"]

MOST_EMOJIS = 20
"""How many different ones a message can have."""


def react(world: World, message: Message, user_id: str, emoji: str) -> None:
    """Nobody is told of one that is there already."""
    users = message.reactions.setdefault(emoji, [])
    if user_id not in users:
        users.append(user_id)
        _tell(world, message, "MESSAGE_REACTION_ADD", user_id, emoji)


def unreact(world: World, message: Message, user_id: str, emoji: str) -> None:
    """Nobody is told of one that was not there."""
    users = message.reactions.get(emoji, [])
    if user_id in users:
        users.remove(user_id)
        if not users:
            del message.reactions[emoji]
        _tell(world, message, "MESSAGE_REACTION_REMOVE", user_id, emoji)


def _tell(world: World, message: Message, event: str, user_id: str, emoji: str) -> None:
    data: JsonObject = {
        "user_id": user_id,
        "channel_id": message.channel.id,
        "message_id": message.id,
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    added = event == "MESSAGE_REACTION_ADD"
    if added:
        data["message_author_id"] = message.author.id
    if guild := message.channel.guild:
        data["guild_id"] = guild.id
        if added:
            data["member"] = guild.members[user_id].json()
    world.hub.channel_event(
        message.channel,
        event,
        data,
        intents.GUILD_MESSAGE_REACTIONS,
        intents.DIRECT_MESSAGE_REACTIONS,
    )
    world.watches.changed(message)
