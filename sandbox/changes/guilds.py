"""Guilds, their members and roles."""

from sandbox.changes import channels
from sandbox.gateway import intents
from sandbox.gateway.ready import guild_create
from sandbox.model.application import Application
from sandbox.model.guild import Guild, Member, Role
from sandbox.model.user import User
from sandbox.permissions import EVERYONE_DEFAULT
from sandbox.wire import JsonObject, encode
from sandbox.world import World

__all__ = [
    "add_role",
    "create",
    "delete",
    "delete_role",
    "join",
    "kick",
    "member_changed",
    "updated",
]


def create(world: World, name: str, locale: str) -> Guild:
    """A guild with @everyone and one channel, "general"; nobody but its owner is in it."""
    guild = Guild(world.snowflakes.next(), name, world.owner.id, locale)
    guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE_DEFAULT, 0)
    guild.members[world.owner.id] = Member(world.owner, world.now())
    world.guilds[guild.id] = guild
    channels.create(world, guild, "general")
    return guild


def join(world: World, guild: Guild, user: User, roles: list[str] | None = None) -> None:
    """Add a member; a bot gets its own role, and learns of the guild."""
    if user.id in guild.members:
        return
    member = Member(user, world.now(), roles or [])
    application = world.application_of(user.id)
    if application:
        role = Role(
            world.snowflakes.next(),
            user.username,
            application.permissions,
            len(guild.roles),
            bot_id=user.id,
        )
        guild.roles[role.id] = role
        world.hub.to_guild(guild, "GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": role.json()})
        member.roles.append(role.id)
    added = member.json() | {"guild_id": guild.id}
    world.hub.to_guild(guild, "GUILD_MEMBER_ADD", added, intents.GUILD_MEMBERS)
    guild.members[user.id] = member
    if application:
        _tell_of_guild(world, guild, application)


def _tell_of_guild(world: World, guild: Guild, application: Application) -> None:
    for session in world.sessions_of(application):
        if session.handles(guild.id) and session.intents & intents.GUILDS:
            wanted = bool(session.intents & intents.GUILD_MEMBERS)
            data = guild_create(guild, application, all_members=wanted)
            world.hub.send(session, "GUILD_CREATE", encode(data))


def kick(world: World, guild: Guild, user_id: str) -> None:
    """Take somebody out, of its threads too; a bot that leaves is told GUILD_DELETE."""
    member = guild.members.get(user_id)
    if member is None:
        return
    if world.application_of(user_id):
        world.hub.to_guild(guild, "GUILD_DELETE", {"id": guild.id}, only=user_id)
        for role in [role for role in guild.roles.values() if role.bot_id == user_id]:
            del guild.roles[role.id]
    del guild.members[user_id]
    for thread in (*guild.threads.values(), *guild.archived.values()):
        if thread.thread:
            thread.thread.members.pop(user_id, None)
    data: JsonObject = {"guild_id": guild.id, "user": member.user.json()}
    world.hub.to_guild(guild, "GUILD_MEMBER_REMOVE", data, intents.GUILD_MEMBERS)


def delete(world: World, guild: Guild) -> None:
    world.hub.to_guild(guild, "GUILD_DELETE", {"id": guild.id})
    for channel in (
        *guild.channels.values(),
        *guild.threads.values(),
        *guild.archived.values(),
    ):
        channels.forget(world, channel)
    guild.members.clear()
    world.guilds.pop(guild.id, None)


def updated(world: World, guild: Guild) -> None:
    """Tell of a change of the guild itself."""
    world.hub.to_guild(guild, "GUILD_UPDATE", guild.json())


def member_changed(world: World, guild: Guild, member: Member) -> None:
    """To who may know of members; a bot always hears of itself."""
    data = member.json() | {"guild_id": guild.id}
    world.hub.to_guild(guild, "GUILD_MEMBER_UPDATE", data, intents.GUILD_MEMBERS)
    if application := world.application_of(member.user.id):
        for session in world.sessions_of(application):
            if session.handles(guild.id) and not session.intents & intents.GUILD_MEMBERS:
                world.hub.send(session, "GUILD_MEMBER_UPDATE", encode(data))


def add_role(world: World, guild: Guild, role: Role) -> None:
    guild.roles[role.id] = role
    world.hub.to_guild(guild, "GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": role.json()})


def delete_role(world: World, guild: Guild, role: Role) -> None:
    del guild.roles[role.id]
    for member in guild.members.values():
        if role.id in member.roles:
            member.roles.remove(role.id)
    world.hub.to_guild(guild, "GUILD_ROLE_DELETE", {"guild_id": guild.id, "role_id": role.id})
