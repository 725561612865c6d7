"""Ratings as a fold: the same however they come about."""

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from plugins.queue.domain.elo import Elo
from plugins.queue.domain.ratings import (
    Adjustment,
    Item,
    Ratings,
    Result,
    Standing,
    Which,
    replay,
)

ELO = Elo()
SCORES = st.sampled_from([0.0, 0.5, 1.0, None])
PLAYERS = st.integers(1, 5)
FACTIONS = st.sampled_from(["T", "Z"])
ELOS = st.sampled_from([ELO, Elo(k=16, divisor=400, start=1500)])


@st.composite
def histories(draw: st.DrawFn) -> list[Item]:
    """What moved the ratings of a few players, in order."""
    items: list[Item] = []
    for order in range(draw(st.integers(0, 40))):
        one, other = draw(st.lists(PLAYERS, min_size=2, max_size=2, unique=True))
        which, against = Which(one, draw(FACTIONS)), Which(other, draw(FACTIONS))
        if draw(st.integers(0, 5)) == 0:
            items.append(Adjustment(order, which, draw(st.integers(-200, 200)), 1500))
        else:
            score, elo = draw(SCORES), draw(ELOS)
            items.append(Result(order, order * 3 + 1, which, against, score, elo))
    return items


def results(items: Sequence[Item]) -> list[Result]:
    return [item for item in items if isinstance(item, Result)]


def test_a_win_moves_both() -> None:
    one, other = Which(1, "T"), Which(2, "Z")

    ratings = replay([Result(1, 7, one, other, 1.0, ELO)])

    assert ratings.standings == {
        one: Standing(1520, games=1, wins=1),
        other: Standing(1480, games=1),
    }
    assert ratings.moves == {7: ((1500, 1520), (1500, 1480))}


def test_factions_have_ratings_of_their_own() -> None:
    one, other = Which(1, "T"), Which(2, "Z")

    ratings = replay(
        [Result(1, 7, one, other, 1.0, ELO), Result(2, 8, Which(1, "Z"), other, 0.5, ELO)]
    )

    assert ratings.standings[one].value == 1520
    assert ratings.moves[8] == ((1500, 1499), (1480, 1481))


def test_a_void_match_is_as_though_it_never_was() -> None:
    assert replay([Result(1, 7, Which(1, "T"), Which(2, "Z"), None, ELO)]) == Ratings()


@given(histories())
def test_matches_only_move_points_from_one_to_another(items: list[Item]) -> None:
    ratings = replay(items)

    given_away = sum(item.points for item in items if isinstance(item, Adjustment))
    assert sum(s.value - 1500 for s in ratings.standings.values()) == given_away
    for (one, one_after), (other, other_after) in ratings.moves.values():
        assert one_after - one == other - other_after


@given(histories(), st.randoms(use_true_random=False))
def test_items_may_be_given_in_any_order(items: list[Item], random: Random) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)

    assert replay(shuffled) == replay(items)


@given(histories())
def test_games_are_counted(items: list[Item]) -> None:
    ratings = replay(items)

    rated = [result for result in results(items) if result.score is not None]
    standings = ratings.standings.values()
    assert sum(s.games for s in standings) == 2 * len(rated)
    assert sum(s.draws for s in standings) == 2 * sum(r.score == 0.5 for r in rated)
    assert sum(s.wins for s in standings) == sum(r.score != 0.5 for r in rated)
    assert ratings.moves.keys() == {result.match_id for result in rated}


@given(histories(), st.data())
def test_what_was_added_last_can_be_taken_back(items: list[Item], data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(items)))
    before, ratings = replay(items[:kept]), replay(items)

    for item in reversed(items[kept:]):
        moves = ratings.moves.get(item.match_id) if isinstance(item, Result) else None
        ratings.take_back(item, moves)

    played = {which: s for which, s in ratings.standings.items() if which in before.standings}
    assert played == before.standings
    assert all(s == Standing(1500) for w, s in ratings.standings.items() if w not in played)
