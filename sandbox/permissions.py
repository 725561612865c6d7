"""Discord's permission bits, and how roles and overwrites combine.

The order of combination is the one in Discord's documentation, "Permissions": the guild's owner and
administrators have everything; else the overwrite of @everyone, then those of the member's roles
together, then the member's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["ALL", "BOT_DEFAULT", "EVERYONE_DEFAULT", "Overwrite", "combine"]

CREATE_INSTANT_INVITE: Final = 1 << 0
KICK_MEMBERS: Final = 1 << 1
BAN_MEMBERS: Final = 1 << 2
ADMINISTRATOR: Final = 1 << 3
MANAGE_CHANNELS: Final = 1 << 4
MANAGE_GUILD: Final = 1 << 5
ADD_REACTIONS: Final = 1 << 6
VIEW_CHANNEL: Final = 1 << 10
SEND_MESSAGES: Final = 1 << 11
SEND_TTS_MESSAGES: Final = 1 << 12
MANAGE_MESSAGES: Final = 1 << 13
EMBED_LINKS: Final = 1 << 14
ATTACH_FILES: Final = 1 << 15
READ_MESSAGE_HISTORY: Final = 1 << 16
MENTION_EVERYONE: Final = 1 << 17
USE_EXTERNAL_EMOJIS: Final = 1 << 18
CONNECT: Final = 1 << 20
SPEAK: Final = 1 << 21
CHANGE_NICKNAME: Final = 1 << 26
MANAGE_NICKNAMES: Final = 1 << 27
MANAGE_ROLES: Final = 1 << 28
MANAGE_WEBHOOKS: Final = 1 << 29
USE_APPLICATION_COMMANDS: Final = 1 << 31
MANAGE_THREADS: Final = 1 << 34
CREATE_PUBLIC_THREADS: Final = 1 << 35
CREATE_PRIVATE_THREADS: Final = 1 << 36
SEND_MESSAGES_IN_THREADS: Final = 1 << 38
PIN_MESSAGES: Final = 1 << 51

NAMES: Final[dict[str, int]] = {
    name: value
    for name, value in list(globals().items())
    if name.isupper() and isinstance(value, int)
}

ALL: Final = (1 << 53) - 1

EVERYONE_DEFAULT: Final = (
    CREATE_INSTANT_INVITE
    | ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_EXTERNAL_EMOJIS
    | CONNECT
    | SPEAK
    | CHANGE_NICKNAME
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_MESSAGES_IN_THREADS
)

BOT_DEFAULT: Final = (
    EVERYONE_DEFAULT | MANAGE_MESSAGES | MANAGE_THREADS | MANAGE_ROLES | MANAGE_CHANNELS
)


@dataclass(slots=True)
class Overwrite:
    """What a channel grants and takes; ``kind`` is 0 for a role, 1 for a member."""

    id: str
    kind: int
    allow: int
    deny: int


def combine(
    base: int, overwrites: dict[str, Overwrite], everyone: str, roles: Iterable[str], member: str
) -> int:
    """The permissions of a member in a channel, from those in the guild."""
    if base & ADMINISTRATOR:
        return ALL
    if not overwrites:
        return base
    if here := overwrites.get(everyone):
        base = base & ~here.deny | here.allow
    allow = deny = 0
    for role in roles:
        if here := overwrites.get(role):
            allow |= here.allow
            deny |= here.deny
    base = base & ~deny | allow
    if here := overwrites.get(member):
        base = base & ~here.deny | here.allow
    return base
