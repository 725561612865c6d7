"""Where deeds are carried out: in one transaction with their entry in the audit, what players are
told, and the notice that is left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.db import transaction
from core.models import ViewRecord
from core.plugin import PluginContext
from plugins.admin.config import AdminConfig
from plugins.admin.models import AuditEntry
from plugins.admin.service.deeds import By, Change, Deed, repair_facts
from plugins.admin.service.telling import Telling
from plugins.admin.service.wording import whole
from plugins.queue.api import QueueApi

__all__ = ["THE_BOT", "Office"]

THE_BOT = 0
"""Who acts, where the bot does by itself."""


class Office:
    """Carries deeds out."""

    def __init__(
        self, context: PluginContext[AdminConfig], queue: QueueApi, telling: Telling
    ) -> None:
        self._context = context
        self._queue = queue
        self._telling = telling

    async def carry_out(
        self, deed: Deed, by: By, notice: Callable[[AuditEntry], Awaitable[ViewRecord]]
    ) -> ViewRecord:
        """Do it, or nothing of it.

        Args:
            notice: opens the view of the notice; SQL only.

        Raises:
            Refused: when it cannot be done any more.
        """
        async with transaction():
            change = await deed.carry_out(by)
            entry = await self._enter(deed, change, by)
            for told in deed.tells(change, by):
                text = self._context.text(
                    f"told.{told.key}",
                    told.player.locale,
                    **told.values,
                    reason=whole(by.reason),
                )
                await self._telling.owe(told.player, text, key=str(entry.id))
            return await notice(entry)

    async def _enter(self, deed: Deed, change: Change, by: By) -> AuditEntry:
        return await AuditEntry.create(
            guild_id=deed.guild_id,
            admin_id=by.admin_id,
            action=deed.action,
            player_id=deed.player.id if deed.player is not None else None,
            match_id=deed.match_id,
            user_id=deed.user_id,
            ladder=deed.ladder,
            before=change.before,
            after=change.after,
            reason=by.reason,
            at=self._context.clock.now(),
            undoes=deed.undoes,
        )

    async def check(self) -> None:
        """Put right what disagrees with the rows, and report it."""
        locale = self._context.guild_locale(self._queue.ladders[0].guild_id)
        async with transaction():
            repairs = await self._queue.repair()
            if not repairs:
                return
            lines = [
                self._context.text(f"repair.{repair.kind}", locale, number=repair.number)
                for repair in repairs
            ]
            entry = await AuditEntry.create(
                guild_id=self._queue.ladders[0].guild_id,
                admin_id=THE_BOT,
                action="repair",
                before={"wrong": repair_facts(repairs)},
                after={"wrong": []},
                reason=self._context.text("repair.reason", locale),
                at=self._context.clock.now(),
            )
            heading = self._context.text("repair.heading", locale, entry=entry.id)
            shown = "\n".join(f"- {line}" for line in lines[:20])
            await self._telling.report(f"{heading}\n{shown}", key=f"repair-{entry.id}")
        self._context.log.warning("put right at the start: {}", "; ".join(lines))
