"""What the check of a plugin is given: its settings, a view of Discord, and where to say things."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from disnake import Permissions

from core.examination.findings import Findings
from core.examination.reader import DiscordReader, JsonObject, Refusal

__all__ = ["Examination"]

ConfigT = TypeVar("ConfigT")

TEXT_CHANNELS = (0, 5)
PERMISSIONS = Permissions(
    view_channel=True,
    send_messages=True,
    embed_links=True,
    create_private_threads=True,
    send_messages_in_threads=True,
    manage_threads=True,
)
"""What the bot is invited with, as the README tells its owner."""

INVITATION = (
    "https://discord.com/oauth2/authorize?client_id={id}&scope=bot+applications.commands"
    f"&permissions={PERMISSIONS.value}"
)


class Examination(Generic[ConfigT]):
    """One plugin's turn. The plugin is not loaded: there is no context, no database, no gateway.

    Attributes:
        name: the plugin's name.
        config: its validated section of config.toml.
        discord: reads from Discord, None when there is no token that Discord accepts. What needs it
            is passed over then: the token is complained of already.
    """

    def __init__(
        self, name: str, config: ConfigT, findings: Findings, discord: DiscordReader | None
    ) -> None:
        self.name = name
        self.config = config
        self.discord = discord
        self._findings = findings

    def ok(self, text: str) -> None:
        """Something is as it should be."""
        self._findings.ok(self.name, text)

    def warning(self, text: str, remedy: str) -> None:
        """Something could be better; `remedy` is what the owner should do."""
        self._findings.warning(self.name, text, remedy)

    def problem(self, text: str, remedy: str) -> None:
        """Something does not work; `remedy` is what the owner should do."""
        self._findings.problem(self.name, text, remedy)

    async def guild(self, key: str, guild_id: int) -> bool:
        """Whether the bot is on a server; if not, that is said.

        Args:
            key: where its id stands, such as ``[plugins.queue] guild_id``.
        """
        if self.discord is None:
            return False
        try:
            guild: JsonObject = await self.discord.get(f"/guilds/{guild_id}")
        except Refusal:
            self.problem(
                f"{key} is {guild_id}: the bot is on no server with this id",
                "Set the id of your server (Developer Mode, right-click it, Copy Server ID), or"
                f" invite the bot: {INVITATION.format(id=self.discord.user_id)}",
            )
            return False
        self.ok(f"{key}: the bot is on {guild['name']}")
        return True

    async def channel(
        self, key: str, channel_id: int, *permissions: str, guild_id: int | None = None
    ) -> bool:
        """Whether there is a text channel in which the bot has all of `permissions`; if not, that
        is said.

        Args:
            key: where its id stands in config.toml.
            permissions: as disnake names them, such as ``send_messages``.
            guild_id: the server that it must be on.
        """
        if self.discord is None:
            return False
        try:
            channel: JsonObject = await self.discord.get(f"/channels/{channel_id}")
        except Refusal:
            self.problem(
                f"{key} is {channel_id}: there is no such channel, or the bot may not view it",
                "Set the id of a channel on your server (right-click it, Copy Channel ID), and"
                " allow the bot View Channel there.",
            )
            return False
        named = f"{key}: #{channel.get('name')}"
        if channel["type"] not in TEXT_CHANNELS or "guild_id" not in channel:
            self.problem(f"{named} is no text channel", "Set the id of a text channel.")
            return False
        if guild_id is not None and int(channel["guild_id"]) != guild_id:
            self.problem(
                f"{named} is on another server than {guild_id}",
                "Set the id of a channel on that server.",
            )
            return False
        held = await self.discord.permissions(channel)
        needed = ("view_channel", *permissions)
        missing = [_shown(name) for name in needed if not _has(held, name)]
        if missing:
            self.problem(
                f"{named}: the bot lacks {', '.join(missing)} there",
                f"In Discord: Edit Channel, Permissions, add the bot, allow {', '.join(missing)}.",
            )
            return False
        self.ok(f"{named}: the bot has {', '.join(_shown(name) for name in needed)}")
        return True

    async def role(self, key: str, guild_id: int, role_id: int, *, gives: bool = False) -> bool:
        """Whether a server has a role; if not, that is said.

        Args:
            key: where its id stands in config.toml.
            gives: whether the bot must be able to give it, for which its own must stand higher.
        """
        if self.discord is None:
            return False
        try:
            guild: JsonObject = await self.discord.get(f"/guilds/{guild_id}")
        except Refusal:
            return False  # what names the server says it
        role = next((r for r in guild["roles"] if int(r["id"]) == role_id), None)
        if role is None:
            self.problem(
                f"{key} is {role_id}: {guild['name']} has no role with this id",
                "Set the id of one (Server Settings, Roles, right-click it, Copy Role ID).",
            )
            return False
        top = await self.discord.top_role(guild_id)
        if gives and top["position"] <= role["position"]:
            self.problem(
                f"{key}: the bot's role {top['name']} stands below {role['name']}, which it is to"
                " give",
                f"In Server Settings, Roles, drag {top['name']} above {role['name']}.",
            )
            return False
        self.ok(f"{key}: the role {role['name']}")
        return True


def _has(held: Permissions, name: str) -> bool:
    value: Any = getattr(held, name)
    return bool(value)


def _shown(name: str) -> str:
    """As Discord's menus call it."""
    return name.replace("_", " ").title().replace(" In ", " in ")
