"""People and bots."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.wire import JsonObject

if TYPE_CHECKING:
    from sandbox.model.channel import Channel
    from sandbox.model.interaction import Interaction
    from sandbox.model.message import Message

__all__ = ["MOST_EPHEMERALS", "Persona", "User"]

MOST_EPHEMERALS = 200
"""How many private answers a persona's client keeps; the oldest goes first."""


@dataclass(slots=True, eq=False)
class User:
    id: str
    username: str
    global_name: str | None = None
    bot: bool = False

    def json(self) -> JsonObject:
        user: JsonObject = {
            "id": self.id,
            "username": self.username,
            "discriminator": "0001" if self.bot else "0",
            "global_name": self.global_name,
            "avatar": None,
            "avatar_decoration_data": None,
            "collectibles": None,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
        }
        if self.bot:
            user["bot"] = True
        return user


@dataclass(slots=True, eq=False)
class Persona:
    """A simulated person: the user, and what only their own client knows."""

    user: User
    locale: str = "en-US"
    refuses_dms: bool = False
    refusal: int = 50007
    """What a bot is told when they refuse: 50007 or 50278 at the send, 40003 at the opening."""
    ephemerals: "OrderedDict[str, Message]" = field(default_factory=OrderedDict[str, "Message"])
    modal: "Interaction | None" = None
    """The interaction whose answer opened the form that is on their screen."""
    dms: "dict[str, Channel]" = field(default_factory=dict[str, "Channel"])
    """By the id of the other."""

    def keep(self, message: "Message") -> None:
        self.ephemerals[message.id] = message
        while len(self.ephemerals) > MOST_EPHEMERALS:
            self.ephemerals.popitem(last=False)
