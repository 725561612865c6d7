"""Short and adopted views: the ones whose state is in this process's memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import disnake

from core.models import ViewKind

__all__ = ["LiveView", "LiveViews"]

Route = tuple[int, int | None, str]
"""(component type, message id, custom_id). No message for a view added without one: a press
reaches it from any message that has no view of its own."""


MOST_ENDED = 10_000
"""Routes that are remembered after their end, about 2 MB."""


class LiveView:
    """A ``disnake.ui.View`` on one message, and what a press on it must know of its record.

    Attributes:
        also: the other live views of the same view, known to the first of them: cogs send one
            view on many messages.
        message_id: None until it is on a message.
        record_id: 0 until the record is a row; see :meth:`recorded`.
        user_id: whom it belongs to; None lets everybody press.
    """

    __slots__ = (
        "also",
        "idle_seconds",
        "kind",
        "message_id",
        "name",
        "plugin",
        "record_id",
        "routes",
        "saving",
        "scope",
        "user_id",
        "view",
    )

    def __init__(
        self,
        view: disnake.ui.View,
        *,
        kind: ViewKind,
        plugin: str,
        name: str,
        scope: str | None = None,
        user_id: int | None = None,
        idle_seconds: float | None = None,
        record_id: int = 0,
    ) -> None:
        self.view = view
        self.kind = kind
        self.plugin = plugin
        self.name = name
        self.scope = scope
        self.user_id = user_id
        self.idle_seconds = idle_seconds
        self.record_id = record_id
        self.also: tuple[LiveView, ...] = ()
        self.message_id: int | None = None
        self.routes: tuple[Route, ...] = ()
        self.saving: asyncio.Task[None] | None = None
        """Writes the record of a stock view: that is sent before anybody can write one."""

    async def recorded(self) -> int:
        """The record's id, once it is a row."""
        if self.saving is not None:
            await asyncio.wait([self.saving])
        return self.record_id


class LiveViews:
    """The live views of this process by record, by view and by what is pressed. All O(1)."""

    def __init__(self) -> None:
        self._by_record: dict[int, LiveView] = {}
        self._by_view: dict[str, LiveView] = {}
        self._by_route: dict[Route, tuple[LiveView, disnake.ui.Item[Any]]] = {}
        self._ended: dict[Route, None] = {}
        """Routes from any message that lead nowhere any more: nobody can know their messages."""
        self.by_message: dict[int, LiveView] = {}

    def __iter__(self) -> Iterator[LiveView]:
        return iter([live for first in self._by_view.values() for live in (first, *first.also)])

    def add(self, live: LiveView) -> None:
        """Know a view from now on."""
        first = self._by_view.setdefault(live.view.id, live)
        if first is not live and live not in first.also:
            first.also += (live,)
        if live.record_id:
            self._by_record[live.record_id] = live

    def of(self, view: disnake.ui.View) -> tuple[LiveView, ...]:
        """What is known of a view, on each of its messages."""
        first = self._by_view.get(view.id)
        return () if first is None else (first, *first.also)

    def on(self, view: disnake.ui.View, message_id: int | None) -> LiveView | None:
        """What is known of a view on that message, unless it is on its way out."""
        if message_id is None:
            return next((live for live in self.of(view) if live.message_id is None), None)
        live = self.by_message.get(message_id)
        return live if live is not None and live.view is view else None

    def is_shown(self, view: disnake.ui.View) -> bool:
        """Whether a view is on some message, or heard from any, and not on its way out."""
        return any(self.on(view, live.message_id) is live for live in self.of(view))

    def is_heard_everywhere(self, view: disnake.ui.View) -> bool:
        """Whether presses on such components reach a view from any message."""
        return all(route in self._by_route for route, _ in _routes(view, None))

    def with_record(self, record_id: int) -> LiveView | None:
        """The live view of that record, when it is one of this process."""
        return self._by_record.get(record_id)

    def route(self, live: LiveView, message_id: int | None) -> LiveView | None:
        """Let presses on the components of `live` reach it.

        Returns:
            The view that was on that message before and is so no longer.
        """
        self._unroute(live)
        live.message_id = message_id
        routes = _routes(live.view, message_id)
        for route, item in routes:
            self._by_route[route] = (live, item)
        live.routes = tuple(route for route, _ in routes)
        if message_id is None:
            for route in live.routes:
                self._ended.pop(route, None)
            return None
        before = self.by_message.get(message_id)
        self.by_message[message_id] = live
        return before if before is not live else None

    def pressed(
        self, component_type: int, message_id: int, custom_id: str
    ) -> tuple[LiveView, disnake.ui.Item[Any]] | None:
        """The view and the item behind a press."""
        found = self._by_route.get((component_type, message_id, custom_id))
        return found or self._by_route.get((component_type, None, custom_id))

    def has_ended(self, component_type: int, custom_id: str) -> bool:
        """Whether such a component's press reached a view from any message, and does no more."""
        return (component_type, None, custom_id) in self._ended

    def remove(self, live: LiveView) -> None:
        """Forget the view and all that leads to it."""
        self._unroute(live)
        self._by_record.pop(live.record_id, None)
        left = tuple(other for other in self.of(live.view) if other is not live)
        if left:
            self._by_view[live.view.id] = left[0]
            left[0].also, live.also = left[1:], ()
        else:
            self._by_view.pop(live.view.id, None)

    def _unroute(self, live: LiveView) -> None:
        for key in live.routes:
            found = self._by_route.get(key)
            if found is not None and found[0] is live:
                del self._by_route[key]
                if live.message_id is None:
                    self._ended[key] = None
        while len(self._ended) > MOST_ENDED:
            del self._ended[next(iter(self._ended))]
        if live.message_id is not None and self.by_message.get(live.message_id) is live:
            del self.by_message[live.message_id]
        live.routes = ()


def _routes(
    view: disnake.ui.View, message_id: int | None
) -> list[tuple[Route, disnake.ui.Item[Any]]]:
    return [
        ((item.type.value, message_id, str(item.custom_id)), item)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
        for item in view.children
        if item.is_dispatchable()
    ]
