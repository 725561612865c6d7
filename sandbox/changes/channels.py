"""Channels: making, changing, deleting."""

from sandbox.changes import threads
from sandbox.model.channel import Channel
from sandbox.model.guild import Guild
from sandbox.model.user import User
from sandbox.permissions import Overwrite
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = ["create", "delete", "open_dm", "parse_overwrites", "updated"]


def create(
    world: World,
    guild: Guild,
    name: str,
    *,
    kind: int = 0,
    overwrites: list[Overwrite] | None = None,
    parent: Channel | None = None,
    topic: str | None = None,
) -> Channel:
    channel = Channel(
        id=world.snowflakes.next(),
        type=kind,
        name=name,
        guild=guild,
        parent=parent,
        position=len(guild.channels),
        topic=topic,
        overwrites={overwrite.id: overwrite for overwrite in overwrites or []},
    )
    guild.channels[channel.id] = channel
    world.channels[channel.id] = channel
    world.hub.to_guild(guild, "CHANNEL_CREATE", channel.json())
    return channel


def updated(world: World, channel: Channel) -> None:
    """Tell of a change, of a thread or of any other channel."""
    if channel.thread:
        threads.announce_update(world, channel)
    elif channel.guild:
        world.hub.to_guild(channel.guild, "CHANNEL_UPDATE", channel.json())


def delete(world: World, channel: Channel) -> None:
    """Delete with all that is in it, of which nothing is told: neither threads nor messages."""
    guild = channel.guild
    if guild is None:
        return
    if channel.thread:
        data: JsonObject = {
            "id": channel.id,
            "guild_id": guild.id,
            "parent_id": channel.parent.id if channel.parent else None,
            "type": channel.type,
        }
        world.hub.to_guild(guild, "THREAD_DELETE", data, channel=channel)
    else:
        world.hub.to_guild(guild, "CHANNEL_DELETE", channel.json())
        inside = [
            thread
            for thread in (*guild.threads.values(), *guild.archived.values())
            if thread.parent is channel
        ]
        for thread in inside:
            forget(world, thread)
    forget(world, channel)


def forget(world: World, channel: Channel) -> None:
    """Remove it and its messages, telling nobody."""
    channel.gone = True
    world.channels.pop(channel.id, None)
    if channel.guild:
        channel.guild.channels.pop(channel.id, None)
        channel.guild.threads.pop(channel.id, None)
        channel.guild.archived.pop(channel.id, None)
    if channel.thread and channel.thread.timer:
        channel.thread.timer.cancel()
    for message in channel.messages.values():
        message.deleted.set()
    channel.messages.clear()


def open_dm(world: World, one: User, other: User) -> Channel:
    """The direct messages of two users, made when first asked for."""
    persona = world.personas[other.id]
    channel = persona.dms.get(one.id)
    if channel is None:
        channel = Channel(id=world.snowflakes.next(), type=1, recipients=[one, other])
        persona.dms[one.id] = channel
        world.channels[channel.id] = channel
    return channel


def parse_overwrites(values: list[JsonObject]) -> list[Overwrite]:
    """From the API's shape, in which bits are text or numbers and may be absent."""
    return [
        Overwrite(
            id=str(value["id"]),
            kind=int(value.get("type") or 0),
            allow=int(value.get("allow") or 0),
            deny=int(value.get("deny") or 0),
        )
        for value in values
    ]
