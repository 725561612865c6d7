"""Roles of a guild."""

from sandbox import errors, permissions
from sandbox.call import Call
from sandbox.changes import guilds
from sandbox.model.guild import Guild, Role
from sandbox.rest.finding import find_guild, find_role, require_in_guild
from sandbox.rest.routing import Routes
from sandbox.validation.form import Form
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()


@routes("GET", "/guilds/{guild_id}/roles")
def list_roles(call: Call) -> list[JsonObject]:
    """All of them, @everyone included."""
    return [role.json() for role in find_guild(call).roles.values()]


@routes("GET", "/guilds/{guild_id}/roles/{role_id}")
def get(call: Call) -> JsonObject:
    """One role."""
    return find_role(call, find_guild(call)).json()


@routes("POST", "/guilds/{guild_id}/roles")
def create(call: Call) -> JsonObject:
    """A new role, the lowest above @everyone, with MANAGE_ROLES."""
    guild = find_guild(call)
    require_in_guild(call, guild, permissions.MANAGE_ROLES)
    role = Role(call.world.snowflakes.next(), "new role", guild.roles[guild.id].permissions, 1)
    _fill(call, guild, role)
    for other in guild.roles.values():
        if other.position >= 1:
            other.position += 1
    guilds.add_role(call.world, guild, role)
    return role.json()


@routes("PATCH", "/guilds/{guild_id}/roles/{role_id}")
def change(call: Call) -> JsonObject:
    """Change a role below the bot's own, with MANAGE_ROLES."""
    guild = find_guild(call)
    role = find_role(call, guild)
    _may_change(call, guild, role)
    _fill(call, guild, role)
    data: JsonObject = {"guild_id": guild.id, "role": role.json()}
    call.world.hub.to_guild(guild, "GUILD_ROLE_UPDATE", data)
    return role.json()


@routes("DELETE", "/guilds/{guild_id}/roles/{role_id}")
def delete(call: Call) -> None:
    """Delete a role below the bot's own, with MANAGE_ROLES."""
    guild = find_guild(call)
    role = find_role(call, guild)
    if role.id == guild.id:
        raise errors.missing_permissions()
    _may_change(call, guild, role)
    guilds.delete_role(call.world, guild, role)


def _may_change(call: Call, guild: Guild, role: Role) -> None:
    require_in_guild(call, guild, permissions.MANAGE_ROLES)
    if role.position >= guild.top_position(call.bot_id):
        raise errors.missing_permissions()


def _fill(call: Call, guild: Guild, role: Role) -> None:
    """What the body gives; nobody grants a permission that they do not have."""
    form = Form()
    body = call.fields
    name = form.text(body, "name", (), most=100)
    bits = form.integer(body, "permissions", (), least=0, most=(1 << 53) - 1)
    color = form.integer(body, "color", (), least=0, most=0xFFFFFF)
    hoist = form.flag(body, "hoist", ())
    mentionable = form.flag(body, "mentionable", ())
    form.check()
    if bits is not None and bits & ~role.permissions & ~guild.base_permissions(call.bot_id):
        raise errors.missing_permissions()
    role.name = name or role.name
    role.permissions = role.permissions if bits is None else bits
    role.color = role.color if color is None else color
    role.hoist = role.hoist if hoist is None else hoist
    role.mentionable = role.mentionable if mentionable is None else mentionable
