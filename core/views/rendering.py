"""What a message shows: a value, so that it can be compared, stored and sent later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from traceback import walk_stack
from typing import Any

from disnake import AllowedMentions, Embed, Object
from disnake.ui import ActionRow, Button, StringSelect

from core.context import current_plugin
from core.views.custom_id import CustomId

__all__ = ["Component", "DeleteMessage", "Rendering"]

MOST_CONTENT = 2_000
"""Characters of a message's text (Discord's documentation of "Create Message")."""

Component = Button[Any] | StringSelect[Any]


@dataclass(frozen=True, slots=True)
class DeleteMessage:
    """In place of a rendering: a view that ends takes its message with it."""

    def as_payload(self) -> dict[str, Any]:
        """In place of the body of an edit."""
        return {"delete": True}


@dataclass(frozen=True, slots=True)
class Rendering:
    """The content of a message.

    Attributes:
        content: what goes beyond 2,000 characters, Discord's limit, is left out: a message that
            ends in "…" is better than none.
        embeds: at most ten, 6,000 characters together.
        rows: at most five rows, of at most five buttons or one select each.
        mentions: ids of the users it may ping; nobody else is.

    Raises:
        TypeError: when a row is no list, or has a component that no press of would reach a view.
            It names the view.
    """

    content: str = ""
    embeds: Sequence[Embed] = ()
    rows: Sequence[Sequence[Component]] = ()
    mentions: Sequence[int] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", _shortened(self.content, MOST_CONTENT))
        for number, row in enumerate(self.rows, start=1):
            if not isinstance(row, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise TypeError(
                    f"{_author()}: row {number} of its rendering is a {type(row).__name__}, not a"
                    " list: rows=[[button, button], [select]]"
                )
            for item in row:
                if item.is_dispatchable() and not CustomId.parse(str(item.custom_id)):
                    raise TypeError(
                        f"{_author()}: in row {number} of its rendering, no view would hear of a"
                        f" press on the {type(item).__name__} {item.custom_id!r}: make it with"
                        " self.button(...) or self.select(...)"
                    )

    def ended(self, note: str = "") -> Rendering:
        """The same without its components, `note` added as its last line."""
        kept = _shortened(self.content, MOST_CONTENT - len(note) - 1) if note else self.content
        content = "\n".join(line for line in (kept, note) if line)
        return replace(self, content=content, rows=(), mentions=())

    def as_kwargs(self) -> dict[str, Any]:
        """As keyword arguments of disnake's send and edit methods."""
        return {
            "content": self.content or None,
            "embeds": list(self.embeds),
            "components": [ActionRow(*row) for row in self.rows],
            "allowed_mentions": self._allowed_mentions(),
        }

    def as_payload(self) -> dict[str, Any]:
        """As the JSON body of a message create or edit."""
        return {
            "content": self.content,
            "embeds": [embed.to_dict() for embed in self.embeds],
            "components": [ActionRow(*row).to_component_dict() for row in self.rows],
            "allowed_mentions": self._allowed_mentions().to_dict(),
        }

    def _allowed_mentions(self) -> AllowedMentions:
        if not self.mentions:
            return AllowedMentions.none()
        return AllowedMentions(
            everyone=False, roles=False, users=[Object(user_id) for user_id in self.mentions]
        )


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _author() -> str:
    """The view whose code makes a rendering: looked for only when it has made a mistake."""
    from core.views.durable import DurableView

    for frame, _ in walk_stack(None):
        view = frame.f_locals.get("self")
        if isinstance(view, DurableView):
            return f"view {view.plugin}.{view.name}"
    return f"plugin {current_plugin.get()}"
