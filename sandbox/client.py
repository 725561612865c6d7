"""Steering a running sandbox, from the same process or another one."""

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from sandbox.breaking import Breaking
from sandbox.connection import (
    Ambiguous,
    Connection,
    InvalidInput,
    NoModal,
    NotEnabled,
    NotSeen,
    NotVisible,
    SandboxError,
    Unknown,
    UnknownCommand,
)
from sandbox.persona import Exchange, Persona
from sandbox.results import Bot, Channel, Guild, Message, Role
from sandbox.wire import JsonObject

__all__ = [
    "Ambiguous",
    "Exchange",
    "InvalidInput",
    "NoModal",
    "NotEnabled",
    "NotSeen",
    "NotVisible",
    "Persona",
    "SandboxClient",
    "SandboxError",
    "Unknown",
    "UnknownCommand",
]

Bits = int | Sequence[str]
"""Permissions: their bits, or names like ``"MANAGE_THREADS"``."""


class SandboxClient(Breaking):
    """Talks to the control endpoints of a sandbox; an async context manager.

    Every method raises ``SandboxError`` when the sandbox refuses.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        super().__init__(Connection(self.url))

    @property
    def api_url(self) -> str:
        """What a Discord library takes for ``https://discord.com/api/v10``."""
        return self.url + "/api/v10"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._connection.close()

    async def add_bot(
        self,
        name: str,
        *,
        permissions: Bits | None = None,
        privileged_intents: Iterable[str] = (),
    ) -> Bot:
        """A bot that joins every guild, present and future.

        ``permissions`` are those of its role; by default what a bot with threads and messages
        needs. ``privileged_intents``: of "members", "presences", "message_content".
        """
        body: JsonObject = {"name": name, "privileged_intents": list(privileged_intents)}
        if permissions is not None:
            body["permissions"] = _bits(permissions)
        made = await self._connection.call("POST", "/bots", body)
        return Bot(made["token"], made["application_id"], made["user_id"])

    async def add_guild(self, name: str, locale: str = "en-US") -> Guild:
        """A guild with one text channel, "general"."""
        made = await self._connection.call("POST", "/guilds", {"name": name, "locale": locale})
        return Guild(made["id"], made["name"], made["general"], made["everyone"])

    async def change_guild(
        self, guild_id: str, *, name: str | None = None, locale: str | None = None
    ) -> None:
        body = {key: value for key, value in (("name", name), ("locale", locale)) if value}
        await self._connection.call("PATCH", f"/guilds/{guild_id}", body)

    async def add_channel(
        self,
        guild_id: str,
        name: str,
        *,
        overwrites: Iterable[Mapping[str, Any]] = (),
        type: int = 0,  # noqa: A002 - Discord's name for it
        parent_id: str | None = None,
    ) -> Channel:
        """``overwrites``: ``{"id": role or user id, "allow": bits, "deny": bits}`` each."""
        body: JsonObject = {
            "name": name,
            "type": type,
            "parent_id": parent_id,
            "overwrites": [dict(overwrite) for overwrite in overwrites],
        }
        return Channel(**await self._connection.call("POST", f"/guilds/{guild_id}/channels", body))

    async def add_role(self, guild_id: str, name: str, permissions: Bits = 0) -> Role:
        """A role below those of the bots, so that they can give it."""
        body = {"name": name, "permissions": _bits(permissions)}
        return Role(**await self._connection.call("POST", f"/guilds/{guild_id}/roles", body))

    async def persona(
        self,
        name: str,
        *,
        guilds: Iterable[str] | None = None,
        locale: str = "en-US",
        refuses_dms: bool = False,
        refusal: int = 50007,
        roles: Iterable[str] = (),
    ) -> Persona:
        """A person, who joins all guilds there are, or those named by id.

        ``refusal`` is what a bot gets when they refuse direct messages: 50007 or 50278 at the
        send, 40003 at the opening. ``roles``: ids or names.
        """
        made = await self._connection.call(
            "POST",
            "/personas",
            {
                "name": name,
                "guilds": None if guilds is None else list(guilds),
                "locale": locale,
                "refuses_dms": refuses_dms,
                "refusal": refusal,
                "roles": list(roles),
            },
        )
        return Persona(self._connection, made["id"], name, made["channel"])

    async def find_persona(self, name: str) -> Persona:
        """Somebody who is there already, such as Alice of ``ladderkeeper sandbox``.

        Raises:
            LookupError: when nobody is called so, or several are.
        """
        people = [one for one in (await self.state())["personas"] if one["name"] == name]
        if len(people) != 1:
            raise LookupError(f"{len(people)} people are called {name}")
        (one,) = people
        return Persona(self._connection, one["id"], name, one["channel"])

    async def join(
        self, guild_id: str, user_id: str, *, roles: Iterable[str] | None = None
    ) -> None:
        """A persona or bot joins a guild, or holds other roles in it from now on."""
        body = {} if roles is None else {"roles": list(roles)}
        await self._connection.call("PUT", f"/guilds/{guild_id}/members/{user_id}", body)

    async def kick(self, guild_id: str, user_id: str) -> None:
        await self._connection.call("DELETE", f"/guilds/{guild_id}/members/{user_id}")

    async def set_overwrites(
        self, channel_id: str, overwrites: Iterable[Mapping[str, Any]]
    ) -> None:
        """Replace a channel's overwrites."""
        body = {"overwrites": [dict(overwrite) for overwrite in overwrites]}
        await self._connection.call("PATCH", f"/channels/{channel_id}", body)

    async def archive_thread(
        self, thread_id: str, *, archived: bool = True, locked: bool | None = None
    ) -> None:
        """Archive or wake a thread, as a moderator would."""
        body: JsonObject = {"archived": archived}
        if locked is not None:
            body["locked"] = locked
        await self._connection.call("PATCH", f"/channels/{thread_id}", body)

    async def delete_message(self, channel_id: str, message_id: str) -> None:
        await self._connection.call("DELETE", f"/channels/{channel_id}/messages/{message_id}")

    async def delete_channel(self, channel_id: str) -> None:
        """A channel or thread."""
        await self._connection.call("DELETE", f"/channels/{channel_id}")

    async def delete_guild(self, guild_id: str) -> None:
        await self._connection.call("DELETE", f"/guilds/{guild_id}")

    async def advance(self, seconds: float) -> None:
        """Move the sandbox's time forward; what becomes due happens at once."""
        await self._connection.call("POST", "/clock", {"advance": seconds})

    async def requests(
        self, *, method: str | None = None, path: str = "", limit: int = 200
    ) -> list[JsonObject]:
        """The last REST requests, newest last.

        Keys of each: at, method, path, route, status, seconds, bot, request, response.
        """
        query = {"path": path, "limit": str(limit)} | ({"method": method} if method else {})
        return await self._connection.call("GET", "/requests", query=query)

    async def events(self, *, event: str | None = None, limit: int = 200) -> list[JsonObject]:
        """The last gateway events, newest last. Keys: at, event, application_id, shard, data."""
        query = {"limit": str(limit)} | ({"event": event} if event else {})
        return await self._connection.call("GET", "/events", query=query)

    async def state(self) -> JsonObject:
        """What there is: guilds, personas, bots with their commands and sessions, counts."""
        return await self._connection.call("GET", "/state")

    async def messages(self, persona_id: str, channel_id: str | None = None) -> list[Message]:
        """What a persona sees, newest last."""
        query = {"persona": persona_id} | ({"channel": channel_id} if channel_id else {})
        found = await self._connection.call("GET", "/messages", query=query)
        return [Message.of(raw) for raw in found]

    async def announce_counter(
        self, name: str, label: str, *, value: int = 0, least: int = 0, most: int = 100
    ) -> None:
        """A counter on the page for something outside of the sandbox; see ``counter``."""
        body: JsonObject = {"name": name, "label": label, "value": value}
        await self._connection.call("POST", "/counters", body | {"least": least, "most": most})

    async def set_counter(self, name: str, value: int) -> None:
        """As somebody at the page would, within its bounds."""
        await self._connection.call("PATCH", f"/counters/{name}", {"value": value})

    async def counter(self, name: str, *, unlike: int | None = None, timeout: float = 60.0) -> int:
        """The value of a counter, once it is another than ``unlike`` or the time (s) is over."""
        query = {"timeout": str(timeout)} | ({} if unlike is None else {"unlike": str(unlike)})
        path = f"/counters/{name}"
        found = await self._connection.call("GET", path, query=query, timeout=timeout)
        return int(found["value"])


def _bits(given: Bits) -> int | list[str]:
    return given if isinstance(given, int) else list(given)
