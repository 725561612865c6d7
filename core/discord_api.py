"""The few requests the core makes by itself, counted and limited; disnake makes them.

Inside a transaction none is made. Interaction endpoints are exempt from Discord's global limit,
so what can be done with an interaction token is done with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import disnake
from disnake.http import Route

from core.answer_times import AnswerTimes
from core.context import ShownMessage, just_shown
from core.db import forbid_in_transaction
from core.disnake_private import count_responses
from core.figures import Count
from core.limits import RequestLimiter
from core.showing import Showing
from core.webhooks import note_answers

__all__ = ["DiscordApi", "Gone", "Unreachable"]

PRIVATE_THREAD = 12
MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
SHOWING = {("POST", MESSAGES), ("PATCH", MESSAGE)}

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK = 10003, 10008, 10015
MISSING_ACCESS = 50001
INVALID_TOKEN, ARCHIVED = 50027, 50083


class Gone(Exception):
    """What was to be changed is not there any more, or not visible to the bot."""


class Unreachable(Exception):
    """The interaction token has expired: it can change nothing any more."""


class _TokenRoute(Route):
    """A route of one interaction. disnake would queue all of them behind one lock."""

    @property
    def bucket(self) -> str:
        return f"{self.webhook_id}:{self.webhook_token}:{self.path}"


class DiscordApi:
    """Requests beyond those that disnake's own objects make."""

    def __init__(self, client: disnake.Client, limiter: RequestLimiter) -> None:
        self._client = client
        self._http = http = client.http
        self._limiter = limiter
        self.showing = Showing()
        self.requests = Count()
        """Requests that count towards Discord's global limit, by method and path."""
        self.responses = Count()
        """Discord's responses by status, those that disnake tries again too."""
        self.answer_times = AnswerTimes()
        unlimited = http.request

        async def limited(route: Route, **kwargs: Any) -> Any:
            forbid_in_transaction(f"a request ({route.method} {route.path})")
            if route.webhook_token is None:
                self.requests.add(route.method, route.path)
                await limiter.acquire()
            with self.showing.one() if route.method in ("POST", "PATCH") else nullcontext():
                answer = await unlimited(route, **kwargs)
            if (route.method, route.path) in SHOWING:
                just_shown.set(ShownMessage(int(answer["id"]), int(answer["channel_id"])))
                if route.method == "PATCH":
                    self._edited(answer)
            return answer

        # An instance attribute: every method of disnake's client goes through it.
        http.request = limited  # type: ignore[method-assign]
        note_answers(self._edited, self.showing, self.answer_times.answered)
        self.on_edit: Callable[[int, list[Any]], None] | None = None
        """Told of each edited message, and the components it shows now."""

    @property
    def application_id(self) -> int:
        """The application's id, once it is connected."""
        return self._client.application_id

    @property
    def requests_counted(self) -> int:
        """Requests made so far that count towards Discord's global limit."""
        return self._limiter.counted

    @property
    def requests_waiting(self) -> int:
        """Requests that wait for their turn within the limit."""
        return self._limiter.waiting

    def count_responses(self) -> None:
        """Count Discord's responses from now on. Once, after the login."""
        count_responses(self._client, lambda status: self.responses.add(str(status)))

    def _edited(self, message: dict[str, Any]) -> None:
        if self.on_edit is not None:
            self.on_edit(int(message["id"]), message.get("components", []))

    async def send_message(
        self, channel_id: int, payload: dict[str, Any], *, nonce: str
    ) -> dict[str, Any]:
        """Send a message. Sent again with the same `nonce` within minutes, Discord returns the
        first one.

        Raises:
            Gone: when the channel is.
            disnake.HTTPException: whatever else Discord says.
        """
        route = Route("POST", MESSAGES, channel_id=channel_id)
        body = payload | {"nonce": nonce, "enforce_nonce": True}
        return await self._request(route, json=body)

    async def edit_message(self, channel_id: int, message_id: int, payload: dict[str, Any]) -> None:
        """Edit a message of the bot's own; a thread that sleeps is woken for it.

        Raises:
            Gone: when the message or its channel is, or the bot may not see it.
        """
        route = Route("PATCH", MESSAGE, channel_id=channel_id, message_id=message_id)
        try:
            await self._request(route, json=payload)
        except disnake.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await self.edit_thread(channel_id, archived=False)
            await self._request(route, json=payload)
            await self.edit_thread(channel_id, archived=True)

    async def edit_by_token(self, token: str, message: str, payload: dict[str, Any]) -> None:
        """Edit the message of an interaction, exempt from the global limit.

        Args:
            message: ``@original`` or a follow-up's id.

        Raises:
            Unreachable: when the token has expired.
            Gone: when the message is.
        """
        await self._by_token("PATCH", token, message, json=payload)

    async def _by_token(self, method: str, token: str, message: str, **kwargs: Any) -> None:
        route = _TokenRoute(
            method,
            "/webhooks/{webhook_id}/{webhook_token}/messages/" + message,
            webhook_id=self.application_id,
            webhook_token=token,
        )
        try:
            await self._request(route, **kwargs)
        except disnake.HTTPException as error:
            if error.status == 401 or error.code in (INVALID_TOKEN, UNKNOWN_WEBHOOK):
                raise Unreachable("the interaction token has expired") from None
            raise

    async def delete_message(self, channel_id: int, message_id: int) -> None:
        """Delete a message of the bot's own.

        Raises:
            Gone: when it, or its channel, is.
        """
        route = Route("DELETE", MESSAGE, channel_id=channel_id, message_id=message_id)
        await self._request(route)

    async def delete_by_token(self, token: str, message: str) -> None:
        """Delete the message of an interaction; see :meth:`edit_by_token`."""
        await self._by_token("DELETE", token, message)

    async def open_dm(self, user_id: int) -> int:
        """The id of the channel of direct messages with a user; opened, if need be.

        Raises:
            disnake.HTTPException: code 40003 when the bot opens too many.
        """
        route = Route("POST", "/users/@me/channels")
        return int((await self._request(route, json={"recipient_id": str(user_id)}))["id"])

    async def add_to_thread(self, thread_id: int, user_id: int) -> None:
        """Bring a user into a thread.

        Raises:
            Gone: when the thread is, or the user may not see the channel above it.
        """
        route = Route(
            "PUT",
            "/channels/{channel_id}/thread-members/{user_id}",
            channel_id=thread_id,
            user_id=user_id,
        )
        await self._request(route)

    async def recent_messages(self, channel_id: int) -> list[dict[str, Any]]:
        """The newest fifty messages of a channel."""
        route = Route("GET", MESSAGES, channel_id=channel_id)
        return await self._request(route, params={"limit": 50})

    async def create_private_thread(
        self, channel_id: int, name: str, *, auto_archive_minutes: int = 1440
    ) -> int:
        """Make a private thread and return its id. It has no nonce: look for it by name before
        making it again."""
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=channel_id)
        body = {
            "name": name,
            "type": PRIVATE_THREAD,
            "auto_archive_duration": auto_archive_minutes,
            "invitable": False,
        }
        return int((await self._request(route, json=body))["id"])

    async def active_thread(self, guild_id: int, channel_id: int, name: str) -> int | None:
        """The id of the bot's own active thread of that name under that channel, or None."""
        route = Route("GET", "/guilds/{guild_id}/threads/active", guild_id=guild_id)
        for thread in (await self._request(route))["threads"]:
            ours = int(thread["owner_id"]) == self._client.user.id
            if ours and thread["name"] == name and int(thread["parent_id"]) == channel_id:
                return int(thread["id"])
        return None

    async def edit_thread(self, thread_id: int, *, archived: bool) -> None:
        """Put a thread to sleep, or wake it.

        Raises:
            Gone: when it is not there any more.
        """
        route = Route("PATCH", "/channels/{channel_id}", channel_id=thread_id)
        await self._request(route, json={"archived": archived})

    async def _request(self, route: Route, **kwargs: Any) -> Any:
        try:
            return await self._http.request(route, **kwargs)
        except disnake.HTTPException as error:
            if error.code in (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, MISSING_ACCESS):
                raise Gone(str(error)) from None
            raise
