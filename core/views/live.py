"""Short and adopted views: the ones whose state is in this process's memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import disnake

from core.models import ViewRecord

__all__ = ["LiveView", "LiveViews"]

Route = tuple[int, int | None, str]
"""(component type, message id, custom_id), as disnake keys its own store."""


class LiveView:
    """A ``disnake.ui.View`` that can be pressed, and its record."""

    def __init__(self, view: disnake.ui.View, record: ViewRecord) -> None:
        self.view = view
        self.record = record
        self.routes: set[Route] = set()
        self.saved = asyncio.Event()
        """Set once the record is a row. Stock views are sent before anybody can write one."""


class LiveViews:
    """The live views of this process by record, by view and by what is pressed. All O(1)."""

    def __init__(self) -> None:
        self._by_record: dict[int, LiveView] = {}
        self._by_view: dict[str, LiveView] = {}
        self._by_route: dict[Route, tuple[LiveView, disnake.ui.Item[Any]]] = {}
        self.by_message: dict[int, LiveView] = {}

    def __iter__(self) -> Iterator[LiveView]:
        return iter(list(self._by_view.values()))

    def __len__(self) -> int:
        return len(self._by_view)

    def add(self, live: LiveView) -> None:
        """Know a view from now on."""
        self._by_view[live.view.id] = live

    def recorded(self, live: LiveView) -> None:
        """Know the view by its record too, once that is a row."""
        self._by_record[live.record.id] = live
        live.saved.set()

    def of(self, view: disnake.ui.View) -> LiveView | None:
        """What is known of a view."""
        return self._by_view.get(view.id)

    def with_record(self, record_id: int) -> LiveView | None:
        """The live view of that record, when it is one of this process."""
        return self._by_record.get(record_id)

    def route(self, live: LiveView, message_id: int | None) -> None:
        """Let presses on the components of `live` reach it."""
        self._unroute(live)
        for item in live.view.children:
            if item.is_dispatchable():
                key = (item.type.value, message_id, str(item.custom_id))  # type: ignore[attr-defined]
                live.routes.add(key)
                self._by_route[key] = (live, item)
        if message_id is not None:
            self.by_message[message_id] = live

    def pressed(
        self, component_type: int, message_id: int | None, custom_id: str
    ) -> tuple[LiveView, disnake.ui.Item[Any]] | None:
        """The view and the item behind a press, or None."""
        return self._by_route.get((component_type, message_id, custom_id)) or self._by_route.get(
            (component_type, None, custom_id)
        )

    def remove(self, live: LiveView) -> None:
        """Forget the view and all that leads to it."""
        self._unroute(live)
        self._by_view.pop(live.view.id, None)
        self._by_record.pop(live.record.id, None)

    def _unroute(self, live: LiveView) -> None:
        for key in live.routes:
            found = self._by_route.get(key)
            if found is not None and found[0] is live:
                del self._by_route[key]
            message_id = key[1]
            if message_id is not None and self.by_message.get(message_id) is live:
                del self.by_message[message_id]
        live.routes.clear()
