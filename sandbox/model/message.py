"""Messages, private answers included."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.model.channel import Channel
from sandbox.model.user import User
from sandbox.once import Signal
from sandbox.wire import JsonObject, is_array, is_object

__all__ = ["Message", "MessageFlags", "walk_components"]

REMEMBERED_COMPONENTS = 8
"""How many earlier sets of components a message remembers, for clients that missed an edit."""


class MessageFlags:
    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


def walk_components(components: list[JsonObject]) -> Iterator[JsonObject]:
    """Every component, outer before inner, in reading order."""
    for component in components:
        yield component
        inner = component.get("components")
        if is_array(inner):
            yield from walk_components(inner)
        for single in (component.get("accessory"), component.get("component")):
            if is_object(single):
                yield from walk_components([single])


@dataclass(slots=True, eq=False)
class Message:
    id: str
    channel: Channel
    author: User
    timestamp: str
    content: str = ""
    embeds: list[JsonObject] = field(default_factory=list[JsonObject])
    components: list[JsonObject] = field(default_factory=list[JsonObject])
    attachments: list[JsonObject] = field(default_factory=list[JsonObject])
    flags: int = 0
    type: int = 0
    edited_timestamp: str | None = None
    mentions: list[User] = field(default_factory=list[User])
    mention_roles: list[str] = field(default_factory=list[str])
    mention_everyone: bool = False
    nonce: str | int | None = None
    tts: bool = False
    pinned_at: str | None = None
    application_id: str | None = None
    webhook_id: str | None = None
    interaction: JsonObject | None = None
    """``interaction_metadata``: what this answers."""
    command: str | None = None
    """What was invoked, like "queue join"; clients show it, the API no longer tells."""
    reference: JsonObject | None = None
    referenced: "Message | None" = None
    thread: Channel | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Emoji to the ids of who reacted."""
    ephemeral_to: str | None = None
    deleted: Signal = field(default_factory=Signal)
    """Set once it is, or dismissed by whom it was shown to."""
    earlier: tuple[list[JsonObject], ...] = ()
    """Earlier sets of components, the latest last."""

    @property
    def gone(self) -> bool:
        return self.deleted.is_set()

    def visible_to(self, user_id: str) -> bool:
        if self.gone or not self.channel.visible_to(user_id):
            return False
        return self.ephemeral_to is None or self.ephemeral_to == user_id

    def replace_components(self, components: list[JsonObject]) -> None:
        """By others, and remember for a while what was there."""
        if self.components:
            self.earlier = (*self.earlier, self.components)[-REMEMBERED_COMPONENTS:]
        self.components = components

    def find_component(self, custom_id: str) -> JsonObject | None:
        for component in walk_components(self.components):
            if component.get("custom_id") == custom_id:
                return component
        return None

    def find_earlier(self, custom_id: str) -> JsonObject | None:
        """A component that is, or lately was, on it."""
        if found := self.find_component(custom_id):
            return found
        for components in reversed(self.earlier):
            for component in walk_components(components):
                if component.get("custom_id") == custom_id:
                    return component
        return None

    def text(self) -> str:
        """All that can be read on it, a line each."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [embed.get("title", ""), embed.get("description", "")]
            parts += [embed.get("author", {}).get("name", "")]
            for part in embed.get("fields", []):
                parts += [part["name"], part["value"]]
            parts += [embed.get("footer", {}).get("text", "")]
        parts += [
            component["content"]
            for component in walk_components(self.components)
            if component["type"] == 10
        ]
        return "\n".join(part for part in parts if part)

    def json(self, viewer: str | None = None) -> JsonObject:
        message: JsonObject = {
            "id": self.id,
            "type": self.type,
            "channel_id": self.channel.id,
            "author": self.author.json(),
            "content": self.content,
            "mentions": [user.json() for user in self.mentions],
            "mention_roles": list(self.mention_roles),
            "mention_everyone": self.mention_everyone,
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "timestamp": self.timestamp,
            "edited_timestamp": self.edited_timestamp,
            "flags": self.flags,
            "pinned": self.pinned_at is not None,
            "tts": self.tts,
        }
        if self.nonce is not None:
            message["nonce"] = self.nonce
        if self.application_id is not None:
            message["application_id"] = self.application_id
        if self.webhook_id is not None:
            message["webhook_id"] = self.webhook_id
        if self.interaction is not None:
            message["interaction_metadata"] = self.interaction
        if self.reference is not None:
            message["message_reference"] = self.reference
            if self.type == 19:
                there = self.referenced and not self.referenced.gone
                message["referenced_message"] = (
                    self.referenced.plain_json() if self.referenced and there else None
                )
        if self.thread is not None and not self.thread.gone:
            message["thread"] = self.thread.json()
        if self.reactions:
            message["reactions"] = [
                {
                    "emoji": {"id": None, "name": emoji},
                    "count": len(users),
                    "count_details": {"burst": 0, "normal": len(users)},
                    "burst_colors": [],
                    "me_burst": False,
                    "me": viewer in users,
                }
                for emoji, users in self.reactions.items()
            ]
        return message

    def plain_json(self) -> JsonObject:
        """Without what it refers to itself: Discord nests one level only."""
        message = self.json()
        message.pop("referenced_message", None)
        message.pop("reactions", None)
        return message
