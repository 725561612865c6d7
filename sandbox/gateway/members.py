"""The answer to REQUEST_GUILD_MEMBERS."""

from sandbox.gateway import intents
from sandbox.gateway.session import Session
from sandbox.wire import JsonObject, encode, is_array
from sandbox.world import World

__all__ = ["send_members"]

CHUNK = 1_000


def send_members(world: World, session: Session, asked: JsonObject) -> None:
    """GUILD_MEMBERS_CHUNK events; without the members intent only for those asked for."""
    guild = world.guilds.get(str(asked.get("guild_id")))
    if guild is None or session.application.user.id not in guild.members:
        return
    ids, query = asked.get("user_ids"), asked.get("query")
    if ids is not None:
        wanted = [str(user) for user in ids] if is_array(ids) else [str(ids)]
        found = [guild.members[user] for user in wanted if user in guild.members]
        missing = [user for user in wanted if user not in guild.members]
    else:
        start = str(query or "").lower()
        if not start and not session.intents & intents.GUILD_MEMBERS:
            return
        limit = int(asked.get("limit") or 0) or len(guild.members)
        found = [
            member
            for member in guild.members.values()
            if (member.nick or member.user.username).lower().startswith(start)
        ][:limit]
        missing = []
    chunks = [found[start : start + CHUNK] for start in range(0, len(found), CHUNK)] or [[]]
    for index, chunk in enumerate(chunks):
        data: JsonObject = {
            "guild_id": guild.id,
            "members": [member.json() for member in chunk],
            "chunk_index": index,
            "chunk_count": len(chunks),
            "not_found": missing,
        }
        if asked.get("presences"):
            data["presences"] = []
        if isinstance(asked.get("nonce"), str):
            data["nonce"] = asked["nonce"]
        world.hub.send(session, "GUILD_MEMBERS_CHUNK", encode(data))
