"""All faults in force, and what they make of a request or an event."""

import math
from collections.abc import Callable
from itertools import count

from sandbox.faults.codes import describe
from sandbox.faults.fault import Fault, Outcome
from sandbox.faults.reading import FaultError
from sandbox.wire import is_object

__all__ = ["Faults", "Interceptor"]

MOST_FAULTS = 1_000

Interceptor = Callable[[str, str], tuple[int, object] | None]
"""Given a request's method and path, says with which status and body to answer in the sandbox's
place, or None to let it be carried out."""


class Faults:
    """Faults in the order they were added: delays add up, the first other one decides."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._numbers = count(1)
        self.interceptors: list[Interceptor] = []
        self.strike_requests = False
        """Whether any could; nothing is asked of any request while there are none."""
        self.strike_events = False

    def add(self, fault: Fault) -> Fault:
        """Raises FaultError when there are a thousand already."""
        if len(self._faults) >= MOST_FAULTS:
            raise FaultError(f"there are {MOST_FAULTS} faults already; remove some")
        fault.id = str(next(self._numbers))
        self._faults[fault.id] = fault
        self._note()
        return fault

    def intercept(self, interceptor: Interceptor) -> None:
        self.interceptors.append(interceptor)
        self._note()

    def all(self) -> list[Fault]:
        """Those too that have struck as often as they were to."""
        return list(self._faults.values())

    def remove(self, fault_id: str) -> bool:
        """Whether there was one. Requests that it holds lose their connection."""
        fault = self._faults.pop(fault_id, None)
        if fault is None:
            return False
        fault.removed.set()
        self._note()
        return True

    def clear(self) -> None:
        for fault_id in list(self._faults):
            self.remove(fault_id)

    def _note(self) -> None:
        faults = self._faults.values()
        self.strike_events = any(fault.event is not None for fault in faults)
        self.strike_requests = bool(self.interceptors) or any(f.event is None for f in faults)

    def for_request(self, method: str, path: str, bot: str | None) -> Outcome | None:
        """What becomes of it, or None for the usual."""
        outcome = Outcome()
        struck = False
        for fault in self._faults.values():
            if fault.event is not None or not fault.fits_request(method, path, bot):
                continue
            if not fault.strikes():
                continue
            struck = True
            outcome.effect |= fault.effect
            if fault.do == "delay":
                outcome.delay += fault.seconds
                continue
            outcome.effect = fault.effect
            outcome.fault = fault
            _decide(outcome, fault)
            return outcome
        for interceptor in self.interceptors:
            if (instead := interceptor(method, path)) is not None:
                outcome.answer, outcome.effect = instead, False
                return outcome
        return outcome if struck else None

    def for_event(self, event: str, bot: str, shard: int) -> list[Fault]:
        """Those that strike: any number of delays and repetitions, then one that decides."""
        found: list[Fault] = []
        for fault in self._faults.values():
            if fault.event is None or not fault.fits_event(event, bot, shard):
                continue
            if not fault.strikes():
                continue
            found.append(fault)
            if fault.do not in ("delay", "repeat"):
                break
        return found


def _decide(outcome: Outcome, fault: Fault) -> None:
    if fault.do not in ("error", "rate_limit"):
        return
    status = 429 if fault.do == "rate_limit" else fault.status
    status, body = describe(status, fault.code, fault.message)
    if status == 429 and is_object(body):
        outcome.headers = _limited(fault)
        body |= {"retry_after": fault.seconds, "global": fault.scope == "global"}
    outcome.answer = (status, body)


def _limited(fault: Fault) -> dict[str, str]:
    headers = {
        "Retry-After": str(math.ceil(fault.seconds)),
        "X-RateLimit-Scope": fault.scope,
        "Via": "1.1 sandbox",  # clients take a 429 without it for a ban
    }
    if fault.scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return headers
