"""Members of a guild, and the roles they hold."""

from sandbox import errors, permissions
from sandbox.call import Call
from sandbox.changes import guilds
from sandbox.model.guild import Guild, Member, Role
from sandbox.rest.finding import find_guild, find_member, find_role, require_in_guild
from sandbox.rest.routing import Routes
from sandbox.validation.form import Form
from sandbox.wire import JsonObject, parse_snowflake

__all__ = ["routes"]

routes = Routes()


@routes("GET", "/guilds/{guild_id}/members")
def list_members(call: Call) -> list[JsonObject]:
    """By ``limit`` and ``after``; needs the privileged members intent, else 50001."""
    guild = find_guild(call)
    if not call.bot.privileged_intents & 1 << 1:
        raise errors.missing_access()
    limit = call.number("limit", 1, least=1, most=1_000)
    after = call.number("after", 0, least=0, most=1 << 63)
    found = [user for user in sorted(guild.members, key=int) if int(user) > after]
    return [guild.members[user].json() for user in found[:limit]]


@routes("GET", "/guilds/{guild_id}/members/search")
def search(call: Call) -> list[JsonObject]:
    """Members whose name begins with ``query``."""
    guild = find_guild(call)
    limit = call.number("limit", 1, least=1, most=1_000)
    start = call.query.get("query", "").lower()
    found = [
        member
        for member in guild.members.values()
        if (member.nick or member.user.username).lower().startswith(start)
    ]
    return [member.json() for member in found[:limit]]


@routes("GET", "/guilds/{guild_id}/members/{user_id}")
def get(call: Call) -> JsonObject:
    """One member."""
    return find_member(call, find_guild(call)).json()


@routes("PATCH", "/guilds/{guild_id}/members/{user_id}")
def change(call: Call) -> JsonObject:
    """Nickname and roles."""
    guild = find_guild(call)
    member = find_member(call, guild)
    form = Form()
    nick = form.text(call.fields, "nick", (), most=32)
    roles = form.array(call.fields, "roles", (), most=250)
    form.check()
    if "nick" in call.fields:
        require_in_guild(call, guild, permissions.MANAGE_NICKNAMES)
        member.nick = nick or None
    if roles is not None:
        wanted = [guild.roles.get(parse_snowflake(value) or "") for value in roles]
        for role in wanted:
            if role is None:
                raise errors.unknown_role()
            _may_give(call, guild, role)
        member.roles = [role.id for role in wanted if role]
    guilds.member_changed(call.world, guild, member)
    return member.json()


@routes("PATCH", "/guilds/{guild_id}/members/@me")
def change_me(call: Call) -> JsonObject:
    """The bot's own nickname, with CHANGE_NICKNAME."""
    guild = find_guild(call)
    form = Form()
    nick = form.text(call.fields, "nick", (), most=32)
    form.check()
    member = guild.members[call.bot_id]
    if "nick" in call.fields:
        require_in_guild(call, guild, permissions.CHANGE_NICKNAME)
        member.nick = nick or None
        guilds.member_changed(call.world, guild, member)
    return member.json()


@routes("DELETE", "/guilds/{guild_id}/members/{user_id}")
def kick(call: Call) -> None:
    """Remove a member, with KICK_MEMBERS."""
    guild = find_guild(call)
    member = find_member(call, guild)
    require_in_guild(call, guild, permissions.KICK_MEMBERS)
    guilds.kick(call.world, guild, member.user.id)


@routes("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def give_role(call: Call) -> None:
    """Give a role below the bot's own highest, with MANAGE_ROLES."""
    guild, member, role = _named(call)
    if role.id not in member.roles:
        member.roles.append(role.id)
        guilds.member_changed(call.world, guild, member)


@routes("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def take_role(call: Call) -> None:
    """Take a role away, under the same conditions."""
    guild, member, role = _named(call)
    if role.id in member.roles:
        member.roles.remove(role.id)
        guilds.member_changed(call.world, guild, member)


def _named(call: Call) -> tuple[Guild, Member, Role]:
    guild = find_guild(call)
    member, role = find_member(call, guild), find_role(call, guild)
    _may_give(call, guild, role)
    return guild, member, role


def _may_give(call: Call, guild: Guild, role: Role) -> None:
    require_in_guild(call, guild, permissions.MANAGE_ROLES)
    if role.bot_id is not None or role.position >= guild.top_position(call.bot_id):
        raise errors.missing_permissions()
