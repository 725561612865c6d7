"""Channels, threads and direct messages."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.clock import Timer
from sandbox.model.guild import Guild
from sandbox.model.user import User
from sandbox.permissions import (
    MANAGE_THREADS,
    VIEW_CHANNEL,
    Overwrite,
    combine,
)
from sandbox.wire import JsonObject

if TYPE_CHECKING:
    from sandbox.model.message import Message

__all__ = ["MOST_MESSAGES", "Channel", "ChannelType", "Thread", "ThreadMember"]

MOST_MESSAGES = 1_000
"""How many messages a channel remembers; the oldest goes first."""
MOST_NONCES = 200


class ChannelType:
    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12


@dataclass(slots=True)
class ThreadMember:
    user_id: str
    joined_at: str


@dataclass(slots=True, eq=False)
class Thread:
    """What only a thread has."""

    owner_id: str
    created_at: str
    auto_archive_minutes: int
    archived_at: str
    """When it was last archived or unarchived; at first, when it was made."""
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    members: dict[str, ThreadMember] = field(default_factory=dict[str, ThreadMember])
    sent: int = 0
    timer: Timer | None = None
    active_at: float = 0.0

    def metadata(self, *, private: bool) -> JsonObject:
        data: JsonObject = {
            "archived": self.archived,
            "archive_timestamp": self.archived_at,
            "auto_archive_duration": self.auto_archive_minutes,
            "locked": self.locked,
            "create_timestamp": self.created_at,
        }
        if private:
            data["invitable"] = self.invitable
        return data


@dataclass(slots=True, eq=False)
class Channel:
    id: str
    type: int
    name: str = ""
    guild: Guild | None = None
    parent: "Channel | None" = None
    position: int = 0
    topic: str | None = None
    slowmode: int = 0
    overwrites: dict[str, Overwrite] = field(default_factory=dict[str, Overwrite])
    recipients: list[User] = field(default_factory=list[User])
    """Both sides of a direct message."""
    thread: Thread | None = None
    messages: "OrderedDict[str, Message]" = field(default_factory=OrderedDict[str, "Message"])
    last_message_id: str | None = None
    gone: bool = False
    nonces: OrderedDict[str, tuple[float, str]] = field(
        default_factory=OrderedDict[str, tuple[float, str]]
    )
    """Author and nonce to when and which message."""

    @property
    def private(self) -> bool:
        return self.type == ChannelType.PRIVATE_THREAD

    def permissions(self, user_id: str) -> int:
        """What a user may do here, threads by their parent's rules; 0 for a stranger.

        In a direct message Discord grants whatever makes sense in one.
        """
        guild = self.guild
        if guild is None:
            return -1 if any(user.id == user_id for user in self.recipients) else 0
        home = self.parent if self.thread and self.parent else self
        member = guild.members.get(user_id)
        if member is None:
            return 0
        return combine(
            guild.base_permissions(user_id), home.overwrites, guild.id, member.roles, user_id
        )

    def visible_to(self, user_id: str) -> bool:
        """Whether they can see it; a private thread needs them in it, or MANAGE_THREADS."""
        permissions = self.permissions(user_id)
        if self.gone or not permissions & VIEW_CHANNEL:
            return False
        if self.private and self.thread:
            return user_id in self.thread.members or bool(permissions & MANAGE_THREADS)
        return True

    def remember(self, message: "Message") -> None:
        self.messages[message.id] = message
        self.last_message_id = message.id
        while len(self.messages) > MOST_MESSAGES:
            _, forgotten = self.messages.popitem(last=False)
            # What interactions still refer to is to hold little; a chain of replies, nothing.
            forgotten.referenced, forgotten.earlier = None, ()

    def json(self, viewer: str | None = None) -> JsonObject:
        """As one user sees it: a direct message shows the other, a thread their own membership."""
        if self.guild is None:
            return {
                "id": self.id,
                "type": self.type,
                "flags": 0,
                "last_message_id": self.last_message_id,
                "recipients": [user.json() for user in self.recipients if user.id != viewer],
            }
        channel: JsonObject = {
            "id": self.id,
            "type": self.type,
            "name": self.name,
            "guild_id": self.guild.id,
            "parent_id": self.parent.id if self.parent else None,
            "flags": 0,
            "rate_limit_per_user": self.slowmode,
            "last_message_id": self.last_message_id,
        }
        if self.thread:
            channel |= self._thread_json(self.thread, viewer)
        else:
            channel |= {
                "position": self.position,
                "topic": self.topic,
                "nsfw": False,
                "permission_overwrites": [
                    {
                        "id": overwrite.id,
                        "type": overwrite.kind,
                        "allow": str(overwrite.allow),
                        "deny": str(overwrite.deny),
                    }
                    for overwrite in self.overwrites.values()
                ],
            }
        return channel

    def _thread_json(self, thread: Thread, viewer: str | None) -> JsonObject:
        data: JsonObject = {
            "owner_id": thread.owner_id,
            "thread_metadata": thread.metadata(private=self.private),
            "message_count": min(thread.sent, len(self.messages)),
            "total_message_sent": thread.sent,
            "member_count": min(len(thread.members), 50),  # Discord stops counting there
        }
        if viewer and (member := thread.members.get(viewer)):
            data["member"] = self.thread_member_json(member)
        return data

    def thread_member_json(self, member: ThreadMember) -> JsonObject:
        return {
            "id": self.id,
            "user_id": member.user_id,
            "join_timestamp": member.joined_at,
            "flags": 0,
        }
