"""What the server tells of the requests it answers: a bounded log, and observers that tests add."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["LogRow", "Observation", "Observer", "RequestLog"]

LOGGED_REQUESTS = 5_000
LOGGED_CHARACTERS = 4_000

log = logging.getLogger(__name__)


@dataclass(slots=True, frozen=True)
class LogRow:
    """One REST request and its answer; bodies are cut at 4,000 characters."""

    at: float
    method: str
    path: str
    """Without ``/api/v10``."""
    route: str | None
    status: int
    """0 when it was never answered."""
    seconds: float
    bot: str | None
    request: str
    response: str
    fault: str | None = None
    """The id of the fault that decided its end."""


@dataclass(slots=True, frozen=True)
class Observation:
    """One REST request and its answer, whole, for whoever checks them."""

    method: str
    path: str
    route: str | None
    """The path of the route, like ``/channels/{channel_id}``; None when there is none."""
    query: dict[str, str]
    request: object
    """The JSON body, of a multipart request its ``payload_json``; None when there is none."""
    files: int
    status: int
    response: object
    headers: dict[str, str] = field(default_factory=dict[str, str])


Observer = Callable[[Observation], None]


class RequestLog:
    """The last requests, and who else wants to know of them."""

    def __init__(self) -> None:
        self.rows: deque[LogRow] = deque(maxlen=LOGGED_REQUESTS)
        self.observers: list[Observer] = []
        self.total = 0

    def add(self, row: LogRow) -> None:
        self.total += 1
        self.rows.append(row)

    def tell(self, observation: Observation) -> None:
        for observer in self.observers:
            try:
                observer(observation)
            except Exception:
                log.exception("an observer of the sandbox failed")
