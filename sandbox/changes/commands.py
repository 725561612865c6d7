"""Registering application commands."""

from sandbox.errors import too_many_commands, unknown_command
from sandbox.model.application import Application, Command
from sandbox.validation.commands import MOST_BY_TYPE, check_unique, read_command
from sandbox.validation.form import Form
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = ["create", "delete", "edit", "find", "overwrite"]

MOST_IN_A_LIST = sum(MOST_BY_TYPE.values())


def create(
    world: World, application: Application, guild_id: str | None, raw: JsonObject
) -> tuple[Command, bool]:
    """Register one; one of the same name and type is replaced. Also says whether it is new.

    Raises DiscordError 50035, or 30032 when there are too many.
    """
    form = Form()
    body = read_command(form, raw)
    form.check()
    registered = application.commands.setdefault(guild_id, {})
    old = _same(registered, body)
    if old is None:
        of_kind = sum(command.type == body["type"] for command in registered.values())
        if of_kind >= MOST_BY_TYPE[body["type"]]:
            raise too_many_commands(MOST_BY_TYPE[body["type"]])
    command = _make(world, application, guild_id, body, old.id if old else None)
    registered[command.id] = command
    return command, old is None


def overwrite(
    world: World, application: Application, guild_id: str | None, raw: list[object]
) -> list[Command]:
    """Replace all of them; those that keep their name and type keep their id."""
    form = Form()
    values = [form.mapping(value, (index,)) or {} for index, value in enumerate(raw)]
    bodies = [read_command(form, value, (index,)) for index, value in enumerate(values)]
    check_unique(form, bodies)
    form.check()
    for kind, most in MOST_BY_TYPE.items():
        if sum(body["type"] == kind for body in bodies) > most:
            raise too_many_commands(most)
    registered = application.commands.get(guild_id, {})
    made: list[Command] = []
    for body in bodies:
        old = _same(registered, body)
        made.append(_make(world, application, guild_id, body, old.id if old else None, old))
    application.commands[guild_id] = {command.id: command for command in made}
    return made


def edit(world: World, application: Application, command: Command, raw: JsonObject) -> Command:
    """Change what is given of a command."""
    form = Form()
    body = read_command(form, command.body | raw | {"type": command.type})
    form.check()
    changed = _make(world, application, command.guild_id, body, command.id)
    application.commands[command.guild_id][command.id] = changed
    return changed


def find(application: Application, guild_id: str | None, command_id: str) -> Command:
    """Raises DiscordError 10063."""
    command = application.commands.get(guild_id, {}).get(command_id)
    if command is None:
        raise unknown_command()
    return command


def delete(application: Application, command: Command) -> None:
    del application.commands[command.guild_id][command.id]


def _same(registered: dict[str, Command], body: JsonObject) -> Command | None:
    for command in registered.values():
        if command.name == body["name"] and command.type == body["type"]:
            return command
    return None


def _make(
    world: World,
    application: Application,
    guild_id: str | None,
    body: JsonObject,
    command_id: str | None,
    old: Command | None = None,
) -> Command:
    command_id = command_id or world.snowflakes.next()
    own: JsonObject = {"id": command_id, "application_id": application.id}
    if guild_id is not None:
        own["guild_id"] = guild_id
        body.pop("dm_permission", None)
        body.pop("contexts", None)
        body.pop("integration_types", None)
    unchanged = old is not None and all(old.body.get(key) == value for key, value in body.items())
    own["version"] = old.body["version"] if old and unchanged else world.snowflakes.next()
    return Command(command_id, body["name"], body["type"], guild_id, own | body)
