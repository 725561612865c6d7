"""JSON as it goes over the wire: its types, and the few questions asked of values that came in."""

import json
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeGuard

__all__ = [
    "JsonObject",
    "encode",
    "is_array",
    "is_flag",
    "is_integer",
    "is_object",
    "iso",
    "parse_snowflake",
]

JsonObject: TypeAlias = dict[str, Any]

_encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False)


def encode(value: object) -> str:
    """JSON without spaces."""
    return _encoder.encode(value)


def is_object(value: object) -> TypeGuard[JsonObject]:
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def is_integer(value: object) -> TypeGuard[int]:
    """Whether it is a JSON integer; ``true`` is not one, although Python says so."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_flag(value: object) -> TypeGuard[bool]:
    return isinstance(value, bool)


def parse_snowflake(value: object) -> str | None:
    """An id as text, or None; Discord takes ids as strings and as integers."""
    if is_integer(value):
        return str(value) if value >= 0 else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        return value
    return None


def iso(seconds: float) -> str:
    """A time in seconds since 1970, as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
