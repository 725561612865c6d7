"""What a message shows: a value, so that it can be compared, stored and sent later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from disnake import AllowedMentions, Embed, Object
from disnake.ui import ActionRow, Button, StringSelect

__all__ = ["Component", "Rendering"]

Component = Button[Any] | StringSelect[Any]


@dataclass(frozen=True, slots=True)
class Rendering:
    """The content of a message.

    Attributes:
        content: at most 2,000 characters.
        embeds: at most ten, 6,000 characters together.
        rows: at most five rows, of at most five buttons or one select each.
        mentions: ids of the users it may ping; nobody else is.
    """

    content: str = ""
    embeds: Sequence[Embed] = ()
    rows: Sequence[Sequence[Component]] = ()
    mentions: Sequence[int] = ()

    def ended(self, note: str = "") -> Rendering:
        """The same without its components, `note` added as its last line."""
        content = "\n".join(line for line in (self.content, note) if line)
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
