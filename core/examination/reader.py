"""Read from Discord without being connected: over REST, with the bot's token, changing nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self, cast

import aiohttp
from disnake import Permissions

__all__ = ["DiscordReader", "Refusal"]

TIMEOUT_SECONDS = 15
JsonObject = dict[str, Any]


class Refusal(Exception):
    """Discord answered, and said no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class DiscordReader:
    """GET requests, each made once; an async context manager.

    Attributes:
        user_id: the bot's own user, once :meth:`log_in` has succeeded.
        told_time: the time by Discord's clock at its last answer, to the second.
    """

    def __init__(self, api_url: str, token: str) -> None:
        self._api_url = api_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            headers={
                "Authorization": f"Bot {token}",
                "User-Agent": "DiscordBot (ladderkeeper, 1)",
            },
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
        )
        self._seen: dict[str, Any] = {}
        self.user_id = ""
        self.told_time: datetime | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def get(self, path: str) -> Any:
        """What Discord says at a path such as ``/users/@me``.

        Raises:
            Refusal: when it is not to be had.
            aiohttp.ClientError: when Discord cannot be reached; TimeoutError when it is silent.
        """
        if path not in self._seen:
            async with self._session.get(self._api_url + path) as response:
                if (date := response.headers.get("Date")) is not None:
                    self.told_time = parsedate_to_datetime(date)
                try:
                    body: Any = await response.json(content_type=None)
                except ValueError:
                    body = {}
                if response.status >= 400:
                    said = cast("JsonObject", body) if isinstance(body, dict) else {}
                    raise Refusal(response.status, str(said.get("message", response.reason)))
                self._seen[path] = body
        return self._seen[path]

    async def log_in(self) -> JsonObject:
        """The bot's own user; see :meth:`get`."""
        me: JsonObject = await self.get("/users/@me")
        self.user_id = str(me["id"])
        return me

    async def permissions(self, channel: JsonObject) -> Permissions:
        """What the bot may do in a channel of a guild; see :meth:`get`."""
        guild: JsonObject = await self.get(f"/guilds/{channel['guild_id']}")
        member: JsonObject = await self.get(f"/guilds/{guild['id']}/members/{self.user_id}")
        return _combined(guild, member, channel, self.user_id)

    async def top_role(self, guild_id: int) -> JsonObject:
        """The bot's highest role in a guild; see :meth:`get`."""
        guild: JsonObject = await self.get(f"/guilds/{guild_id}")
        member: JsonObject = await self.get(f"/guilds/{guild_id}/members/{self.user_id}")
        held = [r for r in guild["roles"] if r["id"] in member["roles"] or r["id"] == guild["id"]]
        return max(held, key=lambda role: (role["position"], -int(role["id"])))


def _combined(
    guild: JsonObject, member: JsonObject, channel: JsonObject, user_id: str
) -> Permissions:
    """As Discord combines roles and overwrites: @everyone's, the roles' together, the member's."""
    everyone = str(guild["id"])
    held = {everyone, *member["roles"]}
    bits = 0
    for role in guild["roles"]:
        if role["id"] in held:
            bits |= int(role["permissions"])
    if guild.get("owner_id") == user_id or Permissions(bits).administrator:
        return Permissions.all()
    overwrites: dict[str, JsonObject] = {o["id"]: o for o in channel["permission_overwrites"]}
    bits = _overwritten(bits, [overwrites[everyone]] if everyone in overwrites else [])
    bits = _overwritten(bits, [overwrites[r] for r in member["roles"] if r in overwrites])
    bits = _overwritten(bits, [overwrites[user_id]] if user_id in overwrites else [])
    return Permissions(bits)


def _overwritten(bits: int, overwrites: Iterable[JsonObject]) -> int:
    allowed = denied = 0
    for overwrite in overwrites:
        allowed |= int(overwrite["allow"])
        denied |= int(overwrite["deny"])
    return bits & ~denied | allowed
