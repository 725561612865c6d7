"""Application commands of one guild."""

from sandbox.call import Call, Created
from sandbox.changes import commands
from sandbox.errors import missing_access
from sandbox.model.application import Application
from sandbox.rest.commands import own_application, shown
from sandbox.rest.routing import Routes
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()

BASE = "/applications/{application_id}/guilds/{guild_id}/commands"


def _named(call: Call) -> tuple[Application, str]:
    """Raises 50001 for a guild that the application is not in."""
    application = own_application(call)
    guild = call.world.guilds.get(call.params["guild_id"])
    if guild is None or application.user.id not in guild.members:
        raise missing_access()
    return application, guild.id


@routes("GET", BASE)
def list_commands(call: Call) -> list[JsonObject]:
    """All of them."""
    application, guild_id = _named(call)
    found = application.commands.get(guild_id, {}).values()
    return [shown(call, command.body) for command in found]


@routes("POST", BASE)
def create(call: Call) -> JsonObject | Created:
    """Register one, replacing one of the same name: 201 when it is new."""
    application, guild_id = _named(call)
    command, new = commands.create(call.world, application, guild_id, call.fields)
    return Created(command.body) if new else command.body


@routes("PUT", BASE)
def overwrite(call: Call) -> list[JsonObject]:
    """Replace all of them."""
    application, guild_id = _named(call)
    made = commands.overwrite(call.world, application, guild_id, call.items)
    return [command.body for command in made]


@routes("GET", BASE + "/permissions")
def list_permissions(call: Call) -> list[JsonObject]:
    """Permission overrides: none, as nobody sets them here."""
    _named(call)
    return []


@routes("GET", BASE + "/{command_id}")
def get(call: Call) -> JsonObject:
    """One of them."""
    application, guild_id = _named(call)
    return commands.find(application, guild_id, call.params["command_id"]).body


@routes("PATCH", BASE + "/{command_id}")
def edit(call: Call) -> JsonObject:
    """Change one."""
    application, guild_id = _named(call)
    command = commands.find(application, guild_id, call.params["command_id"])
    return commands.edit(call.world, application, command, call.fields).body


@routes("DELETE", BASE + "/{command_id}")
def delete(call: Call) -> None:
    """Delete one."""
    application, guild_id = _named(call)
    command = commands.find(application, guild_id, call.params["command_id"])
    commands.delete(application, command)
