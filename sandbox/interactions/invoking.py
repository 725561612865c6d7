"""Invoking commands: finding what is meant, and checking it as a client would."""

from collections.abc import Iterator
from contextlib import suppress

from sandbox.interactions.beginning import begin
from sandbox.interactions.options import read_arguments
from sandbox.interactions.refusal import Refusal, ambiguous, not_enabled, unknown_command
from sandbox.interactions.resolving import Resolver
from sandbox.model.application import Application, Command
from sandbox.model.channel import Channel
from sandbox.model.interaction import Interaction, InteractionType
from sandbox.model.message import Message
from sandbox.model.user import Persona
from sandbox.permissions import USE_APPLICATION_COMMANDS
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = [
    "autocomplete",
    "invoke_on_message",
    "invoke_on_user",
    "invoke_slash",
    "usable_commands",
]

SLASH, USER, MESSAGE = 1, 2, 3


def usable_commands(
    world: World, persona: Persona, channel: Channel
) -> list[tuple[Application, Command]]:
    """All that the persona may invoke there, of every type."""
    found: list[tuple[Application, Command]] = []
    for application, command in _offered(world, channel):
        with suppress(Refusal):
            _check_allowed(persona, channel, command)
            found.append((application, command))
    return found


def invoke_slash(
    world: World, persona: Persona, channel: Channel, line: str, values: JsonObject
) -> Interaction:
    """``line`` is "queue join" or "/queue join". Raises Refusal when a client could not send it."""
    application, command, path = _find(world, persona, channel, line)
    resolver = Resolver(world, persona, channel)
    options = read_arguments(path[-1], values, resolver)
    data = _data(command, _nest(path, options))
    resolver.add_to(data)
    return begin(world, application, persona, channel, InteractionType.COMMAND, data)


def autocomplete(
    world: World,
    persona: Persona,
    channel: Channel,
    line: str,
    focused: str,
    text: str,
    values: JsonObject,
) -> Interaction:
    """Ask for choices while ``text`` is being typed into an option."""
    application, command, path = _find(world, persona, channel, line)
    option = next(
        (option for option in path[-1].get("options", []) if option["name"] == focused), None
    )
    if option is None:
        raise unknown_command(f"/{line} has no option {focused}")
    if not option.get("autocomplete"):
        raise not_enabled(f"the option {focused} of /{line} offers no choices while typing")
    resolver = Resolver(world, persona, channel)
    options = read_arguments(path[-1], values, resolver, complete=False)
    typed = {"name": focused, "type": option["type"], "value": text, "focused": True}
    data = _data(command, _nest(path, [*options, typed]))
    resolver.add_to(data)
    interaction = begin(world, application, persona, channel, InteractionType.AUTOCOMPLETE, data)
    interaction.focused_type = option["type"]
    return interaction


def invoke_on_user(
    world: World, persona: Persona, channel: Channel, name: str, user_id: str
) -> Interaction:
    """A command in a user's context menu."""
    application, command = _named(world, persona, channel, USER, name)
    resolver = Resolver(world, persona, channel)
    target = resolver.user(user_id)
    data = _data(command, []) | {"target_id": target}
    resolver.add_to(data)
    metadata: JsonObject = {"target_user": world.users[target].json()}
    return begin(
        world, application, persona, channel, InteractionType.COMMAND, data, metadata=metadata
    )


def invoke_on_message(world: World, persona: Persona, message: Message, name: str) -> Interaction:
    """A command in a message's context menu."""
    channel = message.channel
    application, command = _named(world, persona, channel, MESSAGE, name)
    data = _data(command, []) | {"target_id": message.id}
    data["resolved"] = {"messages": {message.id: message.json()}}
    metadata: JsonObject = {"target_message_id": message.id}
    return begin(
        world, application, persona, channel, InteractionType.COMMAND, data, metadata=metadata
    )


def _data(command: Command, options: list[JsonObject]) -> JsonObject:
    data: JsonObject = {"id": command.id, "name": command.name, "type": command.type}
    if options:
        data["options"] = options
    if command.guild_id is not None:
        data["guild_id"] = command.guild_id
    return data


def _nest(path: list[JsonObject], options: list[JsonObject]) -> list[JsonObject]:
    for step in reversed(path[1:]):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    return options


def _find(
    world: World, persona: Persona, channel: Channel, line: str
) -> tuple[Application, Command, list[JsonObject]]:
    """The command, and the path of bodies that leads to what is invoked."""
    words = line.removeprefix("/").split()
    application, command = _named(world, persona, channel, SLASH, words[0] if words else "")
    path = [command.body]
    for word in words[1:]:
        inner = [o for o in path[-1].get("options", []) if o["name"] == word and o["type"] < 3]
        if not inner:
            raise unknown_command(f"/{command.name} has no subcommand {word}")
        path.append(inner[0])
    if any(option["type"] < 3 for option in path[-1].get("options", [])):
        raise unknown_command(f"/{line.removeprefix('/')} needs a subcommand")
    return application, command, path


def _named(
    world: World, persona: Persona, channel: Channel, kind: int, name: str
) -> tuple[Application, Command]:
    found = [
        (application, command)
        for application, command in _offered(world, channel)
        if command.name == name and command.type == kind
    ]
    if not found:
        raise unknown_command(f"no bot has a command {name!r} here")
    if len(found) > 1:
        raise ambiguous(f"several bots have a command {name!r} here")
    _check_allowed(persona, channel, found[0][1])
    return found[0]


def _offered(world: World, channel: Channel) -> Iterator[tuple[Application, Command]]:
    """What the bots there have registered, whoever may use it."""
    guild = channel.guild
    for application in world.applications.values():
        if not _reachable(application, channel):
            continue
        for command in application.available(guild.id if guild else None):
            if guild or _in_dms(command):
                yield application, command


def _reachable(application: Application, channel: Channel) -> bool:
    if channel.guild:
        return application.user.id in channel.guild.members
    return any(user.id == application.user.id for user in channel.recipients)


def _in_dms(command: Command) -> bool:
    contexts = command.body.get("contexts")
    if contexts is not None:
        return 1 in contexts
    return command.body.get("dm_permission") is not False


def _check_allowed(persona: Persona, channel: Channel, command: Command) -> None:
    if channel.guild is None:
        return
    contexts = command.body.get("contexts")
    held = channel.permissions(persona.user.id)
    needed = int(command.body.get("default_member_permissions") or 0)
    disabled = command.body.get("default_member_permissions") == "0"
    if contexts is not None and 0 not in contexts:
        raise not_enabled(f"/{command.name} is for direct messages")
    if not held & USE_APPLICATION_COMMANDS:
        raise not_enabled(f"{persona.user.username} may not use commands here")
    administrator = held & 1 << 3
    if not administrator and (disabled or held & needed != needed):
        raise not_enabled(f"{persona.user.username} may not use /{command.name}")
