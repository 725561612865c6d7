"""The bot itself, and other users; where the gateway is."""

import math

from sandbox import errors
from sandbox.call import Call
from sandbox.gateway.ready import gateway_url
from sandbox.rest.routing import Routes
from sandbox.validation.form import Form
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()

GUILDS_A_SHARD = 1_000
"""What Discord recommends."""


@routes("GET", "/gateway", authorized=False)
def gateway(call: Call) -> JsonObject:
    """The gateway's address."""
    return {"url": gateway_url(call.world)}


@routes("GET", "/gateway/bot")
def gateway_for_bot(call: Call) -> JsonObject:
    """Its address, the shards recommended, and how many sessions may still be started."""
    limits, starts, now = call.world.gateway_limits, call.bot.starts, call.world.clock.now()
    guilds = sum(call.bot_id in guild.members for guild in call.world.guilds.values())
    return {
        "url": gateway_url(call.world),
        "shards": max(1, math.ceil(guilds / GUILDS_A_SHARD)),
        "session_start_limit": {
            "total": limits.identifies,
            "remaining": starts.remaining(now, limits.identifies),
            "reset_after": round(starts.reset_after(now) * 1000),
            "max_concurrency": limits.max_concurrency,
        },
    }


@routes("GET", "/users/@me")
def me(call: Call) -> JsonObject:
    """The bot's own user."""
    return call.bot.user.json() | {
        "mfa_enabled": False,
        "locale": "en-US",
        "premium_type": 0,
        "email": None,
        "verified": True,
    }


@routes("PATCH", "/users/@me")
def change_me(call: Call) -> JsonObject:
    """Its name; pictures are taken and not kept."""
    form = Form()
    name = form.text(call.fields, "username", (), least=2, most=32)
    form.check()
    if name:
        call.bot.user.username = name
    return me(call)


@routes("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> list[JsonObject]:
    """The guilds the bot is in."""
    bot = call.bot_id
    limit = call.number("limit", 200, least=1, most=200)
    after = call.number("after", 0, least=0, most=1 << 63)
    mine = [
        guild
        for guild in call.world.guilds.values()
        if bot in guild.members and int(guild.id) > after
    ]
    return [
        {
            "id": guild.id,
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(guild.base_permissions(bot)),
            "features": [],
        }
        for guild in mine[:limit]
    ]


@routes("GET", "/users/{user_id}")
def user(call: Call) -> JsonObject:
    """Any user."""
    found = call.world.users.get(call.params["user_id"])
    if found is None:
        raise errors.unknown_user()
    return found.json()
