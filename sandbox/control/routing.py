"""The table of control endpoints, and what their handlers are given."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from sandbox.interactions.refusal import Refusal, invalid_input
from sandbox.model.channel import Channel
from sandbox.model.guild import Guild
from sandbox.model.user import Persona
from sandbox.observation import RequestLog
from sandbox.wire import JsonObject, is_array, is_object
from sandbox.world import World

__all__ = ["ControlCall", "ControlRoute", "ControlRoutes"]

LONGEST_WAIT_S = 300.0


def unknown(what: str) -> Refusal:
    return Refusal("Unknown", f"there is no {what}")


@dataclass(slots=True)
class ControlCall:
    world: World
    log: RequestLog
    params: dict[str, str]
    query: dict[str, str]
    body: JsonObject

    def persona(self) -> Persona:
        """The one named by the path."""
        persona = self.world.personas.get(self.params["persona_id"])
        if persona is None:
            raise unknown(f"persona {self.params['persona_id']}")
        return persona

    def guild(self, guild_id: str | None = None) -> Guild:
        """The one named by the path, unless an id is given."""
        wanted = guild_id if guild_id is not None else self.params["guild_id"]
        guild = self.world.guilds.get(wanted)
        if guild is None:
            raise unknown(f"guild {wanted}")
        return guild

    def channel(self) -> Channel:
        channel = self.world.channels.get(self.params["channel_id"])
        if channel is None:
            raise unknown(f"channel {self.params['channel_id']}")
        return channel

    def text(self, key: str, default: str | None = None) -> str:
        """A text of the body. Raises Refusal when it is absent and has no default."""
        value = self.body.get(key, default)
        if value is None:
            raise invalid_input(f"{key} is missing")
        if not isinstance(value, str):
            raise invalid_input(f"{key} must be text")
        return value

    def optional(self, key: str) -> str | None:
        return None if self.body.get(key) is None else self.text(key)

    def mapping(self, key: str) -> JsonObject:
        value = self.body.get(key)
        if value is None:
            return {}
        if not is_object(value):
            raise invalid_input(f"{key} must be an object")
        return value

    def array(self, key: str) -> list[object]:
        value = self.body.get(key)
        if value is None:
            return []
        if not is_array(value):
            raise invalid_input(f"{key} must be an array")
        return value

    def timeout(self, default: float = 5.0) -> float:
        """How long to wait, in seconds of real time."""
        given = self.body.get("timeout", self.query.get("timeout", default))
        try:
            return min(float(given), LONGEST_WAIT_S)
        except (TypeError, ValueError):
            raise invalid_input("timeout must be a number of seconds") from None


ControlHandler = Callable[[ControlCall], Awaitable[object]]


@dataclass(slots=True, frozen=True)
class ControlRoute:
    method: str
    path: str
    handler: ControlHandler


class ControlRoutes:
    """The endpoints of one module, declared by decorating their handlers."""

    def __init__(self) -> None:
        self._routes: list[ControlRoute] = []

    def __call__(self, method: str, path: str) -> Callable[[ControlHandler], ControlHandler]:
        def declare(handler: ControlHandler) -> ControlHandler:
            self._routes.append(ControlRoute(method, path, handler))
            return handler

        return declare

    def __iter__(self) -> Iterator[ControlRoute]:
        return iter(self._routes)
