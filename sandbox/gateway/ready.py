"""What a session is told when it begins."""

from sandbox.gateway import intents
from sandbox.gateway.session import Session
from sandbox.model.application import Application
from sandbox.model.guild import Guild
from sandbox.wire import JsonObject, encode
from sandbox.world import World

__all__ = ["guild_create", "send_beginning"]


def send_beginning(world: World, session: Session) -> None:
    """READY, with each guild unavailable; then each of them as GUILD_CREATE."""
    application = session.application
    guilds = [
        guild
        for guild in world.guilds.values()
        if application.user.id in guild.members and session.handles(guild.id)
    ]
    ready: JsonObject = {
        "v": 10,
        "user": application.user.json() | {"verified": True, "mfa_enabled": False, "email": None},
        "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
        "session_id": session.id,
        "resume_gateway_url": gateway_url(world),
        "shard": list(session.shard),
        "application": {"id": application.id, "flags": application.flags},
        "private_channels": [],
        "user_settings": {},
        "relationships": [],
        "_trace": ["sandbox"],
    }
    world.hub.send(session, "READY", encode(ready))
    if not session.intents & intents.GUILDS:
        return
    for guild in guilds:
        data = guild_create(
            guild, application, all_members=bool(session.intents & intents.GUILD_MEMBERS)
        )
        world.hub.send(session, "GUILD_CREATE", encode(data))


def gateway_url(world: World) -> str:
    return "ws" + world.url.removeprefix("http") + "/gateway"


def guild_create(guild: Guild, application: Application, *, all_members: bool) -> JsonObject:
    """The whole guild as one bot sees it; of the members only itself, unless it may have all."""
    bot = application.user.id
    members = guild.members.values() if all_members else [guild.members[bot]]
    return guild.json() | {
        "joined_at": guild.members[bot].joined_at,
        "large": len(guild.members) > 250,
        "unavailable": False,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [member.json() for member in members],
        "channels": [channel.json() for channel in guild.channels.values()],
        "threads": [
            thread.json(bot) for thread in guild.threads.values() if thread.visible_to(bot)
        ],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
