"""Takes the place of disnake's modal store: each modal belongs to the plugin that opened it, runs
on its behalf, and ends with it."""

from __future__ import annotations

from typing import Any

import disnake
from disnake.state import ConnectionState
from disnake.ui.modal import ModalStore

from core.context import acting_for, answering, current_plugin

__all__ = ["SupervisedModalStore"]


class SupervisedModalStore(ModalStore):
    """What disnake's connection state calls when a modal is opened or submitted."""

    def __init__(self, state: ConnectionState) -> None:
        super().__init__(state)
        self._plugins: dict[tuple[int, str], str | None] = {}

    def add_modal(self, user_id: int, modal: disnake.ui.Modal) -> None:
        super().add_modal(user_id, modal)
        self._plugins[user_id, modal.custom_id] = current_plugin.get()

    def remove_modal(self, user_id: int, modal: disnake.ui.Modal) -> None:
        super().remove_modal(user_id, modal)
        self._plugins.pop((user_id, modal.custom_id), None)

    def dispatch(self, interaction: disnake.ModalInteraction[Any]) -> None:
        plugin = self._plugins.get((interaction.author.id, interaction.custom_id))
        with acting_for(plugin), answering(interaction):
            super().dispatch(interaction)  # pyright: ignore[reportUnknownMemberType]

    def close_plugin(self, plugin: str) -> int:
        """Let go of a plugin's modals: whoever submits one now is not heard. Returns how many."""
        owned = [key for key, owner in self._plugins.items() if owner == plugin]
        for key in owned:
            modal = self._modals.get(key)
            if modal is not None:
                modal._stop_listening()  # pyright: ignore[reportPrivateUsage]
            self._plugins.pop(key, None)
        return len(owned)
