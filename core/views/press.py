"""One press: what a durable view's action is given to read and to answer with."""

from __future__ import annotations

from typing import Any

import disnake

from core.interactions import reply
from core.models import ViewRecord
from core.views.durable import DurableView
from core.views.rendering import Rendering

__all__ = ["Press"]

REFRESHES = 3


class Press:
    """A press on a component of a durable view.

    Attributes:
        interaction: disnake's own object, for what this one does not offer.
        key: the key of the view that was pressed.
        record: the row of that view.
    """

    def __init__(self, inter: disnake.MessageInteraction[Any], record: ViewRecord) -> None:
        self.interaction = inter
        self.key = record.key
        self.record = record

    @property
    def user_id(self) -> int:
        """The Discord id of whoever pressed."""
        return self.interaction.author.id

    @property
    def locale(self) -> str:
        """The presser's language, for a private answer."""
        return str(self.interaction.locale)

    @property
    def values(self) -> list[str]:
        """What was chosen in a select. Read from this press, never from the shared view."""
        return list(self.interaction.data.values or [])

    @property
    def owns_message(self) -> bool:
        """Whether this interaction's token can edit the message that was pressed."""
        return self.interaction.response.type in (
            disnake.InteractionResponseType.message_update,
            disnake.InteractionResponseType.deferred_message_update,
        )

    async def answer(self, text: str) -> None:
        """Say `text` to the presser alone."""
        await reply(self.interaction, text)

    async def tell(self, rendering: Rendering) -> None:
        """Say something to everybody in the channel. It counts towards no limit of the bot's."""
        await self.acknowledge()
        await self.interaction.followup.send(**rendering.as_kwargs())

    async def update(self, rendering: Rendering) -> None:
        """Show `rendering` in place of the message that was pressed.

        A private message that was answered already stays as it is: nothing can edit it then.
        """
        if not self.interaction.response.is_done():
            await self.interaction.response.edit_message(**rendering.as_kwargs())
        elif self.owns_message:
            await self.interaction.edit_original_response(**rendering.as_kwargs())
        elif not self.record.ephemeral:
            # The response was a private answer: the message is edited as the bot's own.
            await self.interaction.message.edit(**rendering.as_kwargs())

    async def refresh(self, view: DurableView) -> None:
        """Show the view as it is now.

        Two players may press at once, and the older of two pictures may reach Discord last; so
        when the view has changed meanwhile, it is shown again.
        """
        shown = None
        for _ in range(REFRESHES):
            rendering = await view.render(self.key, self.record.locale)
            if rendering is None or rendering.as_payload() == shown:
                return
            await self.update(rendering)
            shown = rendering.as_payload()

    async def acknowledge(self) -> None:
        """Tell Discord that the answer will follow. Does nothing when there was one."""
        if not self.interaction.response.is_done():
            await self.interaction.response.defer(with_message=False)
