"""Points that admins give are a part of the history that ratings are derived from."""

import asyncio
import random

import pytest

from core.db import execute
from plugins.queue.config import LadderConfig
from plugins.queue.domain.ratings import Which
from plugins.queue.models import MatchEvent, RatingAdjustment
from plugins.queue.service.ratings import RatingService
from plugins.queue.service.recompute import recompute
from tests.plugins.queue.histories import NOON, a_ladder, decide, found, ratings_of

pytestmark = pytest.mark.usefixtures("database")

ADMIN = 123456789012345678


@pytest.fixture
def ladder() -> LadderConfig:
    return a_ladder()


async def adjust(ladder: LadderConfig, player_id: int, faction: str, points: int) -> None:
    which = Which(player_id, faction)
    await RatingService().adjust(ladder, which, points, by=ADMIN, at=NOON)


async def test_points_move_a_rating_and_no_games(ladder: LadderConfig) -> None:
    match = await found(ladder, (1, "T"), (2, "Z"))
    await decide(ladder, match.id, 1.0)

    moved = await RatingService().adjust(ladder, Which(1, "T"), -70, by=ADMIN, at=NOON)

    assert moved == (1520, 1450)
    assert await ratings_of(ladder) == {(1, "T"): (1450, 1, 1, 0), (2, "Z"): (1480, 1, 0, 0)}
    row = await RatingAdjustment.get()
    assert (row.order, row.start, row.by_discord_id) == (2, 1500, ADMIN)
    assert (await recompute(ladder, write=False)).is_right


async def test_a_rating_that_nothing_moved_before_begins_at_the_start(ladder: LadderConfig) -> None:
    assert await RatingService().adjust(ladder, Which(9, "P"), 50, by=ADMIN, at=NOON) == (
        1500,
        1550,
    )
    assert (await recompute(ladder, write=False)).is_right


async def test_points_given_at_once_are_all_given(ladder: LadderConfig) -> None:
    await asyncio.gather(*(adjust(ladder, 1, "T", 10) for _ in range(8)))

    moved = await RatingService().adjust(ladder, Which(1, "T"), 1, by=ADMIN, at=NOON)
    assert moved == (1580, 1581)
    assert (await recompute(ladder, write=False)).is_right


@pytest.mark.parametrize("seed", [1, 2])
async def test_deciding_anew_replays_the_points_between(ladder: LadderConfig, seed: int) -> None:
    chance = random.Random(seed)
    numbers: list[int] = []
    for _ in range(30):
        one, other = chance.sample(range(1, 5), 2)
        if chance.random() < 0.3:
            await adjust(ladder, one, chance.choice("TZ"), chance.randint(-200, 200))
        match = await found(ladder, (one, chance.choice("TZ")), (other, chance.choice("TZ")))
        await decide(ladder, match.id, chance.choice([0.0, 0.5, 1.0]))
        numbers.append(match.id)

    for number in chance.sample(numbers, 6):
        await decide(ladder, number, chance.choice([0.0, 0.5, 1.0, None]))

    assert (await recompute(ladder, write=False)).is_right


async def test_a_ledger_that_was_tampered_with_is_mended_with_its_points(
    ladder: LadderConfig,
) -> None:
    match = await found(ladder, (1, "T"), (2, "Z"))
    await decide(ladder, match.id, 1.0)
    await adjust(ladder, 1, "T", 100)
    await execute("UPDATE queue_rating SET value = 9000")

    await recompute(ladder, write=True)

    assert {which: r[0] for which, r in (await ratings_of(ladder)).items()} == {
        (1, "T"): 1620,
        (2, "Z"): 1480,
    }


async def test_a_decision_that_was_taken_back_counts_for_nothing(ladder: LadderConfig) -> None:
    """As the match service writes it: the match is a conflict again."""
    match = await found(ladder, (1, "T"), (2, "Z"))
    await decide(ladder, match.id, 1.0)
    await adjust(ladder, 1, "T", 100)
    await decide(ladder, match.id, None)
    await MatchEvent.filter(match_id=match.id, kind="void").update(kind="conflict")

    assert (await recompute(ladder, write=False)).is_right
    moved = await RatingService().adjust(ladder, Which(1, "T"), 1, by=ADMIN, at=NOON)
    assert moved == (1600, 1601)
