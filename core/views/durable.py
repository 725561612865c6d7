"""Durable views: nothing is kept in memory while nobody presses them.

A durable view is one object for all its messages. A press names a row, and the row says what may
happen, so it works after a restart and in any process of the bot.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from disnake import ButtonStyle, SelectOption
from disnake.ui import Button, StringSelect

from core.views.custom_id import CustomId
from core.views.reasons import CloseReason
from core.views.rendering import DeleteMessage, Rendering

if TYPE_CHECKING:
    from core.views.press import Press

__all__ = ["Closing", "DurableView", "action"]

Action = Callable[[Any, "Press"], Awaitable[None]]
ActionT = TypeVar("ActionT", bound=Action)


def action(method: ActionT) -> ActionT:
    """Mark a method as what happens when the component of the same name is pressed.

    The method decides from the database who may press: whoever sees the message can.
    """
    if not inspect.iscoroutinefunction(method):
        raise TypeError(f"the action {method.__qualname__} must be `async def`")
    method.__is_action__ = True  # type: ignore[attr-defined]
    return method


@dataclass(frozen=True, slots=True)
class Closing:
    """What a view is told of its end."""

    key: str
    reason: CloseReason
    scope: str | None
    locale: str


class DurableView:
    """Base of a plugin's durable views.

    Class attributes:
        name: the view's name within its plugin, a lower-case word.
        idle_seconds: ends after so long without a press; None never.
        limit_seconds: ends so long after it was opened, pressed or not; None never.
    """

    name: ClassVar[str]
    idle_seconds: ClassVar[float | None] = None
    limit_seconds: ClassVar[float | None] = None

    actions: ClassVar[dict[str, Action]]
    rests: ClassVar[bool] = False
    """Whether it has a :meth:`rest` of its own."""
    plugin: str
    """Set when the view is registered."""

    def __init_subclass__(cls) -> None:
        cls.actions = {
            name: member
            for base in reversed(cls.__mro__)
            for name, member in vars(base).items()
            if getattr(member, "__is_action__", False)
        }
        cls.rests = cls.rest is not DurableView.rest

    async def render(self, key: str, locale: str) -> Rendering | None:
        """What the message of `key` shows now, or None when there is nothing left to show.

        Called outside any transaction, when the view is posted, reopened or closed.
        """
        raise NotImplementedError

    async def rest(self, key: str, locale: str) -> Rendering | None:
        """What a private message shows once nobody can edit it any more: an interaction's token
        lives 15 minutes, and only a press brings a new one.

        Called a minute before that. What it returns must stay true without us: ``<t:...:R>`` times
        and buttons, but nothing that changes. None leaves the message as it is.
        """
        return None

    async def on_close(self, closing: Closing) -> Rendering | DeleteMessage | None:
        """Called once when a view ends (again only if the process died meanwhile).

        Returns what its message shows from then on, components left out; None leaves the rest of
        the message as it is; ``DeleteMessage()`` takes it away. By default what :meth:`render`
        says. Bounded in time; what it raises is logged and does not stop the end.
        """
        rendering = await self.render(closing.key, closing.locale)
        return rendering.ended() if rendering is not None else None

    def button(
        self,
        action: str,
        key: str,
        label: str,
        style: ButtonStyle = ButtonStyle.secondary,
        *,
        disabled: bool = False,
    ) -> Button[Any]:
        """A button that calls the action of that name."""
        return Button(
            custom_id=self._custom_id(action, key), label=label, style=style, disabled=disabled
        )

    def select(
        self, action: str, key: str, placeholder: str, options: Sequence[SelectOption]
    ) -> StringSelect[Any]:
        """A select of one option that calls the action of that name; see ``Press.values``."""
        return StringSelect(
            custom_id=self._custom_id(action, key), placeholder=placeholder, options=list(options)
        )

    def _custom_id(self, action: str, key: str) -> str:
        if not hasattr(self, "plugin"):
            raise RuntimeError(
                f"{type(self).__name__} is not registered: context.views.register(...) in `load`"
            )
        if action not in self.actions:
            raise ValueError(f"view {self.plugin}.{self.name} has no action {action!r}")
        return str(CustomId(self.plugin, self.name, key, action))
