"""What the client of a sandbox returns: bots, guilds, messages, and how interactions went."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.model.message import walk_components
from sandbox.validation.component_type import SELECTS, ComponentType
from sandbox.wire import JsonObject

__all__ = ["Bot", "Button", "Channel", "Field", "Guild", "Message", "Modal", "Role", "Select"]


@dataclass(slots=True, frozen=True)
class Bot:
    """What a bot needs to log in, besides the API's address."""

    token: str = field(repr=False)
    application_id: str
    user_id: str


@dataclass(slots=True, frozen=True)
class Guild:
    id: str
    name: str
    general: str
    """The id of its first channel."""
    everyone: str
    """The id of the role that everyone has."""


@dataclass(slots=True, frozen=True)
class Channel:
    id: str
    name: str
    guild_id: str | None
    type: int


@dataclass(slots=True, frozen=True)
class Role:
    id: str
    name: str


@dataclass(slots=True, frozen=True)
class Button:
    label: str
    """Its text, or its emoji when it has none."""
    custom_id: str | None
    style: int
    disabled: bool
    url: str | None


@dataclass(slots=True, frozen=True)
class Select:
    custom_id: str
    placeholder: str
    type: int
    options: dict[str, str]
    """Label to value; empty for users, roles and channels."""
    disabled: bool


@dataclass(slots=True, frozen=True)
class Field:
    """An input of a modal."""

    label: str
    custom_id: str
    type: int
    required: bool
    value: str


@dataclass(slots=True, frozen=True)
class Modal:
    custom_id: str
    title: str
    fields: list[Field]

    @classmethod
    def of(cls, raw: JsonObject) -> "Modal":
        fields: list[Field] = []
        for row in raw["components"]:
            inner = row.get("components") or [row.get("component")]
            fields += [
                Field(
                    label=row.get("label") or part.get("label", ""),
                    custom_id=part["custom_id"],
                    type=part["type"],
                    required=bool(part.get("required")),
                    value=str(part.get("value", "")),
                )
                for part in inner
                if part
            ]
        return cls(raw["custom_id"], raw["title"], fields)


@dataclass(slots=True, frozen=True)
class Message:
    """A message as a persona sees it."""

    id: str
    channel_id: str
    guild_id: str | None
    author_id: str
    author: str
    content: str
    text: str
    """All that can be read on it, embeds and text components too; one part a line."""
    ephemeral: bool
    edited: bool
    flags: int
    raw: dict[str, Any] = field(repr=False)
    """As the API shows it."""

    @classmethod
    def of(cls, raw: JsonObject) -> "Message":
        return cls(
            id=raw["id"],
            channel_id=raw["channel_id"],
            guild_id=raw["guild_id"],
            author_id=raw["author"]["id"],
            author=raw["author"]["global_name"] or raw["author"]["username"],
            content=raw["content"],
            text=raw["text"],
            ephemeral=raw["ephemeral"],
            edited=raw["edited_timestamp"] is not None,
            flags=raw["flags"],
            raw=raw,
        )

    @property
    def embeds(self) -> list[JsonObject]:
        return list(self.raw["embeds"])

    @property
    def components(self) -> list[JsonObject]:
        return list(self.raw["components"])

    @property
    def attachments(self) -> list[JsonObject]:
        return list(self.raw["attachments"])

    @property
    def buttons(self) -> list[Button]:
        """In reading order, disabled ones too."""
        return [
            Button(
                label=part.get("label") or part.get("emoji", {}).get("name", ""),
                custom_id=part.get("custom_id"),
                style=part["style"],
                disabled=bool(part.get("disabled")),
                url=part.get("url"),
            )
            for part in walk_components(self.components)
            if part["type"] == ComponentType.BUTTON
        ]

    @property
    def selects(self) -> list[Select]:
        """In reading order, disabled ones too."""
        return [
            Select(
                custom_id=part["custom_id"],
                placeholder=part.get("placeholder", ""),
                type=part["type"],
                options={option["label"]: option["value"] for option in part.get("options", [])},
                disabled=bool(part.get("disabled")),
            )
            for part in walk_components(self.components)
            if part["type"] in SELECTS
        ]
