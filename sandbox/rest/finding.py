"""Finding what a request names, as far as the bot that asks may know of it."""

from sandbox import errors
from sandbox.call import Call
from sandbox.model.channel import Channel
from sandbox.model.guild import Guild, Member, Role
from sandbox.model.message import Message
from sandbox.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL

__all__ = [
    "find_channel",
    "find_guild",
    "find_member",
    "find_message",
    "find_role",
    "find_thread",
    "require",
    "require_in_guild",
]


def find_channel(call: Call) -> Channel:
    """Raises 10003 when there is none, 50001 when the bot cannot see it."""
    channel = call.world.channels.get(call.params["channel_id"])
    if channel is None:
        raise errors.unknown_channel()
    if not channel.visible_to(call.bot_id):
        raise errors.missing_access()
    return channel


def find_thread(call: Call) -> Channel:
    """Raises 50024 for a channel that is no thread, besides what ``find_channel`` raises."""
    channel = find_channel(call)
    if channel.thread is None:
        raise errors.wrong_channel_type()
    return channel


def find_message(call: Call, channel: Channel) -> Message:
    """Raises 10008; an ephemeral message is not found here by anyone."""
    if not channel.permissions(call.bot_id) & READ_MESSAGE_HISTORY:
        raise errors.missing_access()
    message = channel.messages.get(call.params["message_id"])
    if message is None:
        raise errors.unknown_message()
    return message


def find_guild(call: Call) -> Guild:
    """Raises 10004, also for a guild that the bot is not in."""
    guild = call.world.guilds.get(call.params["guild_id"])
    if guild is None or call.bot_id not in guild.members:
        raise errors.unknown_guild()
    return guild


def find_member(call: Call, guild: Guild) -> Member:
    """Raises 10007, or 10013 when there is no such user at all."""
    user_id = call.params["user_id"]
    member = guild.members.get(user_id)
    if member is None:
        raise errors.unknown_member() if user_id in call.world.users else errors.unknown_user()
    return member


def find_role(call: Call, guild: Guild) -> Role:
    role = guild.roles.get(call.params["role_id"])
    if role is None:
        raise errors.unknown_role()
    return role


def require(call: Call, channel: Channel, permissions: int) -> None:
    """Raises 50001 for a channel the bot cannot see, 50013 when it lacks a permission there."""
    held = channel.permissions(call.bot_id)
    if not held & VIEW_CHANNEL:
        raise errors.missing_access()
    if held & permissions != permissions:
        raise errors.missing_permissions()


def require_in_guild(call: Call, guild: Guild, permissions: int) -> None:
    if guild.base_permissions(call.bot_id) & permissions != permissions:
        raise errors.missing_permissions()
