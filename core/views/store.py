"""Takes the place of disnake's view store: one dictionary look-up a press, at any number of views.

Disnake's own walks every live component at each add and each press, and lets go of little.
Every stock view that can be pressed passes through here, so this is also where the views of
third parties' cogs are adopted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import disnake
from disnake.state import ConnectionState
from disnake.ui.view import ViewStore

from core.views.live import LiveView, LiveViews

if TYPE_CHECKING:
    from disnake.types.components import Component as ComponentPayload

__all__ = ["SupervisedViewStore"]


class SupervisedViewStore(ViewStore):
    """What disnake's connection state calls when a view is sent, pressed or edited.

    Args:
        adopt: makes a live view of a stock view that is seen for the first time.
        press: carries out a press on a live view.
        stopped: told of ``view.stop()``.
    """

    def __init__(
        self,
        state: ConnectionState,
        live: LiveViews,
        *,
        adopt: Callable[[disnake.ui.View, int | None], LiveView],
        press: Callable[[LiveView, disnake.ui.Item[Any], disnake.MessageInteraction[Any]], object],
    ) -> None:
        super().__init__(state)
        self._live = live
        self._adopt = adopt
        self._press = press

    @property
    def persistent_views(self) -> Sequence[disnake.ui.View]:
        return [live.view for live in self._live if live.view.is_persistent()]

    def add_view(self, view: disnake.ui.View, message_id: int | None = None) -> None:
        if view.is_finished():
            return  # stock disnake would keep it for ever
        live = self._live.of(view) or self._adopt(view, message_id)
        self._live.route(live, message_id)

    def remove_view(self, view: disnake.ui.View) -> None:
        live = self._live.of(view)
        if live is not None:
            self._live.remove(live)

    def dispatch(self, interaction: disnake.MessageInteraction[Any]) -> None:
        found = self._live.pressed(
            interaction.data.component_type.value,
            interaction.message.id if interaction.message else None,
            interaction.data.custom_id,
        )
        if found is not None:
            live, item = found
            item.refresh_state(interaction)  # pyright: ignore[reportUnknownMemberType]
            self._press(live, item, interaction)

    def is_message_tracked(self, message_id: int) -> bool:
        return message_id in self._live.by_message

    def remove_message_tracking(self, message_id: int) -> disnake.ui.View | None:
        live = self._live.by_message.pop(message_id, None)
        return live.view if live is not None else None

    def update_from_message(self, message_id: int, components: Sequence[ComponentPayload]) -> None:
        live = self._live.by_message[message_id]
        self._synced_message_views[message_id] = live.view
        try:
            super().update_from_message(message_id, components)
        finally:
            del self._synced_message_views[message_id]
