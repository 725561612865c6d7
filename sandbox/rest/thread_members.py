"""Who is in a thread."""

from sandbox import errors, permissions
from sandbox.call import Call
from sandbox.changes import threads
from sandbox.model.channel import Channel
from sandbox.rest.finding import find_thread, require
from sandbox.rest.routing import Routes
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()

BASE = "/channels/{channel_id}/thread-members"


@routes("GET", BASE)
def list_members(call: Call) -> list[JsonObject]:
    """By ``limit`` and ``after``; ``with_member`` adds the guild's member."""
    channel = find_thread(call)
    limit = call.number("limit", 100, least=1, most=100)
    after = call.number("after", 0, least=0, most=1 << 63)
    members = channel.thread.members if channel.thread else {}
    found = [user for user in sorted(members, key=int) if int(user) > after]
    return [_shown(call, channel, user) for user in found[:limit]]


@routes("GET", BASE + "/{user_id}")
def get(call: Call) -> JsonObject:
    """One of them; 10007 for who is not in it."""
    channel = find_thread(call)
    if channel.thread is None or call.params["user_id"] not in channel.thread.members:
        raise errors.unknown_member()
    return _shown(call, channel, call.params["user_id"])


def _shown(call: Call, channel: Channel, user_id: str) -> JsonObject:
    assert channel.thread is not None  # noqa: S101 - found as a thread
    shown = channel.thread_member_json(channel.thread.members[user_id])
    if call.asked("with_member") and channel.guild:
        shown["member"] = channel.guild.members[user_id].json()
    return shown


@routes("PUT", BASE + "/@me")
def join(call: Call) -> None:
    """Join an active thread."""
    channel = _awake(call)
    threads.add_member(call.world, channel, call.bot_id)


@routes("PUT", BASE + "/{user_id}")
def add(call: Call) -> None:
    """Add a member of the guild; 50001 for one who cannot see the thread's parent."""
    channel = _awake(call)
    require(call, channel, permissions.SEND_MESSAGES_IN_THREADS)
    user_id = call.params["user_id"]
    if user_id not in call.world.users:
        raise errors.unknown_user()
    if channel.guild is None or user_id not in channel.guild.members:
        raise errors.unknown_member()
    if channel.parent is None or not channel.parent.visible_to(user_id):
        raise errors.missing_access()
    threads.add_member(call.world, channel, user_id)


@routes("DELETE", BASE + "/@me")
def leave(call: Call) -> None:
    """Leave an active thread."""
    threads.remove_member(call.world, _awake(call), call.bot_id)


@routes("DELETE", BASE + "/{user_id}")
def remove(call: Call) -> None:
    """Remove somebody, with MANAGE_THREADS or from one's own private thread."""
    channel = _awake(call)
    owner = channel.thread is not None and channel.thread.owner_id == call.bot_id
    if not (owner and channel.private):
        require(call, channel, permissions.MANAGE_THREADS)
    user_id = call.params["user_id"]
    if channel.thread is None or user_id not in channel.thread.members:
        raise errors.unknown_member()
    threads.remove_member(call.world, channel, user_id)


def _awake(call: Call) -> Channel:
    channel = find_thread(call)
    if channel.thread and channel.thread.archived:
        raise errors.archived_thread()
    return channel
