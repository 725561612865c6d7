"""Words and bounds of the pages, for whatever there is to show."""

from pathlib import Path

import pytest

import plugins.queue
from core.text import Catalogue
from plugins.queue.config import LadderConfig
from plugins.queue.domain.match import MatchState, Result
from plugins.queue.service.history import Outcome, matches_of, outcomes_of, streak
from plugins.queue.views.paging import LONGEST_TEXT, embed_of
from tests.plugins.queue import histories

WON, LOST = Outcome.WON, Outcome.LOST


def test_a_streak_is_that_of_the_newest() -> None:
    assert streak([]) == 0
    assert streak([WON]) == 1
    assert streak([LOST, LOST, WON, LOST]) == 2


def test_there_are_words_for_everything() -> None:
    catalogue = Catalogue()
    catalogue.add("queue", Path(plugins.queue.__file__).with_name("sentences"))
    keys = {key.removeprefix("queue.") for key in catalogue.keys()}  # noqa: SIM118  not a mapping

    assert {f"history.match.state.{state}" for state in MatchState} <= keys
    assert {f"history.event.{kind}" for kind in (*MatchState, "reported", "confirmed")} <= keys
    assert {f"history.match.said.{result}" for result in Result} <= keys
    assert {f"history.outcome.{outcome}" for outcome in Outcome} <= keys
    counted = (Outcome.WON, Outcome.LOST, Outcome.DRAW)
    assert {f"history.letter.{outcome}" for outcome in counted} <= keys
    assert {f"history.streak.{outcome}" for outcome in counted} <= keys


def test_an_embed_holds_as_many_lines_as_discord_takes() -> None:
    embed = embed_of("heading", ["x" * 1000] * 10, "footer")

    assert embed.description is not None
    assert len(embed.description) == len("heading") + 4 * 1001
    assert len(embed.description) <= LONGEST_TEXT


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("side", "outcome"), [(0, Outcome.WON), (1, Outcome.LOST)])
async def test_a_match_as_each_side_sees_it(side: int, outcome: Outcome) -> None:
    ladder: LadderConfig = histories.a_ladder()
    players = [await histories.player(name) for name in ("One", "Other")]
    match = await histories.found(ladder, (players[0].id, "BWT"), (players[1].id, "SC2Z"))
    await histories.decide(ladder, match.id, 1.0)

    (played,), total = await matches_of(ladder, players[side].id, limit=5)

    assert total == 1
    assert played.outcome == outcome
    assert played.opponent == ("Other", "One")[side]
    assert (played.faction, played.opponent_faction) == (("BWT", "SC2Z"), ("SC2Z", "BWT"))[side]
    assert played.rating_after == (1520, 1480)[side]
    assert await outcomes_of(ladder, players[side].id) == [outcome]
    assert await matches_of(histories.a_ladder("Other"), players[side].id, limit=5) == ([], 0)
