"""Bans: who may not join, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from disnake.utils import format_dt

from core.plugin import PluginContext
from core.text import Markup
from plugins.admin.config import AdminConfig
from plugins.admin.domain.times import FOR_EVER
from plugins.admin.service.deeds.deed import By, Change, Facts, OfPlayer, Told
from plugins.queue.api import Ban, PlayerFacts, QueueApi

__all__ = ["BanPlayer", "UnbanPlayer", "ban_facts", "ban_until"]


class _OfBan(OfPlayer):
    _foreseen: Facts

    async def _before(self, locale: object) -> Facts:
        self._foreseen = ban_facts(await self.queue.ban(self.whom, self.guild_id))
        return self._foreseen

    async def _hold(self, locale: object) -> None:
        """Nobody else changes the player's ban until the transaction ends."""
        if not await self.queue.hold(self.whom.id):
            raise self.refused("deleted", locale)
        if ban_facts(await self.queue.ban(self.whom, self.guild_id)) != self._foreseen:
            raise self.refused("ban_changed", locale, name=self.whom.name)


class BanPlayer(_OfBan):
    """Ban a player, in place of a ban they have.

    Args:
        until: None is for ever.
        ban_reason: what the player is told; None for the reason of the deed.
    """

    action: ClassVar[str] = "ban"

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        guild_id: int,
        player: PlayerFacts,
        until: datetime | None,
        ban_reason: str | None = None,
    ) -> None:
        super().__init__(context, queue, guild_id, player)
        self._until = until
        self._ban_reason = ban_reason

    async def foresee(self, locale: object) -> Change:
        return Change(await self._before(locale), {"ban": _until(self._until)})

    async def carry_out(self, by: By) -> Change:
        await self._hold(by.locale)
        reason = self._ban_reason or by.reason
        await self.queue.set_ban(self.whom, self.guild_id, self._until, reason)
        return Change(self._foreseen, {"ban": _until(self._until), "ban_reason": reason})

    def question(self, locale: object) -> str:
        return self._say("question", locale, name=self.whom.name)

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        key = "ban" if self._until is not None else "ban_for_ever"
        return [Told(self.whom, key, self._values())]

    def _say(self, where: str, locale: object, **values: Any) -> str:
        key = "ban" if self._until is not None else "ban_for_ever"
        return self.say(f"{where}.{key}", locale, **values, **self._values())

    def _values(self) -> Facts:
        return {"until": Markup(format_dt(self._until, "f"))} if self._until is not None else {}


class UnbanPlayer(_OfBan):
    """Let a player join again."""

    action: ClassVar[str] = "unban"

    async def foresee(self, locale: object) -> Change:
        before = await self._before(locale)
        if before["ban"] is None:
            raise self.refused("not_banned", locale, name=self.whom.name)
        return Change(before, {"ban": None})

    async def carry_out(self, by: By) -> Change:
        await self._hold(by.locale)
        await self.queue.lift_ban(self.whom, self.guild_id)
        return Change(self._foreseen, {"ban": None})

    def question(self, locale: object) -> str:
        return self.say("question.unban", locale, name=self.whom.name)

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        return [Told(self.whom, "unban")]


def ban_until(facts: Facts) -> tuple[bool, datetime | None]:
    """Whether there was a ban, and until when; None is for ever."""
    until = facts.get("ban")
    if until is None:
        return False, None
    return True, None if until == FOR_EVER else datetime.fromisoformat(until)


def ban_facts(ban: Ban | None) -> Facts:
    """A ban as the audit has it."""
    if ban is None:
        return {"ban": None}
    return {"ban": _until(ban.until), "ban_reason": ban.reason}


def _until(until: datetime | None) -> str:
    return until.isoformat() if until is not None else FOR_EVER
