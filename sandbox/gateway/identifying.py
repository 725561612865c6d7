"""IDENTIFY and RESUME: who may begin or take up a session, and how others are refused."""

from sandbox.gateway import intents
from sandbox.gateway.opcodes import Close
from sandbox.gateway.session import Session
from sandbox.model.application import Application
from sandbox.wire import is_array, is_integer, is_object
from sandbox.world import World

__all__ = ["InvalidSession", "Refused", "find_session", "identify"]


class Refused(Exception):
    """The connection is closed with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class InvalidSession(Exception):
    """The client is told to begin anew, on this connection or another."""


def identify(world: World, data: object) -> Session:
    """A new session. Raises Refused, or InvalidSession when shards come too quickly."""
    if not is_object(data) or not is_object(data.get("properties")):
        raise Refused(Close.DECODE_ERROR)
    token, wanted = data.get("token"), data.get("intents")
    if not isinstance(token, str) or not is_integer(wanted):
        raise Refused(Close.DECODE_ERROR)
    application = _authenticate(world, token)
    shard = _read_shard(data.get("shard"))
    if wanted & ~intents.KNOWN or wanted < 0:
        raise Refused(Close.INVALID_INTENTS)
    if wanted & intents.PRIVILEGED & ~application.privileged_intents:
        raise Refused(Close.DISALLOWED_INTENTS)
    _check_starts(world, application, shard)
    session = world.hub.open(application, wanted, shard)
    held = sum(
        application.user.id in guild.members and session.handles(guild.id)
        for guild in world.guilds.values()
    )
    if held > world.gateway_limits.guilds_a_shard:
        world.hub.forget(session)
        raise Refused(Close.SHARDING_REQUIRED)
    return session


def _authenticate(world: World, token: str) -> Application:
    application = world.tokens.get(token.removeprefix("Bot "))
    if application is None:
        raise Refused(Close.AUTHENTICATION_FAILED)
    return application


def _read_shard(given: object) -> tuple[int, int]:
    if given is None:
        return (0, 1)
    if not is_array(given) or len(given) != 2 or not all(is_integer(part) for part in given):
        raise Refused(Close.INVALID_SHARD)
    shard, count = int(given[0]), int(given[1])
    if not 0 <= shard < count:
        raise Refused(Close.INVALID_SHARD)
    return shard, count


def _check_starts(world: World, application: Application, shard: tuple[int, int]) -> None:
    limits, starts, now = world.gateway_limits, application.starts, world.clock.now()
    if starts.too_soon(shard[0] % limits.max_concurrency, now, limits.identify_s):
        raise InvalidSession
    if starts.count(now) > limits.identifies:
        # "All active sessions for the app will be terminated, and the bot token will be reset."
        world.reset_token(application)
        for session in world.sessions_of(application):
            if session.connection:
                session.connection.shut(Close.AUTHENTICATION_FAILED)
            world.hub.forget(session)
        raise Refused(Close.AUTHENTICATION_FAILED)


def find_session(world: World, data: object) -> tuple[Session, list[str]]:
    """The session to be resumed, and what it has missed. Raises Refused or InvalidSession."""
    if not is_object(data) or not is_integer(data.get("seq")):
        raise Refused(Close.DECODE_ERROR)
    application = _authenticate(world, str(data.get("token")))
    session = world.hub.resumable(str(data.get("session_id")))
    if session is None or session.application is not application:
        raise InvalidSession
    if not 0 <= data["seq"] <= session.sequence:
        world.hub.forget(session)
        raise Refused(Close.INVALID_SEQ)
    missed = session.missed_since(data["seq"])
    if missed is None:
        raise InvalidSession
    return session, missed
