"""Every private name of disnake that Ladderkeeper uses, in one place, and checked at start.

Disnake is pinned to the version they were read in; see docs/architecture.md for why each is needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import cast

import aiohttp
import disnake
from aiohttp.connector import Connection
from disnake.http import HTTPClient
from disnake.state import ConnectionState
from disnake.ui.modal import ModalStore
from disnake.ui.view import ViewStore
from disnake.webhook.async_ import AsyncWebhookAdapter

from core.errors import LadderkeeperError

__all__ = [
    "call_on_stop",
    "cancel_ready",
    "check",
    "count_responses",
    "end_wait",
    "forget_thread",
    "replace_stores",
    "revive",
    "sever",
    "state_of",
]

WRITTEN_FOR = "2.12.2"

_NAMES: dict[type, tuple[str, ...]] = {
    disnake.Client: ("_schedule_event", "_run_event"),
    disnake.Guild: ("_remove_thread",),
    disnake.ui.Modal: ("_stop_listening", "_start_listening"),
    ModalStore: ("add_modal", "remove_modal", "dispatch"),
    disnake.ui.View: ("_start_listening_from_store", "_dispatch_item", "_scheduled_task"),
    ViewStore: (
        "add_view",
        "remove_view",
        "dispatch",
        "is_message_tracked",
        "remove_message_tracking",
        "update_from_message",
        "persistent_views",
    ),
    AsyncWebhookAdapter: (
        "request",
        "create_interaction_response",
        "execute_webhook",
        "get_webhook_message",
        "edit_webhook_message",
        "delete_webhook_message",
        "get_original_interaction_response",
        "edit_original_interaction_response",
        "delete_original_interaction_response",
    ),
}

_ASSIGNED: dict[tuple[type, str], tuple[str, ...]] = {
    (disnake.Client, "__init__"): ("_connection", "_listeners"),
    (HTTPClient, "static_login"): ("_HTTPClient__session",),
    (ConnectionState, "clear"): ("_view_store", "_modal_store"),
    (ModalStore, "__init__"): ("_modals",),
    (ViewStore, "__init__"): ("_state", "_synced_message_views"),
    (disnake.ui.Item, "__init__"): ("_view",),
    (disnake.ui.View, "__init__"): ("_View__cancel_callback", "_View__stopped"),
    (AsyncWebhookAdapter, "__init__"): ("_locks",),
}
"""Attributes by the method that makes them."""


def check() -> None:
    """See that disnake still has the names.

    Raises:
        LadderkeeperError: naming what is missing, and the version it was written for.
    """
    missing = [
        f"{owner.__name__}.{name}"
        for owner, names in _NAMES.items()
        for name in names
        if not hasattr(owner, name)
    ]
    missing += [
        f"{owner.__name__}.{name}"
        for (owner, method), names in _ASSIGNED.items()
        for name in names
        if name not in getattr(owner, method).__code__.co_names
    ]
    if missing:
        raise LadderkeeperError(
            f"disnake {disnake.__version__} lacks {', '.join(missing)}: Ladderkeeper was written"
            f" for disnake {WRITTEN_FOR}. Install that version."
        )


def state_of(client: disnake.Client) -> ConnectionState:
    """The connection state, which holds the view store."""
    return client._connection  # pyright: ignore[reportPrivateUsage]


def cancel_ready(client: disnake.Client) -> None:
    """End the wait for the guilds after READY, which ``close()`` leaves running."""
    task = cast("asyncio.Task[None] | None", vars(state_of(client)).get("_ready_task"))
    if task is not None:
        task.cancel()


def count_responses(client: disnake.Client, told: Callable[[int], None]) -> None:
    """Have `told` called with the status of each response from Discord: disnake keeps to itself
    those after which it tries again. aiohttp's own tracing would take twenty times as long."""

    class Counted(aiohttp.ClientResponse):
        async def start(self, connection: Connection) -> aiohttp.ClientResponse:
            response = await super().start(connection)
            told(self.status)
            return response

    session = cast("aiohttp.ClientSession", vars(client.http)["_HTTPClient__session"])
    session._response_class = Counted  # pyright: ignore[reportPrivateUsage]


def forget_thread(thread: disnake.Thread) -> None:
    """Have its guild keep a sleeping thread no longer: disnake would for ever, one for each match
    there ever was. Discord tells of it anew when it wakes."""
    thread.guild._remove_thread(thread)  # pyright: ignore[reportPrivateUsage]


def replace_stores(state: ConnectionState, views: ViewStore, modals: ModalStore) -> None:
    """Have every view and modal that is sent, used or edited go through these."""
    state._view_store = views  # pyright: ignore[reportPrivateUsage]
    state._modal_store = modals  # pyright: ignore[reportPrivateUsage]


def call_on_stop(view: disnake.ui.View, stopped: Callable[[disnake.ui.View], None]) -> None:
    """Have ``view.stop()`` call `stopped`, and start no timer of disnake's."""
    setattr(view, "_View__cancel_callback", partial(stopped))  # noqa: B010


def end_wait(view: disnake.ui.View) -> None:
    """Have the view be finished, as ``stop()`` does, and tell nobody but who waits for it."""
    stopped = cast("asyncio.Future[bool]", vars(view)["_View__stopped"])
    if not stopped.done():
        stopped.set_result(False)


def revive(view: disnake.ui.View) -> None:
    """Have a finished view be one that can be shown."""
    setattr(view, "_View__stopped", asyncio.get_running_loop().create_future())  # noqa: B010


def sever(view: disnake.ui.View) -> None:
    """Break the cycles between a view and its items, so that it goes without a collection."""
    for item in view.children:
        vars(item)["_view"] = None
        vars(item).pop("callback", None)
    view.clear_items()
