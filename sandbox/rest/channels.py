"""Channels: get, change, delete; the list of a guild's, and new ones."""

from sandbox import errors, permissions
from sandbox.call import Call
from sandbox.changes import channels, threads
from sandbox.model.channel import Channel, Thread
from sandbox.rest.finding import find_channel, find_guild, require, require_in_guild
from sandbox.rest.routing import Routes
from sandbox.validation.form import Form
from sandbox.wire import JsonObject, is_object

__all__ = ["routes"]

routes = Routes()

ARCHIVE_MINUTES = (60, 1_440, 4_320, 10_080)
CREATABLE = (0, 2, 4, 5)


@routes("GET", "/channels/{channel_id}")
def get(call: Call) -> JsonObject:
    """A channel, thread or direct message."""
    return find_channel(call).json(call.bot_id)


@routes("PATCH", "/channels/{channel_id}")
def change(call: Call) -> JsonObject:
    """Name, topic, slowmode, overwrites, parent; of a thread also archived, locked, invitable."""
    channel = find_channel(call)
    if channel.guild is None:
        raise errors.not_in_a_dm()
    if channel.thread:
        _change_thread(call, channel, channel.thread)
    else:
        require(call, channel, permissions.MANAGE_CHANNELS)
        _change_channel(call, channel)
    channels.updated(call.world, channel)
    return channel.json(call.bot_id)


def _change_channel(call: Call, channel: Channel) -> None:
    form = Form()
    body = call.fields
    name = form.text(body, "name", (), least=1, most=100)
    topic = form.text(body, "topic", (), most=1024)
    slowmode = form.integer(body, "rate_limit_per_user", (), least=0, most=21_600)
    position = form.integer(body, "position", (), least=0, most=10_000)
    overwrites = form.array(body, "permission_overwrites", (), most=100)
    parent = form.snowflake(body, "parent_id", ())
    form.check()
    if name is not None:
        channel.name = name
    if "topic" in body:
        channel.topic = topic
    if slowmode is not None:
        channel.slowmode = slowmode
    if position is not None:
        channel.position = position
    if "parent_id" in body:
        channel.parent = call.world.channels.get(parent or "")
    if overwrites is not None:
        require(call, channel, permissions.MANAGE_ROLES)
        given = channels.parse_overwrites([value for value in overwrites if is_object(value)])
        channel.overwrites = {overwrite.id: overwrite for overwrite in given}


def _change_thread(call: Call, channel: Channel, thread: Thread) -> None:
    """Its owner may rename and archive it; locking, and what is locked, need MANAGE_THREADS."""
    form = Form()
    body = call.fields
    name = form.text(body, "name", (), least=1, most=100)
    archived = form.flag(body, "archived", ())
    locked = form.flag(body, "locked", ())
    invitable = form.flag(body, "invitable", ())
    slowmode = form.integer(body, "rate_limit_per_user", (), least=0, most=21_600)
    minutes = form.integer(body, "auto_archive_duration", (), least=60, most=10_080)
    if minutes is not None and minutes not in ARCHIVE_MINUTES:
        form.choices(("auto_archive_duration",), ARCHIVE_MINUTES)
    form.check()
    manages = channel.permissions(call.bot_id) & permissions.MANAGE_THREADS
    if not manages:
        may_wake = archived is False and not thread.locked and set(body) <= {"archived"}
        if (thread.owner_id != call.bot_id and not may_wake) or locked is not None or thread.locked:
            raise errors.missing_permissions()
    if thread.archived and archived is not False:
        raise errors.archived_thread()
    if archived is not None:
        threads.set_archived(call.world, channel, archived=archived)
    if locked is not None:
        thread.locked = locked
    if invitable is not None:
        thread.invitable = invitable
    if name is not None:
        channel.name = name
    if slowmode is not None:
        channel.slowmode = slowmode
    if minutes is not None:
        thread.auto_archive_minutes = minutes


@routes("DELETE", "/channels/{channel_id}")
def delete(call: Call) -> JsonObject:
    """Delete a channel or thread; a direct message is only closed, and stays."""
    channel = find_channel(call)
    shown = channel.json(call.bot_id)
    if channel.guild is None:
        return shown
    needed = permissions.MANAGE_THREADS if channel.thread else permissions.MANAGE_CHANNELS
    require(call, channel, needed)
    channels.delete(call.world, channel)
    return shown


@routes("GET", "/guilds/{guild_id}/channels")
def list_channels(call: Call) -> list[JsonObject]:
    """Without threads."""
    return [channel.json(call.bot_id) for channel in find_guild(call).channels.values()]


@routes("POST", "/guilds/{guild_id}/channels", status=201)
def create(call: Call) -> JsonObject:
    """A text, voice, announcement channel or a category, with MANAGE_CHANNELS."""
    guild = find_guild(call)
    require_in_guild(call, guild, permissions.MANAGE_CHANNELS)
    form = Form()
    body = call.fields
    name = form.text(body, "name", (), least=1, most=100, required=True) or ""
    kind = form.integer(body, "type", (), least=0, most=16) or 0
    if kind not in CREATABLE:
        form.choices(("type",), CREATABLE)
    overwrites = form.array(body, "permission_overwrites", (), most=100) or []
    parent = form.snowflake(body, "parent_id", ())
    topic = form.text(body, "topic", (), most=1024)
    form.check()
    channel = channels.create(
        call.world,
        guild,
        name,
        kind=kind,
        overwrites=channels.parse_overwrites([value for value in overwrites if is_object(value)]),
        parent=guild.channels.get(parent or ""),
        topic=topic,
    )
    return channel.json(call.bot_id)


@routes("PUT", "/channels/{channel_id}/permissions/{overwrite_id}")
def set_overwrite(call: Call) -> None:
    """Grant and take permissions of a role or member in a channel, with MANAGE_ROLES."""
    channel = find_channel(call)
    require(call, channel, permissions.MANAGE_ROLES)
    body = call.fields | {"id": call.params["overwrite_id"]}
    overwrite = channels.parse_overwrites([body])[0]
    channel.overwrites[overwrite.id] = overwrite
    channels.updated(call.world, channel)


@routes("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}")
def delete_overwrite(call: Call) -> None:
    """Remove an overwrite, with MANAGE_ROLES."""
    channel = find_channel(call)
    require(call, channel, permissions.MANAGE_ROLES)
    channel.overwrites.pop(call.params["overwrite_id"], None)
    channels.updated(call.world, channel)
