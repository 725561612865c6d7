"""Points given to a rating, or taken from it; aborts that count no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from core.plugin import PluginContext
from core.text import Markup
from plugins.admin.config import AdminConfig
from plugins.admin.service.deeds.deed import By, Change, Facts, OfPlayer, Told
from plugins.queue.api import LadderConfig, PlayerFacts, QueueApi

__all__ = ["Adjust", "CountAborts", "ForgiveAborts"]


class _OnLadder(OfPlayer):
    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        player: PlayerFacts,
        ladder: LadderConfig,
    ) -> None:
        super().__init__(context, queue, ladder.guild_id, player)
        self.ladder = ladder.name
        self.of = ladder


class Adjust(_OnLadder):
    """Give points to one rating. It becomes a part of the history of the ladder's ratings."""

    action: ClassVar[str] = "adjust_rating"

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        player: PlayerFacts,
        ladder: LadderConfig,
        faction: str,
        points: int,
    ) -> None:
        super().__init__(context, queue, player, ladder)
        self.faction = faction
        self.points = points

    async def foresee(self, locale: object) -> Change:
        if not self.points:
            raise self.refused("no_points", locale)
        rating = await self.queue.rating(self.of, self.whom.id, self.faction)
        return self._change(rating)

    async def carry_out(self, by: By) -> Change:
        before, _ = await self.queue.adjust(
            self.of, self.whom.id, self.faction, self.points, by=by.admin_id
        )
        return self._change(before)

    def question(self, locale: object) -> str:
        return self.say("question.adjust_rating", locale, **self._values())

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        values = self._values() | {"rating": change.after["rating"]}
        return [Told(self.whom, "adjust_rating", values)]

    def _values(self) -> Facts:
        return {
            "name": self.whom.name,
            "ladder": self.of.name,
            "faction": Markup(self.of.faction_label(self.faction)),
            "points": self.points,
        }

    def _change(self, before: int) -> Change:
        where = {"faction": self.faction}
        return Change(
            where | {"rating": before},
            where | {"rating": before + self.points, "points": self.points},
        )


class ForgiveAborts(_OnLadder):
    """Have this month's aborts of a player count no more."""

    action: ClassVar[str] = "reset_aborts"

    async def foresee(self, locale: object) -> Change:
        used = await self.queue.used_aborts(self.of, self.whom.id)
        if not used:
            raise self.refused("no_aborts", locale, name=self.whom.name, ladder=self.of.name)
        return Change({"aborts": used}, {"aborts": 0})

    async def carry_out(self, by: By) -> Change:
        forgiven = await self.queue.forgive_aborts(self.of, self.whom.id)
        if not forgiven:
            raise self.refused("no_aborts", by.locale, name=self.whom.name, ladder=self.of.name)
        return Change({"aborts": len(forgiven)}, {"aborts": 0, "forgiven": forgiven})

    def question(self, locale: object) -> str:
        return self.say("question.reset_aborts", locale, name=self.whom.name, ladder=self.of.name)

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        return [Told(self.whom, "reset_aborts", {"ladder": self.of.name})]


class CountAborts(_OnLadder):
    """Have aborts count that were forgiven."""

    action: ClassVar[str] = "count_aborts"

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        player: PlayerFacts,
        ladder: LadderConfig,
        aborts: list[int],
    ) -> None:
        super().__init__(context, queue, player, ladder)
        self._aborts = aborts

    async def foresee(self, locale: object) -> Change:
        used = await self.queue.used_aborts(self.of, self.whom.id)
        return Change({"aborts": used}, {"aborts": used + len(self._aborts)})

    async def carry_out(self, by: By) -> Change:
        counted = await self.queue.take_forgiveness_back(self._aborts)
        used = await self.queue.used_aborts(self.of, self.whom.id)
        return Change({"aborts": used - counted}, {"aborts": used})

    def question(self, locale: object) -> str:
        return self.say("question.count_aborts", locale, name=self.whom.name, ladder=self.of.name)

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        return [Told(self.whom, "count_aborts", {"ladder": self.of.name})]
