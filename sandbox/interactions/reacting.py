"""A persona's reactions, checked as a client would."""

from sandbox.changes import reactions
from sandbox.interactions.refusal import invalid_input, not_enabled
from sandbox.model.message import Message
from sandbox.model.user import Persona
from sandbox.permissions import ADD_REACTIONS, READ_MESSAGE_HISTORY
from sandbox.world import World

__all__ = ["react", "unreact"]

LONGEST_EMOJI = 16
"""Code points: a family is 7, the flag of Scotland too."""
INFORMATION = "\N{INFORMATION SOURCE}"
"""A letter, and yet an emoji."""


def react(world: World, persona: Persona, message: Message, emoji: str) -> None:
    """With a plain emoji. Raises Refusal when a client could not."""
    if not _may_be_emoji(emoji):
        raise invalid_input(f"{emoji!r} is not an emoji")
    name, channel = persona.user.username, message.channel
    if message.ephemeral_to is not None:
        raise not_enabled("nobody can react to a private answer")
    if channel.thread and channel.thread.archived:
        raise not_enabled("the thread is archived")
    held = channel.permissions(persona.user.id)
    if not held & READ_MESSAGE_HISTORY:
        raise not_enabled(f"{name} may not react here")
    if emoji not in message.reactions:
        if not held & ADD_REACTIONS:
            raise not_enabled(f"{name} may only join the reactions that are there")
        if len(message.reactions) >= reactions.MOST_EMOJIS:
            raise not_enabled(f"a message has at most {reactions.MOST_EMOJIS} different reactions")
    reactions.react(world, message, persona.user.id, emoji)


def unreact(world: World, persona: Persona, message: Message, emoji: str) -> None:
    """Take back the persona's own. Raises Refusal when there is none."""
    if persona.user.id not in message.reactions.get(emoji, []):
        raise not_enabled(f"{persona.user.username} has not reacted with {emoji}")
    if message.channel.thread and message.channel.thread.archived:
        raise not_enabled("the thread is archived")
    reactions.unreact(world, message, persona.user.id, emoji)


def _may_be_emoji(text: str) -> bool:
    """Every emoji may be; which ones there are changes each year, and is not asked here."""
    wordy = any(one.isspace() or (one.isalpha() and one != INFORMATION) for one in text)
    return 0 < len(text) <= LONGEST_EMOJI and not text.isascii() and not wordy
