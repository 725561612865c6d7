"""What is sent through an interaction's token: which message it became, and what can edit it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast
from weakref import WeakValueDictionary

import aiohttp
from disnake.http import Route
from disnake.webhook.async_ import async_context

from core.answering import LateAnswers
from core.context import ShownMessage, just_shown
from core.showing import Showing

__all__ = ["note_answers"]

WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = WEBHOOK + "/messages/@original"
CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"

EPHEMERAL = 64

NEW_MESSAGE, UPDATE = 4, 7
"""Types of the answer to an interaction that show a message: its own, or the one pressed."""


def note_answers(
    edited: Callable[[dict[str, Any]], None],
    showing: Showing,
    answered: Callable[[int], None],
) -> None:
    """Have tasks that are started from here on note the messages they show.

    Args:
        edited: told of each message that was edited, as Discord describes it.
        showing: told of each request while it is under way.
        answered: told of each interaction, by its id, when it has been acknowledged.
    """
    async_context.set(_NotingAdapter(edited, showing, answered))


class _NotingAdapter(LateAnswers):
    """Disnake's own, which asks Discord in the same request what became of an answer.

    Disnake shows a view as an answer without learning the message's id. It also keeps a lock for
    each interaction for ever; here it goes with the last request that holds it.
    """

    def __init__(
        self,
        edited: Callable[[dict[str, Any]], None],
        showing: Showing,
        answered: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._answered = answered
        self._showing = showing
        self._edited = edited
        self._locks = cast("dict[Any, asyncio.Lock]", WeakValueDictionary[Any, asyncio.Lock]())

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        callback = route.path == CALLBACK and _is(options, NEW_MESSAGE, UPDATE)
        if callback:
            options["params"] = {"with_response": "true"}
        with self._showing.one():
            answer = await super().request(route, session, **options)
        if route.path == CALLBACK and route.webhook_id is not None:
            self._answered(int(route.webhook_id))
        message = answer
        if callback and answer:
            message = answer.get("resource", {}).get("message")
        if message and route.method in ("POST", "PATCH") and "channel_id" in message:
            _note(route, message)
            if route.method == "PATCH" or (callback and _is(options, UPDATE)):
                self._edited(message)
        return answer


def _is(options: dict[str, Any], *types: int) -> bool:
    """Whether an answer is, or may be, of one of those types."""
    payload: dict[str, Any] | None = options.get("payload")
    return payload is None or payload["type"] in types  # with files it is a form


def _note(route: Route, message: dict[str, Any]) -> None:
    just_shown.set(
        ShownMessage(
            message_id=int(message["id"]),
            channel_id=int(message["channel_id"]),
            ephemeral=bool(message.get("flags", 0) & EPHEMERAL),
            token=route.webhook_token,
            token_message="@original" if route.path in (CALLBACK, ORIGINAL) else message["id"],
        )
    )
