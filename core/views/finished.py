"""What a view that is finished shows, when it is shown all the same.

Cogs do both of these: a menu leads back to the view before, whose place another took; and a view is
stopped and then sent, where stock disnake shows buttons that nobody hears.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

import disnake
from loguru import logger

from core.context import current_plugin
from core.disnake_private import end_wait, revive

__all__ = ["leave", "show_finished_as_such"]

stock = disnake.ui.View.to_components

_left: WeakSet[disnake.ui.View] = WeakSet()
"""Views whose place another took, and that their authors did not stop."""


def leave(view: disnake.ui.View) -> None:
    """Finish a view whose place another took, so that nobody waits for it; it may come back."""
    if not view.is_finished():
        end_wait(view)
        _left.add(view)


def show_finished_as_such() -> None:
    """From here on, a view that was stopped shows its components disabled.

    All ways of sending and editing ask a view for its components, and most edits ask nothing else:
    there is no other place to notice it in.
    """
    setattr(disnake.ui.View, "to_components", _to_components)  # noqa: B010


def _to_components(view: disnake.ui.View) -> Any:
    if view in _left:
        _left.discard(view)
        revive(view)
    rows: list[Any] = stock(view)
    if view.is_finished():
        pressable = [
            component
            for row in rows
            for component in row["components"]
            if "custom_id" in component and not component.get("disabled")
        ]
        for component in pressable:
            component["disabled"] = True
        if pressable:
            plugin = current_plugin.get()
            logger.bind(plugin=plugin).warning(
                "plugin {} shows a {}.{} that was stopped: its components are disabled",
                plugin,
                type(view).__module__,
                type(view).__qualname__,
            )
    return rows
