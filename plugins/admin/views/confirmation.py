"""Asks an admin before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import disnake

from core.errors import Refused
from core.interactions import AnyInteraction
from core.plugin import PluginContext
from core.views import CloseReason, Closing, DeleteMessage, Rendering, ShortView
from plugins.admin.config import AdminConfig
from plugins.admin.service.deeds import By, Change, Deed
from plugins.admin.service.office import Office
from plugins.admin.service.rights import Rights
from plugins.admin.service.wording import Wording, whole
from plugins.admin.views.modal import ReasonModal
from plugins.admin.views.notice import AdminDismissView
from plugins.queue.api import StepButton

__all__ = ["AdminConfirmationView", "Asking"]


@dataclass(frozen=True, slots=True)
class Asking:
    """All that a confirmation needs."""

    context: PluginContext[AdminConfig]
    rights: Rights
    office: Office
    wording: Wording
    notice: AdminDismissView

    async def ask(self, inter: AnyInteraction, deed: Deed, reason: str = "") -> None:
        """Show what will change, and ask. Nothing has changed yet.

        Args:
            reason: why; asked for when it is empty.

        Raises:
            Refused: when nothing would change, or may.
        """
        change = await deed.foresee(inter.locale)
        view = AdminConfirmationView(self, deed, " ".join(reason.split()), str(inter.locale))
        await self.context.views.show(inter, view, view.rendering(change), scope=deed.scope)


class AdminConfirmationView(ShortView):
    """What will happen, before and after, and whether it shall. For the admin who asked."""

    name: ClassVar[str] = "confirmation"

    def __init__(self, asking: Asking, deed: Deed, reason: str, locale: str) -> None:
        super().__init__()
        self._asking = asking
        self._deed = deed
        self._reason = reason
        self._locale = locale
        self._used = False
        say = self._say
        confirm = StepButton(
            say("confirm.button.confirm"), self._confirm, disnake.ButtonStyle.danger
        )
        self.add_item(confirm)
        self.add_item(StepButton(say("confirm.button.cancel"), self._cancel))

    def rendering(self, change: Change) -> Rendering:
        """The question."""
        lines = [
            self._deed.question(self._locale),
            *self._asking.wording.change(change.before, change.after, self._locale),
        ]
        if self._reason:
            lines.append(self._say("confirm.reason", reason=whole(self._reason)))
        else:
            lines.append(self._say("confirm.reason_follows"))
        return Rendering("\n".join(lines))

    async def on_close(self, closing: Closing) -> Rendering | DeleteMessage | None:
        """Answered, it goes; otherwise it says that nothing has changed."""
        if self._used:
            return DeleteMessage()
        moot = closing.reason is CloseReason.SCOPE_END
        return Rendering(self._say("confirm.moot" if moot else "confirm.ended"))

    async def _confirm(self, inter: disnake.MessageInteraction[Any]) -> None:
        await self._require(inter)
        if self._reason:
            await self._carry_out(inter, self._reason)
        else:
            modal = ReasonModal(self._asking.context, self._given, inter.locale)
            await inter.response.send_modal(modal)

    async def _cancel(self, inter: disnake.MessageInteraction[Any]) -> None:
        self._used = True
        await inter.response.defer()
        self.stop()

    async def _given(self, inter: disnake.ModalInteraction[Any], reason: str) -> None:
        if not (reason := " ".join(reason.split())):
            raise Refused(self._say("reason.empty"))
        await self._require(inter)
        await self._carry_out(inter, reason)

    async def _require(self, inter: AnyInteraction) -> None:
        """Once, and while they may: rights can be taken between the question and the answer."""
        if self._used or self.is_finished():
            raise Refused(self._say("confirm.ended"))
        if self._deed.owners_only:
            self._asking.rights.require_owner(inter)
        else:
            await self._asking.rights.require(inter, self._deed.guild_id)

    async def _carry_out(self, inter: AnyInteraction, reason: str) -> None:
        if self._used:
            raise Refused(self._say("confirm.ended"))
        self._used = True
        by = By(inter.author.id, reason, str(inter.locale))
        asking = self._asking
        try:
            record = await asking.office.carry_out(
                self._deed,
                by,
                lambda entry: asking.notice.open(
                    entry,
                    user_id=by.admin_id,
                    channel_id=inter.channel_id,
                    locale=by.locale,
                ),
            )
            await asking.context.views.answer(inter, record)
        finally:
            self.stop()

    def _say(self, key: str, /, **values: Any) -> str:
        return self._asking.context.text(key, self._locale, **values)
