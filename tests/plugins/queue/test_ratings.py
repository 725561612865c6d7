"""Ratings in the database: moved match by match, decided anew, recomputed from the history."""

import asyncio
import random

import pytest

from core.db import execute, fetch
from plugins.queue.config import LadderConfig
from plugins.queue.models import MatchEvent, MatchParticipant, Rating
from plugins.queue.service.recompute import recompute
from tests.plugins.queue.histories import a_ladder, decide, found, ratings_of

pytestmark = pytest.mark.usefixtures("database")

FACTIONS = ("T", "Z", "P")


@pytest.fixture
def ladder() -> LadderConfig:
    return a_ladder()


async def played(ladder: LadderConfig, seed: int, matches: int = 40) -> list[int]:
    """Matches of six players, each decided once."""
    chance = random.Random(seed)
    numbers: list[int] = []
    for _ in range(matches):
        one, other = chance.sample(range(1, 7), 2)
        match = await found(
            ladder, (one, chance.choice(FACTIONS)), (other, chance.choice(FACTIONS))
        )
        await decide(ladder, match.id, chance.choice([0.0, 0.5, 1.0]))
        numbers.append(match.id)
    return numbers


async def test_the_first_match(ladder: LadderConfig) -> None:
    match = await found(ladder, (1, "T"), (2, "Z"))

    payload = await decide(ladder, match.id, 1.0)

    assert payload == {
        "score": 1.0,
        "order": 1,
        "elo": [40, 500, 1500],
        "ratings": {"1": [1500, 1520], "2": [1500, 1480]},
    }
    assert await ratings_of(ladder) == {(1, "T"): (1520, 1, 1, 0), (2, "Z"): (1480, 1, 0, 0)}
    seats = await MatchParticipant.filter(match_id=match.id).order_by("side")
    assert [(seat.rating_before, seat.rating_after) for seat in seats] == [
        (1500, 1520),
        (1500, 1480),
    ]


async def test_a_rating_is_of_one_ladder_and_one_faction(ladder: LadderConfig) -> None:
    other = a_ladder("Other")
    for where, faction in ((ladder, "T"), (ladder, "Z"), (other, "T")):
        await decide(where, (await found(where, (1, faction), (2, "P"))).id, 1.0)

    assert {which: r[0] for which, r in (await ratings_of(ladder)).items()} == {
        (1, "T"): 1520,
        (1, "Z"): 1519,
        (2, "P"): 1461,
    }
    assert (await ratings_of(other))[1, "T"][0] == 1520


async def test_matches_decided_at_once_lose_no_points(ladder: LadderConfig) -> None:
    matches = [await found(ladder, (1, "T"), (n, "Z")) for n in range(2, 12)]

    await asyncio.gather(*(decide(ladder, match.id, 1.0) for match in matches))

    ratings = await ratings_of(ladder)
    assert ratings[1, "T"][1:] == (10, 10, 0)
    assert sum(value - 1500 for value, *_ in ratings.values()) == 0
    assert (await recompute(ladder, write=False)).changes == []


@pytest.mark.parametrize("seed", [1, 2])
async def test_ratings_are_those_of_the_history(ladder: LadderConfig, seed: int) -> None:
    numbers = await played(ladder, seed)

    found_anew = await recompute(ladder, write=False)

    assert (found_anew.matches, found_anew.changes, found_anew.seats) == (len(numbers), [], {})


@pytest.mark.parametrize("seed", [3, 4])
async def test_deciding_anew_is_as_if_it_had_never_been_otherwise(
    ladder: LadderConfig, seed: int
) -> None:
    chance = random.Random(seed)
    numbers = await played(ladder, seed)
    scores: dict[int, float | None] = {}
    for number in chance.sample(numbers, 12) * 2:
        score = chance.choice([s for s in (0.0, 0.5, 1.0, None) if s != scores.get(number, -1)])
        await decide(ladder, number, score)
        scores[number] = score

    told_once = a_ladder("Told once")
    for number in numbers:
        first = await MatchEvent.filter(match_id=number).first()
        assert first is not None
        final = scores.get(number, first.payload["score"])
        one, other = await MatchParticipant.filter(match_id=number).order_by("side")
        again = await found(
            told_once, (one.player_id, one.faction), (other.player_id, other.faction)
        )
        if final is not None:
            await decide(told_once, again.id, final)
    assert await ratings_of(ladder) == await ratings_of(told_once)
    found_anew = await recompute(ladder, write=False)
    assert (found_anew.changes, found_anew.seats) == ([], {})


async def test_a_void_match_gives_its_points_back(ladder: LadderConfig) -> None:
    first = await found(ladder, (1, "T"), (2, "Z"))
    later = await found(ladder, (1, "T"), (3, "Z"))
    await decide(ladder, first.id, 1.0)
    await decide(ladder, later.id, 1.0)

    payload = await decide(ladder, first.id, None)

    assert payload == {"score": None, "order": 1, "elo": [40, 500, 1500]}
    assert await ratings_of(ladder) == {(1, "T"): (1520, 1, 1, 0), (3, "Z"): (1480, 1, 0, 0)}
    assert [s.rating_after for s in await MatchParticipant.filter(match_id=first.id)] == [None] * 2
    again = await decide(ladder, first.id, 0.0)
    assert again["ratings"] == {"1": [1500, 1480], "2": [1500, 1520]}
    assert (await ratings_of(ladder))[1, "T"] == (1501, 2, 1, 0)


async def test_a_match_void_from_the_first_never_rates(ladder: LadderConfig) -> None:
    match = await found(ladder, (1, "T"), (2, "Z"))

    assert await decide(ladder, match.id, None) == {"score": None}
    assert await ratings_of(ladder) == {}
    assert (await decide(ladder, match.id, 0.5))["order"] == 1


async def test_an_owner_who_changes_k_leaves_the_past_alone(ladder: LadderConfig) -> None:
    first = await found(ladder, (1, "T"), (2, "Z"))
    await decide(ladder, first.id, 1.0)
    slower = a_ladder(rating={"k": 10})

    await decide(slower, (await found(ladder, (1, "T"), (3, "Z"))).id, 1.0)

    assert (await recompute(slower, write=False)).changes == []
    await decide(slower, first.id, 0.0)
    assert (await ratings_of(ladder))[2, "Z"][0] == 1520


async def test_what_was_tampered_with_is_found_and_mended(ladder: LadderConfig) -> None:
    numbers = await played(ladder, 5)
    voided = await found(ladder, (1, "T"), (2, "Z"))
    right = await ratings_of(ladder)
    await execute("UPDATE queue_rating SET value = value + 100, wins = 0 WHERE player_id = 1")
    await execute("DELETE FROM queue_rating WHERE player_id = 2")
    await Rating.create(ladder="Ladder", player_id=9, faction="T", value=1700, games=3)
    await execute(
        "UPDATE queue_match_participant SET rating_after = 9 WHERE match_id = $1", numbers[7]
    )
    await execute(
        "UPDATE queue_match_participant SET rating_after = 9 WHERE match_id = $1", voided.id
    )
    tampered = await fetch("SELECT * FROM queue_rating ORDER BY id")

    looked = await recompute(ladder, write=False)

    assert {change.which.player_id for change in looked.changes} == {1, 2, 9}
    assert len(looked.seats) == 4
    assert await fetch("SELECT * FROM queue_rating ORDER BY id") == tampered
    assert await recompute(ladder, write=True) == looked
    assert await ratings_of(ladder) == right
    mended = await recompute(ladder, write=False)
    assert (mended.changes, mended.seats) == ([], {})


async def test_deciding_anew_while_others_are_decided(ladder: LadderConfig) -> None:
    numbers = await played(ladder, 6, matches=12)
    waiting = [await found(ladder, (n % 6 + 1, "T"), ((n + 1) % 6 + 1, "Z")) for n in range(12)]

    await asyncio.gather(
        *(decide(ladder, number, None) for number in numbers[::3]),
        *(decide(ladder, match.id, 0.5) for match in waiting),
    )

    checked = await recompute(ladder, write=False)
    assert (checked.matches, checked.changes, checked.seats) == (20, [], {})


async def test_recomputing_while_matches_are_decided(ladder: LadderConfig) -> None:
    await played(ladder, 7)
    await execute("UPDATE queue_rating SET value = 9000")
    waiting = [await found(ladder, (n % 6 + 1, "T"), ((n + 1) % 6 + 1, "Z")) for n in range(20)]

    async def one_after_another() -> None:
        for match in waiting:
            await decide(ladder, match.id, 1.0)

    await asyncio.gather(recompute(ladder, write=True), one_after_another())

    await recompute(ladder, write=True)  # what was rated on top of 9000
    checked = await recompute(ladder, write=False)
    assert (checked.matches, checked.changes, checked.seats) == (60, [], {})
