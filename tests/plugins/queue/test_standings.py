"""Ranks and positions count everybody who has played; the leaderboard leaves the hidden out."""

import random

import pytest

from plugins.queue.config import LadderConfig
from plugins.queue.models import Player, Rating
from plugins.queue.service.standings import (
    Filters,
    Line,
    Standing,
    countries_of,
    leaderboard,
    lines_above,
    standing,
    standings_of,
)
from tests.plugins.queue import histories

pytestmark = pytest.mark.usefixtures("database")

PLAYERS = 30

COUNTRIES = ("DE", "KR", "US")


@pytest.fixture
async def ladder() -> LadderConfig:
    """One on which thirty have played, with one faction or two, many of them with one value."""
    ladder, chance = histories.a_ladder(), random.Random(7)
    for number in range(PLAYERS):
        player = await histories.player(f"P{number}", country=COUNTRIES[number % 3])
        for faction in ("T", "Z")[: 1 + number % 2]:
            await Rating.create(
                ladder=ladder.name,
                player_id=player.id,
                faction=faction,
                value=1500 + 10 * chance.randrange(12),
                games=3,
                wins=1,
            )
    novice = await histories.player("Novice")
    await Rating.create(ladder=ladder.name, player_id=novice.id, faction="T", value=1500)
    return ladder


async def all_lines(ladder: LadderConfig, filters: Filters | None = None) -> list[Line]:
    """The leaderboard, read a page at a time."""
    lines: list[Line] = []
    while True:
        page, total = await leaderboard(ladder, filters or Filters(), offset=len(lines), limit=7)
        lines += page
        if len(lines) >= total:
            assert len(lines) == total
            return lines


async def all_standings(ladder: LadderConfig) -> dict[tuple[int, str], Standing]:
    return {
        (player.id, faction): one
        for player in await Player.all()
        for faction, one in (await standings_of(ladder, player.id)).items()
    }


async def hide(*, of: int) -> set[int]:
    """Hide every so-maniest player."""
    numbers = [player.id for player in await Player.all().order_by("id")][::of]
    await Player.filter(id__in=numbers).update(listed=False)
    return set(numbers)


async def test_hiding_changes_nobodys_rank_or_position(ladder: LadderConfig) -> None:
    lines, standings = await all_lines(ladder), await all_standings(ladder)
    assert len(lines) == len(standings) == PLAYERS * 3 // 2

    hidden = await hide(of=3)

    assert await all_standings(ladder) == standings
    assert await all_lines(ladder) == [one for one in lines if one.player_id not in hidden]


async def test_the_leaderboard_says_what_the_profiles_say(ladder: LadderConfig) -> None:
    await hide(of=4)
    standings = await all_standings(ladder)

    lines = await all_lines(ladder)

    assert {one.total for one in standings.values()} == {PLAYERS * 3 // 2}
    for line in lines:
        own = standings[line.player_id, line.faction]
        assert (line.position, line.rank, line.value) == (own.position, own.rank, own.value)


async def test_filters_leave_the_hidden_out(ladder: LadderConfig) -> None:
    await hide(of=4)
    lines = await all_lines(ladder)

    by_rank = [await all_lines(ladder, Filters(rank=rank.name)) for rank in ladder.ranks]

    assert [line for part in by_rank for line in part] == lines
    for rank, part in zip(ladder.ranks, by_rank, strict=True):
        assert {line.rank for line in part} <= {rank.name}
    for country in COUNTRIES:
        narrowed = await all_lines(ladder, Filters(country=country, faction="T"))
        assert narrowed == [
            line for line in lines if (line.country, line.faction) == (country, "T")
        ]


async def test_finding_a_line_among_the_shown(ladder: LadderConfig) -> None:
    hidden = await hide(of=4)
    lines = await all_lines(ladder)

    for player in await Player.all():
        above = await lines_above(ladder, Filters(), player.id)

        own = [at for at, line in enumerate(lines) if line.player_id == player.id]
        assert above == (own[0] if own else None)
        assert player.id not in hidden or above is None


async def test_a_country_of_hidden_players_alone_is_not_offered(ladder: LadderConfig) -> None:
    assert sorted(await countries_of(ladder)) == sorted(COUNTRIES)

    await Player.filter(country="KR").update(listed=False)

    assert sorted(await countries_of(ladder)) == ["DE", "US"]


@pytest.mark.parametrize("listed", [True, False])
async def test_whoever_was_deleted_does_not_count(ladder: LadderConfig, listed: bool) -> None:
    best = (await all_lines(ladder))[0]
    ratings = len(await standings_of(ladder, best.player_id))

    await Player.filter(id=best.player_id).update(discord_id=None, listed=listed)

    living = {
        which: one
        for which, one in (await all_standings(ladder)).items()
        if which[0] != best.player_id
    }
    lines = await all_lines(ladder)
    assert {one.total for one in living.values()} == {len(living)} == {len(lines)}
    assert len(lines) == PLAYERS * 3 // 2 - ratings
    assert lines[0].position == 1
    for line in lines:
        own = living[line.player_id, line.faction]
        assert (line.position, line.rank) == (own.position, own.rank)
    # The message of a match they played names a rank for them all the same.
    assert (await standing(ladder, best.player_id, best.faction)).rank == ladder.ranks[0].name


async def test_the_last_who_is_not_deleted(ladder: LadderConfig) -> None:
    await Player.all().update(discord_id=None)
    one = (await Rating.filter(games__gt=0).order_by("id"))[0]

    alone = await standing(ladder, one.player_id, one.faction)

    assert (alone.position, alone.total, alone.rank) == (1, 1, ladder.ranks[0].name)
    assert await all_lines(ladder) == []


async def test_whoever_has_not_played_counts_nowhere(ladder: LadderConfig) -> None:
    novice = await Player.get(name="Novice")

    own = await standing(ladder, novice.id, "T")

    assert (own.rank, own.position, own.total) == (ladder.unranked, None, PLAYERS * 3 // 2)
    assert await standings_of(ladder, novice.id) == {}
    assert await lines_above(ladder, Filters(), novice.id) is None
