"""Users, channels, roles and files that an interaction names, as its ``resolved`` shows them."""

import base64
import binascii

from sandbox.attachments import Upload
from sandbox.interactions.beginning import channel_with_permissions, member_with_permissions
from sandbox.interactions.refusal import invalid_input
from sandbox.model.channel import Channel
from sandbox.model.user import Persona
from sandbox.wire import JsonObject, is_object, parse_snowflake
from sandbox.world import World

__all__ = ["Resolver"]


class Resolver:
    """Checks that a client could have chosen what is named, and collects how it is shown."""

    def __init__(self, world: World, persona: Persona, channel: Channel) -> None:
        self._world = world
        self._persona = persona
        self._channel = channel
        self._found: dict[str, JsonObject] = {}

    @property
    def resolved(self) -> JsonObject:
        return dict(self._found)

    def add_to(self, data: JsonObject) -> None:
        if self._found:
            data["resolved"] = self.resolved

    def _keep(self, kind: str, key: str, value: JsonObject) -> None:
        self._found.setdefault(kind, {})[key] = value

    def user(self, value: object) -> str:
        user = self._world.users.get(parse_snowflake(value) or "")
        if user is None:
            raise invalid_input(f"there is no user {value}")
        self._keep("users", user.id, user.json())
        if member := member_with_permissions(self._channel, user.id):
            self._keep("members", user.id, member)
        return user.id

    def role(self, value: object) -> str:
        guild = self._channel.guild
        role = guild.roles.get(parse_snowflake(value) or "") if guild else None
        if role is None:
            raise invalid_input(f"there is no role {value} here")
        self._keep("roles", role.id, role.json())
        return role.id

    def mentionable(self, value: object) -> str:
        guild = self._channel.guild
        if guild and parse_snowflake(value) in guild.roles:
            return self.role(value)
        return self.user(value)

    def channel(self, value: object, types: list[int] | None) -> str:
        user = self._persona.user.id
        channel = self._world.channels.get(parse_snowflake(value) or "")
        if channel is None or not channel.visible_to(user):
            raise invalid_input(f"{self._persona.user.username} sees no channel {value}")
        if types and channel.type not in types:
            raise invalid_input(f"channel {value} is not of a type that can be chosen")
        self._keep("channels", channel.id, channel_with_permissions(channel, user))
        return channel.id

    def attachment(self, value: object) -> str:
        """From ``{"filename", "content" (base64), "content_type"}``."""
        if not is_object(value) or not isinstance(value.get("content"), str):
            raise invalid_input("a file is given as {filename, content in base64}")
        try:
            content = base64.b64decode(value["content"], validate=True)
        except binascii.Error:
            raise invalid_input("the content of a file is given in base64") from None
        upload = Upload(
            "0", str(value.get("filename") or "file"), str(value.get("content_type") or ""), content
        )
        stored = self._world.attachments.store(
            upload, self._world.url, self._channel.id, ephemeral=True
        )
        self._keep("attachments", stored["id"], stored)
        return str(stored["id"])
