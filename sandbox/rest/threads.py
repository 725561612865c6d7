"""Threads: making them, and finding those that are active or archived."""

from sandbox import errors, permissions
from sandbox.call import Call
from sandbox.changes import messages, threads
from sandbox.model.channel import Channel, ChannelType
from sandbox.model.message import Message
from sandbox.rest.channels import ARCHIVE_MINUTES
from sandbox.rest.finding import find_channel, find_guild, find_message, require
from sandbox.rest.routing import Routes
from sandbox.validation.form import Form
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()

THREAD_TYPES = (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)
PARENTS = (ChannelType.TEXT, ChannelType.ANNOUNCEMENT)


@routes("POST", "/channels/{channel_id}/threads", status=201)
def create(call: Call) -> JsonObject:
    """A thread that starts from no message; private unless the type says otherwise."""
    parent = _parent(call)
    form = Form()
    kind = form.integer(call.fields, "type", (), least=10, most=12) or ChannelType.PRIVATE_THREAD
    if kind not in THREAD_TYPES:
        form.choices(("type",), THREAD_TYPES)
    private = kind == ChannelType.PRIVATE_THREAD
    needed = permissions.CREATE_PRIVATE_THREADS if private else permissions.CREATE_PUBLIC_THREADS
    require(call, parent, needed)
    channel = _make(call, form, parent, kind)
    if not private:
        _notice(call, parent, channel)
    return channel.json(call.bot_id)


@routes("POST", "/channels/{channel_id}/messages/{message_id}/threads", status=201)
def create_from_message(call: Call) -> JsonObject:
    """A public thread under a message, whose id it takes."""
    parent = _parent(call)
    require(call, parent, permissions.CREATE_PUBLIC_THREADS)
    message = find_message(call, parent)
    if message.thread:
        raise errors.has_thread_already()
    channel = _make(call, Form(), parent, ChannelType.PUBLIC_THREAD, message)
    messages.announce(call.world, "MESSAGE_UPDATE", message)
    return channel.json(call.bot_id)


def _parent(call: Call) -> Channel:
    parent = find_channel(call)
    if parent.type not in PARENTS:
        raise errors.wrong_channel_type()
    return parent


def _make(
    call: Call, form: Form, parent: Channel, kind: int, message: Message | None = None
) -> Channel:
    body = call.fields
    name = form.text(body, "name", (), least=1, most=100, required=True) or ""
    minutes = form.integer(body, "auto_archive_duration", (), least=60, most=10_080)
    if minutes is not None and minutes not in ARCHIVE_MINUTES:
        form.choices(("auto_archive_duration",), ARCHIVE_MINUTES)
    slowmode = form.integer(body, "rate_limit_per_user", (), least=0, most=21_600)
    invitable = form.flag(body, "invitable", ())
    form.check()
    return threads.create(
        call.world,
        parent,
        kind,
        name,
        call.bot_id,
        auto_archive_minutes=minutes or 4_320,
        invitable=invitable is not False,
        slowmode=slowmode or 0,
        message=message,
    )


def _notice(call: Call, parent: Channel, thread: Channel) -> None:
    """The line in the parent that says who started a thread."""
    message = Message(
        id=call.world.snowflakes.next(),
        channel=parent,
        author=call.bot.user,
        timestamp=call.world.now(),
        content=thread.name,
        type=18,
        reference={
            "type": 0,
            "channel_id": thread.id,
            "guild_id": parent.guild.id if parent.guild else None,
        },
    )
    messages.deliver(call.world, message)


@routes("GET", "/guilds/{guild_id}/threads/active")
def active(call: Call) -> JsonObject:
    """All active threads of the guild that the bot can see, and its own memberships."""
    guild = find_guild(call)
    bot = call.bot_id
    seen = [thread for thread in guild.threads.values() if thread.visible_to(bot)]
    return _listed(call, seen, has_more=False)


@routes("GET", "/channels/{channel_id}/threads/archived/public")
def archived_public(call: Call) -> JsonObject:
    """Archived public threads of a channel, the last archived first."""
    return _archived(call, ChannelType.PUBLIC_THREAD)


@routes("GET", "/channels/{channel_id}/threads/archived/private")
def archived_private(call: Call) -> JsonObject:
    """Archived private threads of a channel, with MANAGE_THREADS."""
    require(call, find_channel(call), permissions.MANAGE_THREADS)
    return _archived(call, ChannelType.PRIVATE_THREAD)


def _archived(call: Call, kind: int) -> JsonObject:
    parent = find_channel(call)
    guild = parent.guild
    if guild is None:
        raise errors.wrong_channel_type()
    limit = call.number("limit", 50, least=2, most=100)
    before = call.query.get("before")
    found = [
        thread
        for thread in reversed(guild.archived.values())
        if thread.parent is parent
        and thread.type == kind
        and (before is None or (thread.thread is not None and thread.thread.archived_at < before))
    ]
    return _listed(call, found[:limit], has_more=len(found) > limit)


def _listed(call: Call, seen: list[Channel], *, has_more: bool) -> JsonObject:
    bot = call.bot_id
    members = [
        channel.thread_member_json(channel.thread.members[bot])
        for channel in seen
        if channel.thread and bot in channel.thread.members
    ]
    return {
        "threads": [thread.json(bot) for thread in seen],
        "members": members,
        "has_more": has_more,
    }
