"""Takes the place of disnake's view store: one dictionary look-up a press, at any number of views.

Disnake's own walks every live component at each add and each press, and lets go of little.
Every stock view that can be pressed passes through here, so this is also where the views of
third parties' cogs are adopted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import disnake
from disnake.state import ConnectionState
from disnake.ui.view import ViewStore

from core.context import just_shown
from core.models import ViewKind
from core.showing import Showing
from core.views.adoption import Adoption
from core.views.closing import Closer
from core.views.custom_id import CustomId
from core.views.live import LiveView, LiveViews
from core.views.routing import PressRouter
from core.views.short import is_of_short_view

if TYPE_CHECKING:
    from disnake.types.components import Component as ComponentPayload

__all__ = ["SupervisedViewStore"]


class SupervisedViewStore(ViewStore):
    """What disnake's connection state calls when a view is sent, pressed or edited.

    Args:
        showing: which messages Discord has not told of yet.
    """

    def __init__(
        self,
        state: ConnectionState,
        live: LiveViews,
        router: PressRouter,
        closer: Closer,
        adoption: Adoption,
        showing: Showing,
    ) -> None:
        super().__init__(state)
        self._live = live
        self._router = router
        self._closer = closer
        self._adoption = adoption
        self._showing = showing

    @property
    def persistent_views(self) -> Sequence[disnake.ui.View]:
        return [live.view for live in self._live if live.view.is_persistent()]

    def add_view(self, view: disnake.ui.View, message_id: int | None = None) -> None:
        if view.is_finished():
            return  # its components are disabled; stock disnake would keep it for ever
        shown = just_shown.get()
        if message_id is None:  # an answer: disnake does not know its message, or ``add_view``
            message_id = shown.message_id if shown is not None else None
        elif shown is not None and shown.message_id != message_id:
            shown = None
        live = self._live.on(view, message_id) or self._unplaced(view)
        if live is None:
            channel = self._state.get_channel(shown.channel_id) if shown is not None else None
            live = self._adoption.adopt(view, message_id, shown, channel)
        replaced = self._live.route(live, message_id)
        if replaced is not None:
            self._closer.replaced(replaced)

    def _unplaced(self, view: disnake.ui.View) -> LiveView | None:
        """A short view that is known before it is shown."""
        live = self._live.on(view, None)
        return live if live is not None and live.kind is ViewKind.SHORT else None

    def remove_view(self, view: disnake.ui.View) -> None:
        self._closer.dismiss(view)

    def dispatch(self, interaction: disnake.MessageInteraction[Any]) -> None:
        custom_id = interaction.data.custom_id
        durable = CustomId.parse(custom_id)
        if durable is not None:
            self._router.press_durable(interaction, durable)
            return
        if not self._press(interaction):
            self._router.start(self._press_early(interaction))

    def _press(self, interaction: disnake.MessageInteraction[Any]) -> bool:
        """Lead a press to the view on its message; whether there is one."""
        message_id = interaction.message.id
        component_type = interaction.data.component_type.value
        found = self._live.pressed(component_type, message_id, interaction.data.custom_id)
        if found is None:
            return False
        live, item = found
        if live.kind is ViewKind.PERSISTENT and live.message_id is None:
            live = self._learn(live, interaction.message)
        item.refresh_state(interaction)  # pyright: ignore[reportUnknownMemberType]
        self._router.press_live(live, item, interaction)
        return True

    async def _press_early(self, interaction: disnake.MessageInteraction[Any]) -> None:
        """A press that no view hears: it may be on a message that was sent just now. Else it is
        left to the listeners of presses, unless a view heard it once."""
        await self._showing.answered()
        if self._press(interaction):
            return
        custom_id = interaction.data.custom_id
        component_type = interaction.data.component_type.value
        if is_of_short_view(custom_id) or self._live.has_ended(component_type, custom_id):
            await self._router.press_ended(interaction)

    def _learn(self, live: LiveView, message: disnake.Message) -> LiveView:
        if message.flags.ephemeral or message.id in self._live.by_message:
            return live
        learnt = self._adoption.learn(live, message)
        self._live.route(learnt, message.id)
        return learnt

    def is_message_tracked(self, message_id: int) -> bool:
        return message_id in self._live.by_message

    def remove_message_tracking(self, message_id: int) -> disnake.ui.View | None:
        """Called before a message's view is edited. What has become of it is seen afterwards, by
        :meth:`message_shows`: the edit may fail, or show the same view again."""
        live = self._live.by_message.get(message_id)
        return live.view if live is not None else None

    def message_shows(self, message_id: int, components: Sequence[ComponentPayload]) -> None:
        """A message has been edited: the view that is on it no more has ended."""
        live = self._live.by_message.get(message_id)
        there = set(_custom_ids(components))
        if live is None:
            if there and not any(CustomId.parse(custom_id) for custom_id in there):
                self._closer.taken(message_id)
            return
        known = {route[2] for route in live.routes}
        known |= {str(vars(item).get("custom_id")) for item in live.view.children}
        if not components or (live.routes and not there & known):
            del self._live.by_message[message_id]
            self._closer.replaced(live)

    def update_from_message(self, message_id: int, components: Sequence[ComponentPayload]) -> None:
        self.message_shows(message_id, components)
        live = self._live.by_message.get(message_id)
        if live is None:
            return
        self._synced_message_views[message_id] = live.view
        try:
            super().update_from_message(message_id, components)
        finally:
            del self._synced_message_views[message_id]


def _custom_ids(components: Sequence[Any]) -> Iterator[str]:
    for component in components:
        if "custom_id" in component:
            yield component["custom_id"]
        yield from _custom_ids(component.get("components", ()))
