"""What a persona sees: channels, and the messages in them with their own private answers."""

from collections.abc import Iterator

from sandbox.interactions.refusal import not_visible
from sandbox.model.channel import Channel
from sandbox.model.message import Message
from sandbox.model.user import Persona
from sandbox.permissions import READ_MESSAGE_HISTORY
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = ["find_channel", "find_message", "shown", "visible_channels", "visible_messages"]


def visible_channels(world: World, persona: Persona) -> Iterator[Channel]:
    """Guild channels, active threads and direct messages."""
    user = persona.user.id
    for guild in world.guilds.values():
        if user not in guild.members:
            continue
        for channel in (*guild.channels.values(), *guild.threads.values()):
            if channel.visible_to(user):
                yield channel
    yield from persona.dms.values()


def find_channel(world: World, persona: Persona, channel_id: str) -> Channel:
    """Raises Refusal for one that the persona cannot see; an archived thread can be opened."""
    channel = world.channels.get(channel_id)
    if channel is None or not channel.visible_to(persona.user.id):
        raise not_visible(f"{persona.user.username} sees no channel {channel_id}")
    return channel


def visible_messages(
    world: World, persona: Persona, channel: Channel | None = None
) -> list[Message]:
    """Oldest first; everywhere when no channel is given."""
    user = persona.user.id
    found: list[Message] = []
    for place in [channel] if channel else visible_channels(world, persona):
        if place.permissions(user) & READ_MESSAGE_HISTORY:
            found += place.messages.values()
    found += [
        message
        for message in persona.ephemerals.values()
        if message.visible_to(user) and (channel is None or message.channel is channel)
    ]
    return sorted(found, key=lambda message: int(message.id))


def find_message(
    world: World, persona: Persona, message_id: str, channel_id: str | None = None
) -> Message:
    """A message by id, in the channel given or wherever it is.

    Raises Refusal when the persona cannot see it.
    """
    user = persona.user.id
    message = persona.ephemerals.get(message_id)
    if message is None and (channel := world.channels.get(channel_id or "")):
        message = channel.messages.get(message_id)
    if message is None:
        message = next(
            (
                channel.messages[message_id]
                for channel in world.channels.values()
                if message_id in channel.messages
            ),
            None,
        )
    if message is None or not message.visible_to(user):
        raise not_visible(f"{persona.user.username} sees no message {message_id}")
    return message


def shown(message: Message, persona: Persona) -> JsonObject:
    """As the control endpoints show it: as the API does, and what a client works out."""
    guild = message.channel.guild
    return message.json(persona.user.id) | {
        "guild_id": guild.id if guild else None,
        "channel_name": message.channel.name,
        "ephemeral": message.ephemeral_to is not None,
        "text": message.text(),
        "command": message.command,
    }
