"""Take an entry of the audit back, where that is possible, and say why where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from core.errors import Refused
from core.plugin import PluginContext
from plugins.admin.config import AdminConfig
from plugins.admin.models import AuditEntry
from plugins.admin.service.deeds.bans import BanPlayer, UnbanPlayer, ban_facts, ban_until
from plugins.admin.service.deeds.deed import By, Change, Deed, Told
from plugins.admin.service.deeds.grants import GrantAdmin, RevokeAdmin
from plugins.admin.service.deeds.matches import OUTCOMES, Decide, ReopenConflict
from plugins.admin.service.deeds.ratings import Adjust, CountAborts
from plugins.queue.api import LadderConfig, PlayerFacts, QueueApi, player_by_id, read_match

__all__ = ["Undo", "undo_of"]

OVER = frozenset({"completed", "resolved", "void"})


class Undo(Deed):
    """Do the contrary of what an entry tells of. One of two who try it at once does."""

    action: ClassVar[str] = "undo"

    def __init__(self, entry: AuditEntry, contrary: Deed) -> None:
        super().__init__(contrary.context, contrary.queue, entry.guild_id)
        self._entry = entry
        self._contrary = contrary
        self.owners_only = contrary.owners_only
        self.player = contrary.player
        self.match_id = contrary.match_id
        self.user_id = contrary.user_id
        self.ladder = contrary.ladder
        self.undoes = entry.id

    @property
    def scope(self) -> str | None:
        return self._contrary.scope

    async def foresee(self, locale: object) -> Change:
        return await self._contrary.foresee(locale)

    async def carry_out(self, by: By) -> Change:
        if not await AuditEntry.filter(id=self._entry.id, undone=False).update(undone=True):
            raise self.refused("undone_already", by.locale, entry=self._entry.id)
        return await self._contrary.carry_out(by)

    def question(self, locale: object) -> str:
        contrary = self._contrary.question(locale)
        return f"{self.say('question.undo', locale, entry=self._entry.id)} {contrary}"

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        return self._contrary.tells(change, by)


async def undo_of(
    context: PluginContext[AdminConfig], queue: QueueApi, entry: AuditEntry, locale: object
) -> Undo:
    """The deed that takes an entry back.

    Raises:
        Refused: when nothing does, saying why.
    """
    if entry.undone:
        raise Refused(context.text("refused.undone_already", locale, entry=entry.id))
    return Undo(entry, await _Contrary(context, queue, entry, locale).deed())


class _Contrary:
    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        entry: AuditEntry,
        locale: object,
    ) -> None:
        self._context = context
        self._queue = queue
        self._entry = entry
        self._locale = locale

    async def deed(self) -> Deed:
        entry, given = self._entry, (self._context, self._queue)
        match entry.action:
            case "resolve":
                return await self._of_decision()
            case "adjust_rating":
                before, ladder = entry.before, self._ladder()
                points = -int(entry.after["points"])
                return Adjust(*given, await self._player(), ladder, before["faction"], points)
            case "reset_aborts":
                forgiven = list(entry.after["forgiven"])
                return CountAborts(*given, await self._player(), self._ladder(), forgiven)
            case "ban" | "unban":
                return await self._of_ban()
            case "grant":
                return RevokeAdmin(*given, entry.guild_id, entry.user_id or 0)
            case "revoke":
                return GrantAdmin(*given, entry.guild_id, entry.user_id or 0)
            case _:
                raise self._refused(f"undo.{entry.action}")

    async def _of_decision(self) -> Deed:
        entry = self._entry
        later = await AuditEntry.filter(
            match_id=entry.match_id, action="resolve", undone=False, id__gt=entry.id
        ).order_by("-id")
        if later:
            raise self._refused("undo.decided_since", later=later[0].id)
        page = await read_match(entry.match_id or 0)
        if page is None:
            raise self._refused("undo.resolve")
        if entry.before["state"] == "conflict":
            return ReopenConflict(self._context, self._queue, page)
        if entry.before["state"] not in OVER:
            raise self._refused("undo.was_running", match=page.match.id)
        outcome = entry.before["outcome"]
        score = OUTCOMES[outcome] if outcome is not None else None
        return Decide(self._context, self._queue, page, score)

    async def _of_ban(self) -> Deed:
        entry, player = self._entry, await self._player()
        given = (self._context, self._queue, entry.guild_id, player)
        current = await self._queue.ban(player, entry.guild_id)
        now_is = ban_until(ban_facts(current))
        if now_is != ban_until(entry.after):
            raise self._refused("undo.ban_changed", name=player.name)
        banned, until = ban_until(entry.before)
        if banned and (until is None or until > self._context.clock.now()):
            return BanPlayer(*given, until, str(entry.before.get("ban_reason", "")) or None)
        if entry.action == "unban":
            raise self._refused("undo.ban_over")
        return UnbanPlayer(*given)

    async def _player(self) -> PlayerFacts:
        player = await player_by_id(self._entry.player_id or 0)
        if player is None or player.discord_id is None:
            raise self._refused("deleted")
        return player

    def _ladder(self) -> LadderConfig:
        ladder = self._queue.ladder(self._entry.ladder or "")
        if ladder is None:
            raise self._refused("ladder_gone", ladder=self._entry.ladder or "?")
        return ladder

    def _refused(self, key: str, **values: object) -> Refused:
        return Refused(
            self._context.text(f"refused.{key}", self._locale, entry=self._entry.id, **values)
        )
