"""A guild, its roles and its members."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.model.user import User
from sandbox.permissions import ADMINISTRATOR, ALL
from sandbox.wire import JsonObject

if TYPE_CHECKING:
    from sandbox.model.channel import Channel

__all__ = ["MOST_ARCHIVED_THREADS", "Guild", "Member", "Role"]

MOST_ARCHIVED_THREADS = 2_000
"""A guild forgets its longest archived threads beyond this, as no bot would look for them."""


@dataclass(slots=True, eq=False)
class Role:
    id: str
    name: str
    permissions: int
    position: int
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    bot_id: str | None = None
    """Whose own role this is: nobody else can be given it."""

    def json(self) -> JsonObject:
        role: JsonObject = {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": self.color,
            "colors": {
                "primary_color": self.color,
                "secondary_color": None,
                "tertiary_color": None,
            },
            "hoist": self.hoist,
            "managed": self.bot_id is not None,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        if self.bot_id is not None:
            role["tags"] = {"bot_id": self.bot_id}
        return role


@dataclass(slots=True, eq=False)
class Member:
    user: User
    joined_at: str
    roles: list[str] = field(default_factory=list[str])
    """Ids of roles, without that of @everyone."""
    nick: str | None = None

    def json(self, *, with_user: bool = True) -> JsonObject:
        member: JsonObject = {
            "avatar": None,
            "banner": None,
            "communication_disabled_until": None,
            "flags": 0,
            "joined_at": self.joined_at,
            "nick": self.nick,
            "pending": False,
            "premium_since": None,
            "roles": list(self.roles),
            "mute": False,
            "deaf": False,
        }
        if with_user:
            member["user"] = self.user.json()
        return member


@dataclass(slots=True, eq=False)
class Guild:
    id: str
    name: str
    owner_id: str
    locale: str
    roles: dict[str, Role] = field(default_factory=dict[str, Role])
    members: dict[str, Member] = field(default_factory=dict[str, Member])
    channels: "dict[str, Channel]" = field(default_factory=dict[str, "Channel"])
    threads: "dict[str, Channel]" = field(default_factory=dict[str, "Channel"])
    """The active ones."""
    archived: "OrderedDict[str, Channel]" = field(default_factory=OrderedDict[str, "Channel"])
    """Archived threads, the longest archived first."""

    def base_permissions(self, user_id: str) -> int:
        """What a member may do anywhere in the guild; nothing for who is not in it."""
        if user_id == self.owner_id:
            return ALL
        member = self.members.get(user_id)
        if member is None:
            return 0
        permissions = self.roles[self.id].permissions
        for role_id in member.roles:
            if role := self.roles.get(role_id):
                permissions |= role.permissions
        return ALL if permissions & ADMINISTRATOR else permissions

    def top_position(self, user_id: str) -> int:
        """The position of a member's highest role: who is above whom."""
        if user_id == self.owner_id:
            return 1_000_000
        member = self.members.get(user_id)
        held = member.roles if member else []
        return max((self.roles[role].position for role in held if role in self.roles), default=0)

    def json(self) -> JsonObject:
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "description": None,
            "home_header": None,
            "splash": None,
            "discovery_splash": None,
            "features": [],
            "banner": None,
            "owner_id": self.owner_id,
            "application_id": None,
            "region": "us-central",
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "widget_enabled": False,
            "widget_channel_id": None,
            "verification_level": 0,
            "roles": [role.json() for role in self.roles.values()],
            "default_message_notifications": 1,
            "mfa_level": 0,
            "explicit_content_filter": 0,
            "max_presences": None,
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "vanity_url_code": None,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": self.locale,
            "rules_channel_id": None,
            "safety_alerts_channel_id": None,
            "public_updates_channel_id": None,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "nsfw_level": 0,
            "emojis": [],
            "stickers": [],
            "incidents_data": None,
        }
