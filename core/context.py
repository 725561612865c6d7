"""Who is at work: the plugin on whose behalf the current task runs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from disnake import Interaction

__all__ = [
    "ShownMessage",
    "acting_for",
    "current_interaction",
    "current_plugin",
    "just_shown",
    "nothing_shown",
]

current_plugin: ContextVar[str | None] = ContextVar("current_plugin", default=None)
"""The name of the plugin whose code runs, or None in the core. Tasks inherit it, so whatever a
plugin starts, however deep, is attributed to it."""

current_interaction: ContextVar[Interaction[Any] | None] = ContextVar(
    "current_interaction", default=None
)
"""The interaction that is being answered. A view shown meanwhile is on its response."""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message of the bot's own, as Discord has just described it.

    Attributes:
        token: of the interaction through which it was sent or edited; None without one.
        token_message: what it is to that token, ``@original`` or its own id.
    """

    message_id: int
    channel_id: int
    ephemeral: bool = False
    token: str | None = None
    token_message: str = "@original"  # noqa: S105 - the name of a message


just_shown: ContextVar[ShownMessage | None] = ContextVar("just_shown", default=None)
"""The message that the current task sent or edited last."""


@contextmanager
def nothing_shown() -> Generator[None]:
    """Let no message that was sent before the block be taken for a view's."""
    token = just_shown.set(None)
    try:
        yield
    finally:
        just_shown.reset(token)


class acting_for:  # noqa: N801  as contextlib names its own
    """Attribute what the block does to `plugin`.

    A class, for every press passes here: a generator would take twice as long.
    """

    __slots__ = ("_outer", "_plugin")

    def __init__(self, plugin: str | None) -> None:
        self._plugin = plugin

    def __enter__(self) -> None:
        self._outer = current_plugin.set(self._plugin)

    def __exit__(self, *_: object) -> None:
        current_plugin.reset(self._outer)
