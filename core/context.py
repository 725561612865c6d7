"""Who is at work: the plugin on whose behalf the current task runs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from disnake import Interaction

__all__ = ["acting_for", "answering", "current_interaction", "current_plugin", "just_sent"]

current_plugin: ContextVar[str | None] = ContextVar("current_plugin", default=None)
"""The name of the plugin whose code runs, or None in the core. Tasks inherit it, so whatever a
plugin starts, however deep, is attributed to it."""

current_interaction: ContextVar[Interaction[Any] | None] = ContextVar(
    "current_interaction", default=None
)
"""The interaction that is being answered. A view shown meanwhile is on its response."""

just_sent: ContextVar[tuple[int, int] | None] = ContextVar("just_sent", default=None)
"""The (message id, channel id) of the message that the current task sent last."""


@contextmanager
def answering(interaction: Interaction[Any]) -> Generator[None]:
    """Let views that the block shows be known as this interaction's."""
    token = current_interaction.set(interaction)
    try:
        yield
    finally:
        current_interaction.reset(token)


@contextmanager
def acting_for(plugin: str | None) -> Generator[None]:
    """Attribute what the block does to `plugin`."""
    token = current_plugin.set(plugin)
    try:
        yield
    finally:
        current_plugin.reset(token)
