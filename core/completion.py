"""Choices for an option while it is typed."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["CHOICES", "matching"]

CHOICES = 25
"""Discord shows so many at most."""


def matching(names: Iterable[str], typed: str) -> list[str]:
    """The names in which what was typed stands, each once."""
    found = dict.fromkeys(name for name in names if typed.casefold() in name.casefold())
    return list(found)[:CHOICES]
