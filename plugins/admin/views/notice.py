"""What was done, until the admin dismisses it."""

from __future__ import annotations

from typing import ClassVar

from core.errors import Refused
from core.models import ViewRecord
from core.plugin import PluginContext
from core.views import (
    CloseReason,
    Closing,
    DeleteMessage,
    DurableView,
    Press,
    Rendering,
    action,
)
from plugins.admin.config import AdminConfig
from plugins.admin.models import AuditEntry
from plugins.admin.service.wording import Wording

__all__ = ["AdminDismissView"]


class AdminDismissView(DurableView):
    """One an entry of the audit; its key is the entry's number. Private to the admin who acted."""

    name = "notice"
    limit_seconds: ClassVar[float | None] = 13 * 60.0  # while its message can still be edited

    def __init__(self, context: PluginContext[AdminConfig], wording: Wording) -> None:
        self._context = context
        self._wording = wording

    async def open(
        self, entry: AuditEntry, *, user_id: int, channel_id: int | None, locale: str
    ) -> ViewRecord:
        """Open the notice of an entry, in the transaction that wrote it."""
        return await self._context.views.open(
            self,
            str(entry.id),
            scope=f"admin:notice:{entry.id}",
            user_id=user_id,
            guild_id=entry.guild_id,
            channel_id=channel_id,
            ephemeral=True,
            locale=locale,
        )

    async def render(self, key: str, locale: str) -> Rendering | None:
        entry = await AuditEntry.get_or_none(id=int(key))
        if entry is None:
            return None
        lines = [
            self._context.text("notice.done", locale, entry=entry.id),
            await self._wording.entry(entry, locale),
        ]
        label = self._context.text("notice.button.dismiss", locale)
        return Rendering("\n".join(lines), rows=[[self.button("dismiss", key, label)]])

    async def on_close(self, closing: Closing) -> Rendering | DeleteMessage | None:
        """Dismissed, it goes; otherwise what it says stays."""
        if closing.reason is CloseReason.DISMISSED:
            return DeleteMessage()
        return await super().on_close(closing)

    @action
    async def dismiss(self, press: Press) -> None:
        """Take it away."""
        if press.user_id != press.record.user_id:
            raise Refused(self._context.text("refused.not_yours", press.locale))
        await press.acknowledge()
        await self._context.views.close(press.record.id)
