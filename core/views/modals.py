"""Takes the place of disnake's modal store: each modal belongs to the plugin that opened it, runs
on its behalf, and ends with it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import disnake
from disnake.state import ConnectionState
from disnake.ui.modal import ModalStore

from core.answering import Answering
from core.context import acting_for, current_plugin
from core.interactions import ErrorDesk
from core.tasks import contained

__all__ = ["SupervisedModalStore"]


class SupervisedModalStore(ModalStore):
    """What disnake's connection state calls when a modal is opened or submitted.

    Args:
        start: does what a modal asks for, in a task of its own.
    """

    def __init__(
        self,
        state: ConnectionState,
        desk: ErrorDesk,
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        super().__init__(state)
        self._desk = desk
        self._start = start
        self._plugins: dict[tuple[int, str], str | None] = {}

    def add_modal(self, user_id: int, modal: disnake.ui.Modal) -> None:
        super().add_modal(user_id, modal)
        self._plugins[user_id, modal.custom_id] = current_plugin.get()

    def remove_modal(self, user_id: int, modal: disnake.ui.Modal) -> None:
        super().remove_modal(user_id, modal)
        self._plugins.pop((user_id, modal.custom_id), None)

    def dispatch(self, interaction: disnake.ModalInteraction[Any]) -> None:
        key = (interaction.author.id, interaction.custom_id)
        modal = self._modals.get(key)
        if modal is None:
            return
        with acting_for(self._plugins[key]):
            # Its time begins anew: without an answer it stays open, and can be sent again.
            self.add_modal(interaction.author.id, modal)
            self._start(self._answer(modal, interaction))

    async def _answer(self, modal: disnake.ui.Modal, inter: disnake.ModalInteraction[Any]) -> None:
        plugin = current_plugin.get()
        where = f"{plugin}.{type(modal).__qualname__}"
        with Answering(inter):
            try:
                await contained(modal.callback(inter), where)
            except Exception as error:
                stock = type(modal).on_error is disnake.ui.Modal.on_error  # pyright: ignore[reportUnknownMemberType]
                own = None if stock else modal.on_error(error, inter)
                await self._desk.answer_for(inter, error, own, plugin=plugin, where=where)
            if inter.response.is_done():
                modal._stop_listening()  # pyright: ignore[reportPrivateUsage]

    def close_plugin(self, plugin: str) -> int:
        """Let go of a plugin's modals: whoever submits one now is not heard. Returns how many."""
        return self._close([key for key, owner in self._plugins.items() if owner == plugin])

    def close_all(self) -> int:
        """Let go of every modal, for the end of the process. Returns how many."""
        return self._close(list(self._plugins))

    def _close(self, keys: list[tuple[int, str]]) -> int:
        for key in keys:
            modal = self._modals.get(key)
            if modal is not None:
                modal._stop_listening()  # pyright: ignore[reportPrivateUsage]
            self._plugins.pop(key, None)
        return len(keys)
