"""A fault as JSON or keywords describe it, checked."""

import secrets
from collections.abc import Mapping
from typing import Any

from sandbox.faults.fault import EVENT_ACTIONS, REQUEST_ACTIONS, Fault, FaultOptions
from sandbox.wire import is_flag, is_integer

__all__ = ["FaultError", "read_fault"]

LARGEST_SEED = 1 << 32
SCOPES = ("user", "global", "shared")
KINDS: dict[str, type] = {
    "event": str,
    "method": str,
    "path": str,
    "bot": str,
    "message": str,
    "scope": str,
    "effect": bool,
    "resumable": bool,
    "probability": float,
    "seconds": float,
}
BOUNDS: dict[str, tuple[float, float]] = {
    "shard": (0, 1 << 16),
    "skip": (0, 1 << 31),
    "count": (1, 1 << 31),
    "probability": (0, 1),
    "seed": (0, LARGEST_SEED),
    "status": (400, 599),
    "code": (0, 1 << 31),
    "seconds": (0, 24 * 3600),
    "times": (1, 100),
}
NAMES = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}


class FaultError(ValueError):
    """It cannot be understood; the message says what is wrong."""


def read_fault(options: Mapping[str, Any]) -> Fault:
    """A fault from ``do`` and ``FaultOptions``; None counts as not given. Raises FaultError."""
    given = {key: value for key, value in options.items() if value is not None}
    unknown = given.keys() - FaultOptions.__annotations__.keys() - {"do"}
    if unknown:
        raise FaultError(f"a fault knows no {', '.join(sorted(unknown))}")
    actions = EVENT_ACTIONS if "event" in given else REQUEST_ACTIONS
    if given.get("do") not in actions:
        what = "an event" if "event" in given else "a request"
        raise FaultError(f"do must be, for {what}, one of: {', '.join(actions)}")
    for key in given.keys() - {"do"}:
        _check(key, given[key])
    _check_close(given)
    given.setdefault("seed", secrets.randbelow(LARGEST_SEED))
    if "method" in given:
        given["method"] = given["method"].upper()
    if given.get("scope", "user") not in SCOPES:
        raise FaultError(f"scope must be one of: {', '.join(SCOPES)}")
    if not str(given.get("path", "/")).startswith("/"):
        raise FaultError("path must begin with /, as in /channels/*/messages")
    return Fault(**given)


def _check(key: str, value: object) -> None:
    kind = KINDS.get(key, int)
    if kind is int or kind is float:
        fits = is_integer(value) or (kind is float and isinstance(value, float))
    else:
        fits = is_flag(value) if kind is bool else isinstance(value, str)
    if not fits:
        raise FaultError(f"{key} must be {NAMES[kind]}")
    least, most = BOUNDS.get(key, (None, None))
    if least is None or most is None or not isinstance(value, (int, float)):
        return
    if not least <= value <= most:
        raise FaultError(f"{key} must be between {least:g} and {most:g}")


def _check_close(given: Mapping[str, Any]) -> None:
    if given["do"] == "close" and not 1000 <= given.get("code", 4000) <= 4999:
        raise FaultError("code must be a WebSocket close code, 1000 to 4999")
