"""The bot itself, and other users; where the gateway is."""

from sandbox import errors
from sandbox.call import Call
from sandbox.gateway.ready import gateway_url
from sandbox.rest.routing import Routes
from sandbox.validation.form import Form
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()

IDENTIFIES_A_DAY = 1_000


@routes("GET", "/gateway", authorized=False)
def gateway(call: Call) -> JsonObject:
    """The gateway's address."""
    return {"url": gateway_url(call.world)}


@routes("GET", "/gateway/bot")
def gateway_for_bot(call: Call) -> JsonObject:
    """Its address, the shards recommended, and how many sessions may still be started."""
    return {
        "url": gateway_url(call.world),
        "shards": 1,
        "session_start_limit": {
            "total": IDENTIFIES_A_DAY,
            "remaining": max(0, IDENTIFIES_A_DAY - call.bot.identifies),
            "reset_after": 24 * 3600 * 1000,
            "max_concurrency": 1,
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
