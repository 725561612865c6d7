"""Making bots, guilds, channels, roles and personas."""

from sandbox import permissions
from sandbox.changes import channels, guilds, threads
from sandbox.control.routing import ControlCall, ControlRoutes
from sandbox.gateway import intents
from sandbox.interactions.refusal import invalid_input
from sandbox.model.application import Application
from sandbox.model.channel import Channel
from sandbox.model.guild import Guild, Role
from sandbox.model.user import Persona, User
from sandbox.wire import JsonObject, is_array, is_integer, is_object, parse_snowflake

__all__ = ["routes"]

routes = ControlRoutes()

REFUSALS = (50007, 50278, 40003)


@routes("POST", "/bots")
async def add_bot(call: ControlCall) -> JsonObject:
    """A bot in every guild, those made later included. ``permissions``: bits, or names."""
    world = call.world
    user = world.add_user(call.text("name"), None, bot=True)
    given = call.body.get("permissions")
    bits = permissions.BOT_DEFAULT if given is None else _bits(given)
    privileged = 0
    for name in call.array("privileged_intents"):
        if name not in intents.NAMES:
            raise invalid_input(f"privileged intents are {', '.join(intents.NAMES)}")
        privileged |= intents.NAMES[str(name)]
    token = world.new_bot_token(user.id)
    application = Application(user.id, user, token, bits, privileged, world.owner)
    world.applications[application.id] = application
    world.tokens[token] = application
    for guild in world.guilds.values():
        guilds.join(world, guild, user)
    return {"token": token, "application_id": application.id, "user_id": user.id}


def _bits(given: object) -> int:
    """From a number, its text, or a list of names like ``MANAGE_THREADS``."""
    if is_integer(given):
        return given
    if isinstance(given, str) and given.isdigit():
        return int(given)
    if not is_array(given):
        raise invalid_input("permissions are bits, or a list of names")
    bits = 0
    for name in given:
        if str(name).upper() not in permissions.NAMES:
            raise invalid_input(f"there is no permission {name}")
        bits |= permissions.NAMES[str(name).upper()]
    return bits


@routes("POST", "/guilds")
async def add_guild(call: ControlCall) -> JsonObject:
    """A guild with a channel "general", and every bot in it; personas join by themselves."""
    guild = guilds.create(call.world, call.text("name"), call.text("locale", "en-US"))
    for application in call.world.applications.values():
        guilds.join(call.world, guild, application.user)
    general = next(iter(guild.channels))
    return {"id": guild.id, "name": guild.name, "general": general, "everyone": guild.id}


@routes("PATCH", "/guilds/{guild_id}")
async def change_guild(call: ControlCall) -> JsonObject:
    """``name``, ``locale``."""
    guild = call.guild()
    guild.name = call.text("name", guild.name)
    guild.locale = call.text("locale", guild.locale)
    guilds.updated(call.world, guild)
    return {}


@routes("POST", "/guilds/{guild_id}/channels")
async def add_channel(call: ControlCall) -> JsonObject:
    """``overwrites``: ``[{"id": role or user, "allow", "deny"}]``, bits or names."""
    guild = call.guild()
    kind = call.body.get("type", 0)
    overwrites = [
        _overwrite(guild, value) for value in call.array("overwrites") if is_object(value)
    ]
    channel = channels.create(
        call.world,
        guild,
        call.text("name"),
        kind=kind if is_integer(kind) else 0,
        overwrites=channels.parse_overwrites(overwrites),
        parent=guild.channels.get(call.optional("parent_id") or ""),
    )
    return _shown(channel)


@routes("PATCH", "/channels/{channel_id}")
async def change_channel(call: ControlCall) -> JsonObject:
    """``name``, ``overwrites``; of a thread ``archived`` and ``locked``."""
    channel = call.channel()
    if "name" in call.body:
        channel.name = call.text("name")
    if "overwrites" in call.body and channel.guild:
        given = [
            _overwrite(channel.guild, value)
            for value in call.array("overwrites")
            if is_object(value)
        ]
        parsed = channels.parse_overwrites(given)
        channel.overwrites = {overwrite.id: overwrite for overwrite in parsed}
    if channel.thread and "archived" in call.body:
        threads.set_archived(call.world, channel, archived=bool(call.body["archived"]))
    if channel.thread and "locked" in call.body:
        channel.thread.locked = bool(call.body["locked"])
    channels.updated(call.world, channel)
    return _shown(channel)


def _overwrite(guild: Guild, value: JsonObject) -> JsonObject:
    target = str(value.get("id"))
    return {
        "id": target,
        "type": 0 if target in guild.roles else 1,
        "allow": _bits(value.get("allow", 0)),
        "deny": _bits(value.get("deny", 0)),
    }


def _shown(channel: Channel) -> JsonObject:
    return {
        "id": channel.id,
        "name": channel.name,
        "guild_id": channel.guild.id if channel.guild else None,
        "type": channel.type,
    }


@routes("POST", "/guilds/{guild_id}/roles")
async def add_role(call: ControlCall) -> JsonObject:
    """A role below those of the bots, so that they can give it."""
    guild = call.guild()
    bits = _bits(call.body.get("permissions", 0))
    role = Role(call.world.snowflakes.next(), call.text("name"), bits, 1)
    for other in guild.roles.values():
        if other.position >= 1:
            other.position += 1
    guilds.add_role(call.world, guild, role)
    return {"id": role.id, "name": role.name}


@routes("POST", "/personas")
async def add_persona(call: ControlCall) -> JsonObject:
    """A person, who joins all guilds unless ``guilds`` says which. ``roles``: ids or names."""
    world = call.world
    name = call.text("name")
    username = name.lower().replace(" ", "_")
    user = world.add_user(username, name)
    persona = Persona(user, call.text("locale", "en-US"))
    world.personas[user.id] = persona
    _set_dms(call, persona)
    given = call.body.get("guilds")
    chosen = (
        list(world.guilds.values())
        if given is None
        else [call.guild(str(guild_id)) for guild_id in call.array("guilds")]
    )
    for guild in chosen:
        guilds.join(world, guild, user, _roles(guild, call.array("roles")))
    return _persona(call, persona, user, chosen[0] if chosen else None)


def _persona(call: ControlCall, persona: Persona, user: User, guild: Guild | None) -> JsonObject:
    return {
        "id": user.id,
        "name": user.global_name,
        "locale": persona.locale,
        "refuses_dms": persona.refuses_dms,
        "channel": next(iter(guild.channels), None) if guild else None,
    }


def _roles(guild: Guild, wanted: list[object]) -> list[str]:
    """Those of the wanted that the guild has."""
    return [
        role.id
        for role in guild.roles.values()
        if role.id != guild.id and (role.id in wanted or role.name in wanted)
    ]


def _set_dms(call: ControlCall, persona: Persona) -> None:
    persona.refuses_dms = bool(call.body.get("refuses_dms", persona.refuses_dms))
    refusal = call.body.get("refusal", persona.refusal)
    if refusal not in REFUSALS:
        raise invalid_input(f"refusal is one of {', '.join(map(str, REFUSALS))}")
    persona.refusal = refusal


@routes("PATCH", "/personas/{persona_id}")
async def change_persona(call: ControlCall) -> JsonObject:
    """``refuses_dms``, ``refusal``, ``locale``."""
    persona = call.persona()
    _set_dms(call, persona)
    persona.locale = call.text("locale", persona.locale)
    return _persona(call, persona, persona.user, None)


@routes("PUT", "/guilds/{guild_id}/members/{persona_id}")
async def join(call: ControlCall) -> JsonObject:
    """A persona or a bot joins; ``roles`` are those it holds from then on."""
    guild = call.guild()
    user = call.world.users.get(parse_snowflake(call.params["persona_id"]) or "")
    if user is None:
        raise invalid_input("there is no such user")
    guilds.join(call.world, guild, user)
    if "roles" in call.body:
        member = guild.members[user.id]
        own = [role for role in member.roles if guild.roles[role].bot_id]
        member.roles = own + _roles(guild, call.array("roles"))
        guilds.member_changed(call.world, guild, member)
    return {}
