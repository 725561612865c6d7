"""One fault: what it strikes, how often, and what it does."""

import asyncio
import random
import re
from dataclasses import dataclass, field, fields
from typing import TypedDict

from sandbox.wire import JsonObject

__all__ = ["EVENT_ACTIONS", "REQUEST_ACTIONS", "Fault", "FaultOptions", "Outcome"]

REQUEST_ACTIONS = ("error", "rate_limit", "delay", "hang", "reset")
EVENT_ACTIONS = ("drop", "delay", "repeat", "close", "reconnect", "invalid_session")


class FaultOptions(TypedDict, total=False):
    """What a fault can be told besides what it does; see ``Fault``."""

    event: str
    method: str
    path: str
    bot: str
    shard: int
    skip: int
    count: int
    probability: float
    seed: int
    effect: bool
    status: int
    code: int
    message: str
    seconds: float
    scope: str
    times: int
    resumable: bool


@dataclass(slots=True, eq=False)
class Fault:
    """Strikes REST requests, or gateway events when ``event`` is given."""

    do: str
    """One of REQUEST_ACTIONS, or with ``event`` one of EVENT_ACTIONS."""
    event: str | None = None
    """The name of an event, or ``*`` for all."""
    method: str | None = None
    path: str = "/**"
    """Without ``/api/v10``; ``*`` or ``{name}`` is one part, ``**`` any number of them."""
    bot: str | None = None
    """An application's id; any bot when None."""
    shard: int | None = None
    skip: int = 0
    """How many that fit are let through first."""
    count: int | None = None
    """How many are struck; all of them when None."""
    probability: float = 1.0
    seed: int = 0
    """Where ``probability`` starts from: the same one strikes the same requests."""
    effect: bool = False
    """Whether a request is carried out first, and only its answer lost or late."""
    status: int | None = None
    code: int | None = None
    """Discord's error code, or the gateway's close code."""
    message: str | None = None
    seconds: float = 1.0
    """Of a delay in the sandbox's time; of a rate limit, until it may be tried again."""
    scope: str = "user"
    times: int = 1
    """How many more times an event is repeated."""
    resumable: bool = True
    """Whether the session can be resumed after the gateway was closed."""
    id: str = ""
    fitted: int = 0
    hits: int = 0
    """How often it has struck."""
    removed: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _pattern: "re.Pattern[str]" = field(init=False, repr=False)
    _chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pattern = _compile(self.path)
        self._chance = random.Random(self.seed)  # noqa: S311 - nothing secret

    @property
    def over(self) -> bool:
        """Has struck as often as it was to."""
        return self.count is not None and self.hits >= self.count

    def fits_request(self, method: str, path: str, bot: str | None) -> bool:
        return (
            (self.method is None or self.method == method)
            and (self.bot is None or self.bot == bot)
            and self._pattern.fullmatch(path) is not None
        )

    def fits_event(self, event: str, bot: str, shard: int) -> bool:
        return (
            self.event in ("*", event)
            and (self.bot is None or self.bot == bot)
            and (self.shard is None or self.shard == shard)
        )

    def strikes(self) -> bool:
        """Count one that fits; whether this is one of those to be struck."""
        if self.over:
            return False
        self.fitted += 1
        if self.fitted <= self.skip:
            return False
        if self.probability < 1 and self._chance.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def json(self) -> JsonObject:
        """As the control endpoints show it: what it was told, and how often it has struck."""
        shown: JsonObject = {"id": self.id, "do": self.do, "hits": self.hits, "over": self.over}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name in FaultOptions.__annotations__ and value is not None:
                shown[one.name] = value
        for unfit in ("method", "path", "effect") if self.event else ("resumable", "times"):
            shown.pop(unfit, None)
        return shown


@dataclass(slots=True)
class Outcome:
    """What becomes of one request."""

    effect: bool = False
    delay: float = 0.0
    fault: Fault | None = None
    """The one that decides its end; None when it is only late."""
    answer: tuple[int, object] | None = None
    """Status and body in the sandbox's place: an object is sent as JSON, text as it is."""
    headers: dict[str, str] = field(default_factory=dict[str, str])


def _compile(pattern: str) -> "re.Pattern[str]":
    parts = [
        ".*" if part == "**" else re.sub(r"\\\*|\\\{[^/]*?\\\}", "[^/]*", re.escape(part))
        for part in pattern.strip("/").split("/")
    ]
    return re.compile("/" + "/".join(parts))
