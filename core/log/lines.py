"""One log record as one line of text, for people or for machines, without secrets."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING

from core.context import current_plugin
from core.log.redaction import MARK, redact

if TYPE_CHECKING:
    from loguru import Record

__all__ = ["console_line", "json_line", "printable"]

EXACT_IN_JSON = 2**53
"""Whole numbers from here on lose digits in many readers; Discord's ids are among them."""

SECRET_NAME = re.compile(r"token|passw|secret|authorization|api_?key", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
COLOURS = {"DEBUG": "36", "INFO": "32", "SUCCESS": "32", "WARNING": "33"}
RED = "31"


def console_line(record: Record, exception: str, *, colour: bool = False) -> str:
    """Local time, level, plugin, logger, message; what else was bound in brackets behind.

    Nothing that a player wrote can pass for a line of its own, or move the terminal's cursor.
    """
    level = record["level"].name
    head = f"{record['time']:%Y-%m-%d %H:%M:%S.%f}"[:-3] + f" {level:<8}"
    if colour:
        head = f"\x1b[{COLOURS.get(level, RED)}m{head}\x1b[0m"
    bound = _bound(record)
    plugin = bound.pop("plugin", None)
    source = f"[{plugin}] {record['name']}" if plugin else f"{record['name']}"
    extra = " ".join(f"{key}={value}" for key, value in bound.items())
    body = f"{source}: {record['message']}" + (f" ({extra})" if extra else "")
    if exception:
        body += "\n" + exception.rstrip("\n")
    body = printable(redact(body))
    return f"{head} {body}".replace("\n", "\n    ") + "\n"


def json_line(record: Record, exception: str) -> str:
    """A JSON object: time (ISO, UTC), level, logger, message; plugin, reference, extra, exception
    when there are any."""
    bound = _bound(record)
    fields: dict[str, object] = {
        "time": record["time"].astimezone(UTC).isoformat(timespec="milliseconds"),
        "level": record["level"].name,
        "logger": record["name"],
        "message": redact(record["message"]),
    }
    for key in ("plugin", "reference"):
        if key in bound:
            fields[key] = bound.pop(key)
    if bound:
        fields["extra"] = bound
    if exception:
        fields["exception"] = redact(exception.rstrip("\n"))
    return json.dumps(fields, separators=(",", ":")) + "\n"


def printable(text: str) -> str:
    """`text` with whatever would move a terminal's cursor written out."""
    return CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


def _bound(record: Record) -> dict[str, object]:
    """What was bound to the record, and the plugin at work."""
    extra: Mapping[str, object] = record["extra"]
    bound = {
        redact(key): MARK if SECRET_NAME.search(key) and value is not None else _simple(value)
        for key, value in extra.items()
    }
    if "plugin" not in bound and (plugin := current_plugin.get()):
        bound["plugin"] = plugin
    return bound


def _simple(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < EXACT_IN_JSON else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return redact(value)
    try:
        return redact(repr(value))
    except Exception:
        return f"<{type(value).__name__}>"
