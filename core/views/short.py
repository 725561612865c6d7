"""Short views: a wizard, an are-you-sure. State in memory, for one user, for minutes."""

from __future__ import annotations

from typing import Any, ClassVar

import disnake

from core.views.durable import Closing
from core.views.rendering import DeleteMessage, Rendering

__all__ = ["LONGEST_SHORT_VIEW_SECONDS", "ShortView", "is_of_short_view", "name_components"]

PREFIX = "lks1:"

LONGEST_SHORT_VIEW_SECONDS = 14 * 60.0
"""A minute less than the life of the interaction token with which its last edit is made."""


class ShortView(disnake.ui.View):
    """A ``disnake.ui.View`` that belongs to one user and always ends.

    Class attributes:
        name: the view's name within its plugin.
        idle_seconds: ends after so long without a press of its user; refused presses do not count.
        limit_seconds: ends so long after it was shown, at most 14 minutes.
    """

    name: ClassVar[str]
    idle_seconds: ClassVar[float | None] = 180.0
    limit_seconds: ClassVar[float] = LONGEST_SHORT_VIEW_SECONDS

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        limit = cls.limit_seconds
        if not 0 < limit <= LONGEST_SHORT_VIEW_SECONDS:
            raise ValueError(
                f"{cls.__name__}.limit_seconds is {limit:g}: more than 0, and at most"
                f" {LONGEST_SHORT_VIEW_SECONDS:g}"
            )

    def __init__(self) -> None:
        # The supervisor keeps the time; disnake's own timer would keep the view.
        super().__init__(timeout=None)

    async def on_close(self, closing: Closing) -> Rendering | DeleteMessage | None:
        """Called once when the view ends. Returns what its message shows from then on; None
        removes its components and leaves the rest; ``DeleteMessage()`` takes it away."""
        return None


def name_components(view: ShortView, plugin: str) -> None:
    """Give the components of a view custom_ids by which a press on one is known, though the process
    that showed the view is gone."""
    for number, item in enumerate(view.children):
        if item.is_dispatchable():  # then it has one, which only its subclasses declare
            custom_id = f"{PREFIX}{plugin}.{view.name}:{view.id}:{number}"
            setattr(item, "custom_id", custom_id)  # noqa: B010


def is_of_short_view(custom_id: str) -> bool:
    """Whether a component belongs, or belonged, to a short view."""
    return custom_id.startswith(PREFIX)
