"""What there is besides messages, as the page draws it around them."""

from collections.abc import Collection, Mapping
from itertools import islice

from sandbox.interactions.viewing import visible_channels
from sandbox.model.channel import Channel
from sandbox.model.guild import Guild
from sandbox.model.user import Persona
from sandbox.permissions import SEND_MESSAGES, SEND_MESSAGES_IN_THREADS
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = ["picture"]

SHOWN_ARCHIVED = 5
"""How many archived threads of a guild are listed, the latest first: rooms that have ended."""


def picture(world: World, watched: Mapping[str, Collection[str]]) -> JsonObject:
    """Guilds, people and bots; and for each persona of ``watched`` what only they see.

    ``watched`` holds the channels that are open, by persona: those are told of although they would
    not be listed, an archived thread for one.
    """
    return {
        "url": world.url,
        "guilds": [_guild(guild) for guild in world.guilds.values()],
        "personas": [
            {"id": persona.user.id, "name": persona.user.global_name or persona.user.username}
            for persona in world.personas.values()
        ],
        "bots": [
            {
                "id": application.id,
                "name": application.user.username,
                "online": any(session.connection for session in world.sessions_of(application)),
            }
            for application in world.applications.values()
        ],
        "counters": [counter.json() for counter in world.counters.values()],
        "views": {
            persona.user.id: _view(world, persona, opened)
            for persona_id, opened in watched.items()
            if (persona := world.personas.get(persona_id))
        },
    }


def _guild(guild: Guild) -> JsonObject:
    return {
        "id": guild.id,
        "name": guild.name,
        "roles": [
            {"id": role.id, "name": role.name, "color": role.color} for role in guild.roles.values()
        ],
        "members": [
            {
                "id": member.user.id,
                "name": member.nick or member.user.global_name or member.user.username,
                "bot": member.user.bot,
            }
            for member in guild.members.values()
        ],
    }


def _view(world: World, persona: Persona, opened: Collection[str]) -> JsonObject:
    channels = {channel.id: channel for channel in visible_channels(world, persona)}
    for guild in world.guilds.values():
        ended = (
            thread
            for thread in reversed(guild.archived.values())
            if thread.visible_to(persona.user.id)
        )
        channels |= {thread.id: thread for thread in islice(ended, SHOWN_ARCHIVED)}
    for channel_id in opened:
        channel = world.channels.get(channel_id)
        if channel and channel.visible_to(persona.user.id):
            channels.setdefault(channel_id, channel)
    return {
        "opened": list(opened),
        "channels": [_channel(channel, persona) for channel in channels.values()],
        "modal": _modal(persona),
    }


def _modal(persona: Persona) -> JsonObject | None:
    opened = persona.modal
    if opened is None or opened.modal is None:
        return None
    return {"id": opened.id, "bot": opened.application.user.username, **opened.modal}


def _channel(channel: Channel, persona: Persona) -> JsonObject:
    user = persona.user.id
    thread = channel.thread
    other = next((one for one in channel.recipients if one.id != user), None)
    needed = SEND_MESSAGES_IN_THREADS if thread else SEND_MESSAGES
    return {
        "id": channel.id,
        "type": channel.type,
        "name": other.username if other else channel.name,
        "guild": channel.guild.id if channel.guild else None,
        "parent": channel.parent.id if channel.parent else None,
        "bot": other.id if other else None,
        "archived": bool(thread and thread.archived),
        "writable": bool(channel.permissions(user) & needed) and not (thread and thread.locked),
    }
