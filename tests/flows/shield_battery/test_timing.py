"""The notice and the end of its match, in every order; with the plugins there and away."""

from pathlib import Path

import pytest

from core.hookspecs import MatchFacts
from core.models import Job, ViewRecord
from ladderkeeper.playing import report
from ladderkeeper.testing import eventually
from plugins.queue.models import Match
from plugins.queue.service.reading import read_match
from plugins.shield_battery.models import Acknowledgement
from tests.flows.conftest import SLOW_WAVES, player, set_stage
from tests.flows.shield_battery.conftest import DELAY, Game, acknowledged, begin

BOTH = ("queue", "shield_battery")


async def finish(game: Game) -> None:
    await report(game.alice, "I won")
    await report(game.bob, "I lost")
    await game.alice.sees("Alice won against Bob")


async def test_a_match_that_has_ended_by_then(game: Game) -> None:
    await game.stage.advance(DELAY - 1)
    await finish(game)
    await game.all_closed()

    await game.stage.advance(DELAY)

    assert await game.untold()
    assert not await Job.filter(plugin="shield_battery").exists()


async def test_a_match_that_ends_at_the_same_instant(tmp_path: Path, database_url: str) -> None:
    """Told and ended, or not told; nothing is left open either way."""
    async with set_stage(
        tmp_path,
        database_url,
        enabled=BOTH,
        sections={"queue": SLOW_WAVES | {"report_seconds": DELAY}},
    ) as stage:
        alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
        game = await begin(stage, alice, bob)

        await stage.advance(DELAY)

        await alice.sees("This match does not count")
        await game.all_closed()
        for persona in (alice, bob):
            assert len(await game.notices(persona)) <= 1


async def test_a_match_that_ends_after_it(game: Game) -> None:
    """What nobody has acknowledged loses its button with the match."""
    await game.stage.advance(DELAY)
    await game.told(game.alice)
    await game.told(game.bob)

    await finish(game)

    await game.all_closed()
    assert await Acknowledgement.all().count() == 0


@pytest.mark.parametrize(("away_at", "back_at"), [(10, 20), (5, 10)])
async def test_away_while_it_waits(game: Game, away_at: int, back_at: int) -> None:
    stage = game.stage
    await stage.advance(away_at)
    await stage.load("queue")
    await stage.advance(back_at - away_at)
    assert await game.untold()

    await stage.load(*BOTH)
    if back_at < DELAY:
        assert await game.untold()
        await stage.advance(DELAY - back_at)

    for persona in (game.alice, game.bob):
        await persona.press("I understand", message=await game.told(persona))
    await acknowledged(2)
    await finish(game)
    await game.all_closed()


async def test_the_match_ends_while_it_is_away_and_never_comes_back(game: Game) -> None:
    """Its room is put to sleep all the same."""
    stage = game.stage
    await stage.advance(10)
    await stage.load("queue")
    await finish(game)
    await game.all_closed()
    await stage.advance(5)

    async def archived() -> bool:
        return game.room not in {channel["id"] for channel in await game.alice.channels()}

    await eventually(archived)

    await stage.load(*BOTH)
    await stage.advance(DELAY)
    assert await game.untold()


async def test_the_match_ends_while_a_shown_one_is_away(game: Game) -> None:
    await game.stage.advance(DELAY)
    await game.told(game.alice)
    await game.stage.load("queue")
    await finish(game)

    await game.all_closed()

    await game.stage.load(*BOTH)
    await game.all_closed()


async def test_the_queue_is_away_while_a_notice_is_open(game: Game) -> None:
    stage = game.stage
    await stage.advance(DELAY)
    notice = await game.told(game.alice)
    await stage.load("shield_battery")

    await game.alice.press("I understand", message=notice)
    await acknowledged(1)

    await stage.load(*BOTH)
    await game.bob.press("I understand", message=await game.told(game.bob))
    await acknowledged(2)
    await game.alice.sees("The match is on")
    await finish(game)
    await game.all_closed()


async def test_the_queue_is_away_when_it_is_due(game: Game) -> None:
    await game.stage.advance(10)
    await game.stage.load("shield_battery")
    await game.stage.advance(5)

    await game.told(game.alice)

    await game.stage.load(*BOTH)
    await finish(game)
    await game.all_closed()


@pytest.mark.parametrize("down_at", [5, DELAY])
async def test_a_restart(game: Game, down_at: int) -> None:
    """Each is told once, and the same button works."""
    stage = game.stage
    await stage.advance(down_at)
    await stage.settled()
    await stage.stop()
    await stage.advance(20)
    await stage.start()

    for persona in (game.alice, game.bob):
        await persona.press("I understand", message=await game.told(persona))
    await acknowledged(2)
    await finish(game)
    await game.all_closed()


async def test_hearing_of_the_start_twice(game: Game) -> None:
    """Hooks are called at least once."""
    records = await ViewRecord.filter(plugin="shield_battery")
    assert len(records) == 2
    match = await facts()

    await game.stage.app.hooks.call("match_started", match=match)
    await game.stage.advance(DELAY)

    await game.told(game.alice)
    await game.told(game.bob)
    assert {r.id for r in await ViewRecord.filter(plugin="shield_battery")} == {
        r.id for r in records
    }


async def test_hearing_of_the_start_after_the_end(game: Game) -> None:
    """Whatever it opens then ends again, since the end is told after it."""
    match = await facts()
    await finish(game)
    await game.all_closed()

    for hook in ("match_started", "match_ended"):
        await game.stage.app.hooks.call(hook, match=match)

    await game.all_closed()
    await game.stage.advance(DELAY)
    assert await game.untold()


async def facts() -> MatchFacts:
    """The match, as hooks are told of it."""
    page = await read_match((await Match.get()).id)
    assert page is not None
    return page.facts()
