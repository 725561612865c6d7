"""The bot's application."""

from sandbox.call import Call
from sandbox.rest.routing import Routes
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()


@routes("GET", "/oauth2/applications/@me")
@routes("GET", "/applications/@me")
def mine(call: Call) -> JsonObject:
    """The application that the token belongs to."""
    guilds = call.world.guilds.values()
    return call.bot.json(sum(call.bot_id in guild.members for guild in guilds))
