"""Short and adopted views: the ones whose state is in this process's memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import disnake

from core.models import ViewKind

__all__ = ["LiveView", "LiveViews"]

Route = tuple[int, int | None, str]
"""(component type, where, custom_id). Where: the message's id; the id of the interaction it answers
while its own is not known; None for a view added without a message."""


class LiveView:
    """A ``disnake.ui.View`` that can be pressed, and what a press must know of its record.

    Attributes:
        record_id: 0 until the record is a row; see :meth:`recorded`.
        user_id: whom it belongs to; None lets everybody press.
    """

    __slots__ = (
        "idle_seconds",
        "kind",
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
        self.by_message: dict[int, LiveView] = {}
        self.by_interaction: dict[int, LiveView] = {}

    def __iter__(self) -> Iterator[LiveView]:
        return iter(list(self._by_view.values()))

    def __len__(self) -> int:
        return len(self._by_view)

    def add(self, live: LiveView) -> None:
        """Know a view from now on."""
        self._by_view[live.view.id] = live
        if live.record_id:
            self._by_record[live.record_id] = live

    def of(self, view: disnake.ui.View) -> LiveView | None:
        """What is known of a view."""
        return self._by_view.get(view.id)

    def with_record(self, record_id: int) -> LiveView | None:
        """The live view of that record, when it is one of this process."""
        return self._by_record.get(record_id)

    def route(self, live: LiveView, where: int | None, *, message: bool) -> LiveView | None:
        """Let presses on the components of `live` reach it.

        Args:
            where: see ``Route``.
            message: whether `where` is a message's id.

        Returns:
            The view that was on that message before and is so no longer.
        """
        self._unroute(live)
        routes: list[Route] = []
        for item in live.view.children:
            if item.is_dispatchable():
                key = (item.type.value, where, str(item.custom_id))  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
                routes.append(key)
                self._by_route[key] = (live, item)
        live.routes = tuple(routes)
        if where is None:
            return None
        if not message:
            self.by_interaction[where] = live
            return None
        before = self.by_message.get(where)
        self.by_message[where] = live
        return before if before is not live else None

    def locate(self, interaction_id: int, message_id: int) -> None:
        """Know by its message what was known by the interaction it answers."""
        live = self.by_interaction.get(interaction_id)
        if live is not None:
            self.route(live, message_id, message=True)

    def pressed(
        self, component_type: int, places: tuple[int | None, ...], custom_id: str
    ) -> tuple[LiveView, disnake.ui.Item[Any]] | None:
        """The view and the item behind a press at the first of `places` where there is one."""
        for where in places:
            found = self._by_route.get((component_type, where, custom_id))
            if found is not None:
                return found
        return None

    def remove(self, live: LiveView) -> None:
        """Forget the view and all that leads to it."""
        self._unroute(live)
        self._by_view.pop(live.view.id, None)
        self._by_record.pop(live.record_id, None)

    def _unroute(self, live: LiveView) -> None:
        for key in live.routes:
            found = self._by_route.get(key)
            if found is not None and found[0] is live:
                del self._by_route[key]
            where = key[1]
            for known in (self.by_message, self.by_interaction):
                if where is not None and known.get(where) is live:
                    del known[where]
        live.routes = ()
