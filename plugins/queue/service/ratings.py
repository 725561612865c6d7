"""Ratings move with results, in the transaction in which a match is decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from loguru import logger

from core.db import execute, fetch, transaction
from plugins.queue.config import LadderConfig
from plugins.queue.domain.ratings import Adjustment, Move, Ratings, Result, Which
from plugins.queue.models import RatingAdjustment
from plugins.queue.service.rated import raise_order, read_standings, write_standings
from plugins.queue.service.recompute import redecide

__all__ = ["RatedSeat", "RatingService"]


class RatedSeat(Protocol):
    """Who played, and as what."""

    @property
    def player_id(self) -> int: ...
    @property
    def side(self) -> int: ...
    @property
    def faction(self) -> str: ...


class RatingService:
    """Moves ratings.

    Call it in the transaction of a match's transition, after the compare-and-set and before the
    participants' rows are written: transactions that move ratings wait for one another at the row
    of their ladder, and whoever waits must not hold a row that the other is about to write.
    """

    async def decide(
        self, ladder: LadderConfig, match_id: int, seats: Sequence[RatedSeat], score: float | None
    ) -> dict[str, Any]:
        """Rate a match as it is decided now, whether for the first time or anew.

        Decided anew, it keeps its place in the history, and so the ratings of later matches change.

        Args:
            score: of side 0: 1, 0.5 or 0; None when it counts for nothing.

        Returns:
            What the payload of the event is to have: ``score``, and once the match was ever rated
            ``order``, ``elo`` and ``ratings``.
        """
        first = await fetch(
            "SELECT id, CAST(payload ->> 'order' AS INTEGER) AS place FROM queue_match_event"
            " WHERE match_id = $1 AND payload ->> 'order' IS NOT NULL ORDER BY number LIMIT 1",
            match_id,
        )
        if not first:
            return (
                {"score": None}
                if score is None
                else await self.rate(ladder, match_id, seats, score)
            )
        decided, done = await redecide(ladder, match_id, first[0]["id"], first[0]["place"], score)
        logger.info(
            "match {} is decided anew: {} matches replayed, {} ratings changed",
            match_id,
            done.matches,
            len(done.changes),
        )
        return _payload(decided.result, decided.rated if score is not None else None)

    async def rate(
        self, ladder: LadderConfig, match_id: int, seats: Sequence[RatedSeat], score: float
    ) -> dict[str, Any]:
        """Rate a match that was never rated.

        Returns:
            As :meth:`decide`. ``ratings`` are [before, after] by player id.
        """
        async with transaction():
            order = await raise_order(ladder.name)
            one, other = (Which(seat.player_id, seat.faction) for seat in sorted(seats, key=_side))
            result = Result(order, match_id, one, other, score, ladder.elo)
            stored = await read_standings(ladder.name, (one.player_id, other.player_id))
            ratings = Ratings({which: stored[which] for which in (one, other) if which in stored})
            ratings.add(result)
            await write_standings(ladder.name, ratings.standings)
            moves = ratings.moves[match_id]
            for side, (before, after) in enumerate(moves):
                await execute(
                    "UPDATE queue_match_participant SET rating_before = $1, rating_after = $2"
                    " WHERE match_id = $3 AND side = $4",
                    before,
                    after,
                    match_id,
                    side,
                )
        return _payload(result, moves)

    async def adjust(
        self, ladder: LadderConfig, which: Which, points: int, *, by: int, at: datetime
    ) -> Move:
        """Give points to a rating, or take some from it.

        Args:
            by: the Discord id of the admin who does.

        Returns:
            The rating before and after.
        """
        async with transaction():
            order = await raise_order(ladder.name)
            adjustment = Adjustment(order, which, points, ladder.elo.start)
            stored = await read_standings(ladder.name, (which.player_id,))
            ratings = Ratings({which: stored[which]} if which in stored else {})
            ratings.add(adjustment)
            await write_standings(ladder.name, ratings.standings)
            await RatingAdjustment.create(
                ladder=ladder.name,
                player_id=which.player_id,
                faction=which.faction,
                points=points,
                start=adjustment.start,
                order=order,
                by_discord_id=by,
                at=at,
            )
        after = ratings.standings[which].value
        return after - points, after


def _side(seat: RatedSeat) -> int:
    return seat.side


def _payload(result: Result, moves: tuple[Move, Move] | None) -> dict[str, Any]:
    elo = result.elo
    payload: dict[str, Any] = {
        "score": result.score,
        "order": result.order,
        "elo": [elo.k, elo.divisor, elo.start],
    }
    if moves is not None:
        players = (result.one.player_id, result.other.player_id)
        payload["ratings"] = {
            str(player): list(move) for player, move in zip(players, moves, strict=True)
        }
    return payload
