"""Threads: their making, their members, and going to sleep when nobody writes."""

from sandbox.errors import too_many_threads
from sandbox.gateway import intents
from sandbox.model.channel import Channel, Thread, ThreadMember
from sandbox.model.guild import MOST_ARCHIVED_THREADS
from sandbox.model.message import Message
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = [
    "MOST_ACTIVE",
    "add_member",
    "announce_update",
    "create",
    "remove_member",
    "set_archived",
    "touch",
]

MOST_ACTIVE = 1_000
"""Active threads in a guild; Discord answers 160006 for one more."""


def create(
    world: World,
    parent: Channel,
    kind: int,
    name: str,
    owner_id: str,
    *,
    auto_archive_minutes: int = 4_320,
    invitable: bool = True,
    slowmode: int = 0,
    message: Message | None = None,
) -> Channel:
    """Make a thread and announce it. Raises DiscordError 160006 when there are too many."""
    guild = parent.guild
    assert guild is not None  # noqa: S101 - threads exist in guilds only; callers have checked
    if len(guild.threads) >= MOST_ACTIVE:
        raise too_many_threads()
    now = world.now()
    channel = Channel(
        id=message.id if message else world.snowflakes.next(),
        type=kind,
        name=name,
        guild=guild,
        parent=parent,
        slowmode=slowmode,
        thread=Thread(owner_id, now, auto_archive_minutes, now, invitable=invitable),
    )
    guild.threads[channel.id] = channel
    world.channels[channel.id] = channel
    if message:
        message.thread = channel
    touch(world, channel)
    _join(world, channel, owner_id)
    _announce_to_bots(world, channel, created=True)
    return channel


def add_member(world: World, channel: Channel, user_id: str) -> None:
    """Add somebody who is not in it, and tell those who are; a bot added learns of the thread."""
    thread, guild = channel.thread, channel.guild
    if thread is None or guild is None or user_id in thread.members:
        return
    _join(world, channel, user_id)
    member = channel.thread_member_json(thread.members[user_id])
    if world.application_of(user_id):
        data = channel.json(user_id)
        if channel.private:
            world.hub.to_guild(guild, "THREAD_CREATE", data, only=user_id)
    _members_update(world, channel, added=[member], removed=[])


def remove_member(world: World, channel: Channel, user_id: str) -> None:
    thread = channel.thread
    if thread is None or user_id not in thread.members:
        return
    # Told before it is done: the one removed hears of it too.
    _members_update(world, channel, added=[], removed=[user_id])
    del thread.members[user_id]


def touch(world: World, channel: Channel) -> None:
    """Somebody wrote: an archived thread wakes, and the time to its archiving begins anew."""
    thread = channel.thread
    if thread is None:
        return
    thread.active_at = world.clock.now()
    if thread.archived:
        set_archived(world, channel, archived=False)
        announce_update(world, channel)
    elif thread.timer is None:
        _start_timer(world, channel, thread, thread.auto_archive_minutes * 60.0)


def set_archived(world: World, channel: Channel, *, archived: bool) -> None:
    """Archive or wake; THREAD_UPDATE is the caller's, for other changes may come with it.

    Raises DiscordError 160006 when it would wake in a guild whose active threads are too many.
    """
    thread, guild = channel.thread, channel.guild
    if thread is None or guild is None or thread.archived == archived:
        return
    if archived:
        guild.threads.pop(channel.id, None)
        guild.archived[channel.id] = channel
        if thread.timer:
            thread.timer.cancel()
            thread.timer = None
        _forget_old(world, channel)
    else:
        if len(guild.threads) >= MOST_ACTIVE:
            raise too_many_threads()
        guild.archived.pop(channel.id, None)
        guild.threads[channel.id] = channel
    thread.archived = archived
    thread.archived_at = world.now()
    if not archived:
        thread.active_at = world.clock.now()
        _start_timer(world, channel, thread, thread.auto_archive_minutes * 60.0)


def announce_update(world: World, channel: Channel) -> None:
    _announce_to_bots(world, channel, created=False)


def _announce_to_bots(world: World, channel: Channel, *, created: bool) -> None:
    guild = channel.guild
    if guild is None:
        return
    for application in world.applications.values():
        bot = application.user.id
        if not channel.visible_to(bot):
            continue
        data = channel.json(bot)
        if created:
            data["newly_created"] = True
        event = "THREAD_CREATE" if created else "THREAD_UPDATE"
        world.hub.to_guild(guild, event, data, only=bot)


def _start_timer(world: World, channel: Channel, thread: Thread, seconds: float) -> None:
    def fire() -> None:
        thread.timer = None
        if thread.archived or channel.id not in world.channels:
            return
        left = thread.active_at + thread.auto_archive_minutes * 60.0 - world.clock.now()
        if left > 0:
            _start_timer(world, channel, thread, left)
            return
        set_archived(world, channel, archived=True)
        announce_update(world, channel)

    thread.timer = world.clock.call_later(seconds, fire)


def _join(world: World, channel: Channel, user_id: str) -> None:
    if channel.thread:
        channel.thread.members[user_id] = ThreadMember(user_id, world.now())


def _members_update(
    world: World, channel: Channel, added: list[JsonObject], removed: list[str]
) -> None:
    """A bot without the members intent hears only of itself."""
    guild = channel.guild
    if guild is None:
        return
    data = _members_update_json(channel, added, removed)
    concerned = {*removed, *(member["user_id"] for member in added)}
    for application in world.applications.values():
        bot = application.user.id
        intent = intents.GUILDS if bot in concerned else intents.GUILD_MEMBERS
        world.hub.to_guild(guild, "THREAD_MEMBERS_UPDATE", data, intent, channel=channel, only=bot)


def _members_update_json(
    channel: Channel, added: list[JsonObject], removed: list[str]
) -> JsonObject:
    guild, thread = channel.guild, channel.thread
    members = guild.members if guild else {}
    data: JsonObject = {
        "id": channel.id,
        "guild_id": guild.id if guild else None,
        "member_count": min(len(thread.members) - len(removed), 50) if thread else 0,
    }
    if added:
        data["added_members"] = [
            member | {"member": members[member["user_id"]].json(), "presence": None}
            for member in added
            if member["user_id"] in members
        ]
    if removed:
        data["removed_member_ids"] = removed
    return data


def _forget_old(world: World, channel: Channel) -> None:
    guild = channel.guild
    while guild and len(guild.archived) > MOST_ARCHIVED_THREADS:
        forgotten, thread = guild.archived.popitem(last=False)
        thread.gone = True
        for message in thread.messages.values():
            message.deleted.set()
        thread.messages.clear()
        world.channels.pop(forgotten, None)
