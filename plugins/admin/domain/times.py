"""Times as admins type them: for how long, since when."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

__all__ = ["FOR_EVER", "LONGEST", "Unreadable", "duration", "since"]

FOR_EVER = "for ever"

LONGEST = timedelta(days=3660)

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "month": timedelta(days=30),
    "y": timedelta(days=365),
}
_NAMES = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "week", "weeks"), "w"),
    **dict.fromkeys(("month", "months"), "month"),
    **dict.fromkeys(("y", "year", "years"), "y"),
}
_PART = re.compile(r"(\d{1,6})\s*([a-z]+)[\s,]*")


class Unreadable(ValueError):
    """What was typed is no such time. The text of it is what was typed."""


def duration(typed: str) -> timedelta | None:
    """``3d``, ``1 week``, ``1d 12h``; None for ``for ever``, or for nothing.

    Raises:
        Unreadable: when it is none, is nothing, or longer than ten years.
    """
    text = " ".join(typed.casefold().split())
    if text in ("", FOR_EVER, "forever", "permanent"):
        return None
    total, end = timedelta(), 0
    while end < len(text):
        part = _PART.match(text, end)
        unit = _NAMES.get(part.group(2)) if part is not None else None
        if part is None or unit is None:
            raise Unreadable(typed)
        total += int(part.group(1)) * _UNITS[unit]
        if total > LONGEST:
            raise Unreadable(typed)
        end = part.end()
    if not total:
        raise Unreadable(typed)
    return total


def since(typed: str, now: datetime) -> datetime:
    """The beginning of a day as ``2026-01-31``, a moment as ``2026-01-31 18:00`` (UTC), or so long
    ago, as ``3d``.

    Raises:
        Unreadable: when it is none of them.
    """
    try:
        moment = datetime.fromisoformat(typed.strip())
    except ValueError:
        ago = duration(typed)
        if ago is None:
            raise Unreadable(typed) from None
        return now - ago
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
