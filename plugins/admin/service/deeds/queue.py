"""Take players out of the queue, and free those who are stuck in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from core.plugin import PluginContext
from plugins.admin.config import AdminConfig
from plugins.admin.service.deeds.deed import By, Change, Deed, Facts, OfPlayer, Told
from plugins.queue.api import LadderConfig, PlayerFacts, QueueApi, Repair, player_by_id

__all__ = ["ClearQueue", "RemoveFromQueue", "Unblock", "repair_facts"]


class RemoveFromQueue(OfPlayer):
    """Take a player out of every queue of a server."""

    action: ClassVar[str] = "remove_queue"

    async def foresee(self, locale: object) -> Change:
        here = {ladder.name for ladder in self.queue.ladders_of(self.guild_id)}
        waits = await self.queue.waiting(player_id=self.whom.id)
        ladders = [wait.ladder for wait in waits if wait.ladder in here]
        return self._change(ladders, locale)

    async def carry_out(self, by: By) -> Change:
        ladders = await self.queue.withdraw_player(self.whom.id, self.guild_id)
        return self._change(ladders, by.locale)

    def question(self, locale: object) -> str:
        return self.say("question.remove_queue", locale, name=self.whom.name)

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        return [Told(self.whom, "remove_queue")]

    def _change(self, ladders: Sequence[str], locale: object) -> Change:
        if not ladders:
            raise self.refused("not_waiting", locale, name=self.whom.name)
        return Change({"waits_on": list(ladders)}, {"waits_on": []})


class ClearQueue(Deed):
    """Take everybody out of a ladder's queue."""

    action: ClassVar[str] = "clear_queue"

    def __init__(
        self, context: PluginContext[AdminConfig], queue: QueueApi, ladder: LadderConfig
    ) -> None:
        super().__init__(context, queue, ladder.guild_id)
        self.ladder = ladder.name
        self._of = ladder
        self._gone: list[PlayerFacts] = []

    async def foresee(self, locale: object) -> Change:
        return self._change(len(await self.queue.waiting(ladder=self._of)), locale)

    async def carry_out(self, by: By) -> Change:
        gone = await self.queue.withdraw_all(self._of)
        self._gone = [p for one in gone if (p := await player_by_id(one)) is not None]
        return self._change(len(gone), by.locale)

    def question(self, locale: object) -> str:
        return self.say("question.clear_queue", locale, ladder=self._of.name)

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        return [Told(player, "remove_queue") for player in self._gone]

    def _change(self, waiting: int, locale: object) -> Change:
        if not waiting:
            raise self.refused("queue_empty", locale, ladder=self._of.name)
        return Change({"waiting": waiting}, {"waiting": 0})


class Unblock(OfPlayer):
    """Put right what keeps a player from playing though nothing should."""

    action: ClassVar[str] = "unblock_queue"

    async def foresee(self, locale: object) -> Change:
        return await self._change(await self.queue.wrong_with(self.whom.id), locale)

    async def carry_out(self, by: By) -> Change:
        return await self._change(await self.queue.repair(self.whom.id), by.locale)

    def question(self, locale: object) -> str:
        return self.say("question.unblock_queue", locale, name=self.whom.name)

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        return [Told(self.whom, "unblock_queue")]

    async def _change(self, repairs: Sequence[Repair], locale: object) -> Change:
        if repairs:
            return Change({"wrong": repair_facts(repairs)}, {"wrong": []})
        name = self.whom.name
        match_id = await self.queue.match_of(self.whom.id)
        if match_id is not None:
            raise self.refused("right_in_match", locale, name=name, match=match_id)
        if await self.queue.waiting(player_id=self.whom.id):
            raise self.refused("right_waiting", locale, name=name)
        raise self.refused("right", locale, name=name)


def repair_facts(repairs: Sequence[Repair]) -> list[Facts]:
    """Repairs as the audit has them."""
    return [{"kind": repair.kind, "number": repair.number} for repair in repairs]
