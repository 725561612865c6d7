"""An interaction, from the moment a persona acts until its token ends."""

from dataclasses import dataclass, field

from sandbox.clock import Timer
from sandbox.model.application import Application
from sandbox.model.channel import Channel
from sandbox.model.guild import Guild
from sandbox.model.message import Message
from sandbox.model.user import Persona
from sandbox.once import Signal
from sandbox.wire import JsonObject

__all__ = [
    "FIRST_RESPONSE_S",
    "MOST_FOLLOW_UPS",
    "TOKEN_LIFE_S",
    "CallbackType",
    "Interaction",
    "InteractionType",
]

FIRST_RESPONSE_S = 3.0
TOKEN_LIFE_S = 15 * 60.0
"""Both from Discord's documentation, "Receiving and Responding"."""
MOST_FOLLOW_UPS = 100


class InteractionType:
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CallbackType:
    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE_MESSAGE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


@dataclass(slots=True, eq=False)
class Interaction:
    id: str
    token: str
    type: int
    application: Application
    persona: Persona
    channel: Channel
    guild: Guild | None
    created_at: float
    metadata: JsonObject
    """What a message that answers it carries as ``interaction_metadata``."""
    data: JsonObject
    message: Message | None = None
    """The message a component was pressed on, or from whose component a modal was opened."""
    callback: int | None = None
    answered_at: float | None = None
    """When the bot acknowledged it."""
    original: Message | None = None
    """What ``@original`` names, once there is one."""
    first_visible: Message | None = None
    messages: dict[str, Message] = field(default_factory=dict[str, Message])
    modal: JsonObject | None = None
    choices: list[JsonObject] | None = None
    focused_type: int = 3
    """The type of the option that choices are asked for."""
    failed: str | None = None
    deadline: Timer | None = None
    answered: Signal = field(default_factory=Signal)
    """Set when the bot acknowledged, or can no longer."""
    settled: Signal = field(default_factory=Signal)
    """Set when there is something to see, or never will be."""

    def remember(self, message: Message) -> None:
        self.messages[message.id] = message
        while len(self.messages) > MOST_FOLLOW_UPS:
            del self.messages[next(iter(self.messages))]

    def find(self, message_id: str) -> Message | None:
        """A message that this interaction's token may edit."""
        if self.original and self.original.id == message_id:
            return self.original
        return self.messages.get(message_id)
