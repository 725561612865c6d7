"""Global application commands."""

from sandbox.call import Call, Created
from sandbox.changes import commands
from sandbox.errors import unknown_application
from sandbox.model.application import Application
from sandbox.rest.routing import Routes
from sandbox.wire import JsonObject

__all__ = ["own_application", "routes", "shown"]

routes = Routes()

BASE = "/applications/{application_id}/commands"


def own_application(call: Call) -> Application:
    """The one named by the path, which must be the bot's own; else 10002."""
    if call.params["application_id"] != call.bot.id:
        raise unknown_application()
    return call.bot


def shown(call: Call, body: JsonObject) -> JsonObject:
    """As a list shows it: without localizations unless they are asked for."""
    if call.asked("with_localizations"):
        return body
    hidden = ("name_localizations", "description_localizations")
    return {key: value for key, value in body.items() if key not in hidden}


@routes("GET", BASE)
def list_commands(call: Call) -> list[JsonObject]:
    """All of them."""
    found = own_application(call).commands[None].values()
    return [shown(call, command.body) for command in found]


@routes("POST", BASE)
def create(call: Call) -> JsonObject | Created:
    """Register one, replacing one of the same name: 201 when it is new."""
    command, new = commands.create(call.world, own_application(call), None, call.fields)
    return Created(command.body) if new else command.body


@routes("PUT", BASE)
def overwrite(call: Call) -> list[JsonObject]:
    """Replace all of them."""
    made = commands.overwrite(call.world, own_application(call), None, call.items)
    return [command.body for command in made]


@routes("GET", BASE + "/{command_id}")
def get(call: Call) -> JsonObject:
    """One of them."""
    return commands.find(own_application(call), None, call.params["command_id"]).body


@routes("PATCH", BASE + "/{command_id}")
def edit(call: Call) -> JsonObject:
    """Change one."""
    application = own_application(call)
    command = commands.find(application, None, call.params["command_id"])
    return commands.edit(call.world, application, command, call.fields).body


@routes("DELETE", BASE + "/{command_id}")
def delete(call: Call) -> None:
    """Delete one."""
    application = own_application(call)
    commands.delete(application, commands.find(application, None, call.params["command_id"]))
