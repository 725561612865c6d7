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

from core.context import current_interaction
from core.views.closing import Closer
from core.views.custom_id import CustomId
from core.views.live import LiveView, LiveViews
from core.views.reasons import CloseReason
from core.views.routing import PressRouter

if TYPE_CHECKING:
    from disnake.types.components import Component as ComponentPayload

__all__ = ["SupervisedViewStore"]


class SupervisedViewStore(ViewStore):
    """What disnake's connection state calls when a view is sent, pressed or edited.

    Args:
        adopt: makes a live view of a stock view that is seen for the first time.
    """

    def __init__(
        self,
        state: ConnectionState,
        live: LiveViews,
        router: PressRouter,
        closer: Closer,
        *,
        adopt: Callable[[disnake.ui.View, int | None], LiveView],
    ) -> None:
        super().__init__(state)
        self._live = live
        self._router = router
        self._closer = closer
        self._adopt = adopt

    @property
    def persistent_views(self) -> Sequence[disnake.ui.View]:
        return [live.view for live in self._live if live.view.is_persistent()]

    def add_view(self, view: disnake.ui.View, message_id: int | None = None) -> None:
        if view.is_finished():
            return  # stock disnake would keep it for ever
        live = self._live.of(view) or self._adopt(view, message_id)
        inter = current_interaction.get()
        where = message_id if message_id is not None or inter is None else inter.id
        replaced = self._live.route(live, where, message=message_id is not None)
        if replaced is not None:
            self._closer.dismiss(replaced.view, CloseReason.REPLACED)

    def remove_view(self, view: disnake.ui.View) -> None:
        live = self._live.of(view)
        if live is not None:
            self._live.remove(live)

    def dispatch(self, interaction: disnake.MessageInteraction[Any]) -> None:
        custom_id = interaction.data.custom_id
        durable = CustomId.parse(custom_id)
        if durable is not None:
            self._router.press_durable(interaction, durable)
            return
        message = interaction.message
        origin = message.interaction_metadata
        places = (message.id, origin.id if origin is not None else None, None)
        found = self._live.pressed(interaction.data.component_type.value, places, custom_id)
        if found is not None:
            live, item = found
            item.refresh_state(interaction)  # pyright: ignore[reportUnknownMemberType]
            self._router.press_live(live, item, interaction)

    def is_message_tracked(self, message_id: int) -> bool:
        return message_id in self._live.by_message

    def remove_message_tracking(self, message_id: int) -> disnake.ui.View | None:
        """Called when a message's view is edited away: stock disnake lets go of it here only."""
        live = self._live.by_message.pop(message_id, None)
        if live is None:
            return None
        self._closer.dismiss(live.view, CloseReason.REPLACED)
        return live.view

    def update_from_message(self, message_id: int, components: Sequence[ComponentPayload]) -> None:
        live = self._live.by_message[message_id]
        if not components:  # edited away by a call that tells the store nothing
            self._closer.dismiss(live.view, CloseReason.REPLACED)
            return
        self._synced_message_views[message_id] = live.view
        try:
            super().update_from_message(message_id, components)
        finally:
            del self._synced_message_views[message_id]
