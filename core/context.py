"""Who is at work: the plugin on whose behalf the current task runs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["acting_for", "current_plugin"]

current_plugin: ContextVar[str | None] = ContextVar("current_plugin", default=None)
"""The name of the plugin whose code runs, or None in the core. Tasks inherit it, so whatever a
plugin starts, however deep, is attributed to it."""


@contextmanager
def acting_for(plugin: str | None) -> Generator[None]:
    """Attribute what the block does to `plugin`."""
    token = current_plugin.set(plugin)
    try:
        yield
    finally:
        current_plugin.reset(token)
