"""Decide a match, or take such a decision back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from core.plugin import PluginContext
from plugins.admin.config import AdminConfig
from plugins.admin.service.cases import case_scope
from plugins.admin.service.deeds.deed import By, Change, Deed, Facts, Told
from plugins.queue.api import (
    MatchChanged,
    MatchPage,
    QueueApi,
    Reopen,
    Resolve,
    Snapshot,
    player_by_id,
)

__all__ = ["OUTCOMES", "Decide", "ReopenConflict"]

OUTCOMES: dict[str, float | None] = {"a": 1.0, "b": 0.0, "draw": 0.5, "void": None}
"""The score of side 0, which is player A."""


class _OfMatch(Deed):
    event: Resolve | Reopen

    def __init__(
        self, context: PluginContext[AdminConfig], queue: QueueApi, page: MatchPage
    ) -> None:
        super().__init__(context, queue, page.match.guild_id)
        self.page = page
        self.match_id = page.match.id
        self.ladder = page.match.ladder
        self._players: list[Told] = []

    @property
    def scope(self) -> str | None:
        return case_scope(self.page.match.id)

    async def foresee(self, locale: object) -> Change:
        after = self.queue.check(self.page, self.event, locale)
        return Change(_facts(self.page.snapshot), _facts(after))

    async def carry_out(self, by: By) -> Change:
        match, snapshot = self.page.match, self.page.snapshot
        try:
            if isinstance(self.event, Resolve):
                after = await self.queue.resolve(
                    match.id, self.event.score, version=match.version, locale=by.locale
                )
            else:
                after = await self.queue.reopen(match.id, version=match.version, locale=by.locale)
        except MatchChanged as changed:
            state = self.say(f"state.{changed.state}", by.locale)
            raise self.refused("match_changed", by.locale, match=match.id, state=state) from None
        self._players = [
            Told(player, "", {})
            for seat in self.page.seats
            if (player := await player_by_id(seat.player_id)) is not None
        ]
        return Change(_facts(snapshot), _facts(after))

    def question(self, locale: object) -> str:
        one, other = self.page.seats
        return self.say(
            f"question.{self._word}",
            locale,
            match=self.page.match.id,
            ladder=self.page.match.ladder,
            one=one.name,
            other=other.name,
            outcome=self._outcome(locale),
        )

    def tells(self, change: Change, by: By) -> Sequence[Told]:
        return [
            Told(
                told.player,
                self._word,
                {
                    "match": self.page.match.id,
                    "ladder": self.page.match.ladder,
                    "outcome": self._outcome(told.player.locale),
                },
            )
            for told in self._players
        ]

    @property
    def _word(self) -> str:
        return "resolve" if isinstance(self.event, Resolve) else "reopen"

    def _outcome(self, locale: object) -> str:
        if not isinstance(self.event, Resolve):
            return ""
        one, other = self.page.seats
        name = next(name for name, score in OUTCOMES.items() if score == self.event.score)
        winner = {"a": one.name, "b": other.name}.get(name, "")
        key = "won" if winner else name
        return self.say(f"outcome_is.{key}", locale, name=winner)


class Decide(_OfMatch):
    """Decide a match: a conflict, one that is played, or, anew, one that is over."""

    action: ClassVar[str] = "resolve"

    def __init__(
        self,
        context: PluginContext[AdminConfig],
        queue: QueueApi,
        page: MatchPage,
        score: float | None,
    ) -> None:
        super().__init__(context, queue, page)
        self.event = Resolve(score)


class ReopenConflict(_OfMatch):
    """Take back the decision of a conflict."""

    action: ClassVar[str] = "reopen"

    def __init__(
        self, context: PluginContext[AdminConfig], queue: QueueApi, page: MatchPage
    ) -> None:
        super().__init__(context, queue, page)
        self.event = Reopen()


def _facts(snapshot: Snapshot) -> Facts:
    outcome = None
    if snapshot.score is not None:
        outcome = next(name for name, score in OUTCOMES.items() if score == snapshot.score)
    return {"state": snapshot.state.value, "outcome": outcome}
