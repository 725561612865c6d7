"""Guilds."""

from sandbox.call import Call
from sandbox.changes import guilds
from sandbox.errors import unknown_guild
from sandbox.permissions import MANAGE_GUILD
from sandbox.rest.finding import find_guild, require_in_guild
from sandbox.rest.routing import Routes
from sandbox.validation.form import Form
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()


@routes("GET", "/guilds/{guild_id}")
def get(call: Call) -> JsonObject:
    """One guild, with member counts when asked for."""
    guild = find_guild(call)
    shown = guild.json()
    if call.asked("with_counts"):
        shown["approximate_member_count"] = len(guild.members)
        shown["approximate_presence_count"] = len(guild.members)
    return shown


@routes("PATCH", "/guilds/{guild_id}")
def change(call: Call) -> JsonObject:
    """Its name, with MANAGE_GUILD; anything else is taken and not kept."""
    guild = find_guild(call)
    require_in_guild(call, guild, MANAGE_GUILD)
    form = Form()
    name = form.text(call.fields, "name", (), least=2, most=100)
    form.check()
    guild.name = name or guild.name
    guilds.updated(call.world, guild)
    return guild.json()


@routes("DELETE", "/users/@me/guilds/{guild_id}")
def leave(call: Call) -> None:
    """The bot leaves."""
    guild = call.world.guilds.get(call.params["guild_id"])
    if guild is None or call.bot_id not in guild.members:
        raise unknown_guild()
    guilds.kick(call.world, guild, call.bot_id)
