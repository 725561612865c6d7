"""What players are shown of ratings and matches: profile, leaderboard, history, one match."""

import struct
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from ladderkeeper.playing import confirm, report
from ladderkeeper.testing import Stage, eventually
from plugins.queue.config import LadderConfig
from plugins.queue.models import Match, Player
from sandbox import Exchange, Persona
from tests.flows.conftest import SLOW_WAVES, Table, both_join, set_stage
from tests.plugins.queue import histories


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    sections = {"queue": SLOW_WAVES}
    async with set_stage(tmp_path, database_url, sections=sections, ladders=["Second"]) as stage:
        yield stage


@pytest.fixture
async def played(table: Table) -> Table:
    """Alice has beaten Bob."""
    await confirm(table.alice, table.bob)
    await report(table.alice, "I won")
    await report(table.bob, "I lost")
    await eventually(lambda: Match.filter(state="completed").exists())
    return table


def a_ladder(stage: Stage) -> LadderConfig:
    return histories.a_ladder(guild_id=stage.guild_id)


async def crowd(stage: Stage, pairs: int) -> None:
    """So many pairs of players who have played one match each."""
    ladder = a_ladder(stage)
    for number in range(pairs):
        one = await histories.player(f"Winner {number}", discord_id=10_000 + number)
        other = await histories.player(
            f"Loser {number}", discord_id=20_000 + number, country="KR" if number % 2 else "US"
        )
        match = await histories.found(ladder, (one.id, "BWT"), (other.id, "SC2Z"), map="?")
        await histories.decide(ladder, match.id, 1.0)


def lines_of(exchange: Exchange) -> list[str]:
    return [
        line for line in exchange.text.splitlines() if line.startswith("**") and "games:" in line
    ]


async def test_a_profile(played: Table) -> None:
    shown = await played.alice.slash("profile")

    assert "**Alice** · Ladder" in shown.text
    assert "🇩🇪 Germany" in shown.text
    assert "rating **1520**, position 1 of 2" in shown.text
    assert "games: 1 (won 1, drawn 0, lost 0), 100% won" in shown.text
    assert "Last results: W" in shown.text
    assert "#1 · " in shown.text
    assert "against 🇩🇪 **Bob**" in shown.text
    assert "+20 → 1520" in shown.text
    assert "Aborts left this month: 3 of 3" in shown.text


async def test_a_profile_has_a_picture_of_the_rating_over_time(played: Table) -> None:
    await played.alice.slash("profile")

    url = await eventually(lambda: picture_shown_to(played.alice))
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        picture = await response.read()
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (800, 400)


async def picture_shown_to(persona: Persona) -> str:
    """Its address, once it is there."""
    embeds = [embed for message in await persona.messages() for embed in message.raw["embeds"]]
    return next((embed["image"]["url"] for embed in embeds if "image" in embed), "")


async def test_another_players_profile(played: Table) -> None:
    shown = await played.alice.slash("profile", player=played.bob)

    assert "**Bob** · Ladder" in shown.text
    assert "1480" in shown.text
    assert "Last results: L" in shown.text


async def test_a_profile_without_games(alice: Persona) -> None:
    shown = await alice.slash("profile", ladder="second")

    assert "**Alice** · Second" in shown.text
    assert "No games yet: rank U." in shown.text
    assert "Last" not in shown.text


async def test_a_profile_of_somebody_unknown(stage: Stage, alice: Persona) -> None:
    stranger = await stage.persona("*Stranger*")

    assert (await stranger.slash("profile")).text == (
        "You have not played here yet. `/queue join` begins."
    )
    assert (await alice.slash("profile", player=stranger)).text == (
        r"\*Stranger\* has not played here."
    )


async def test_a_hidden_player_is_not_on_the_leaderboard_and_has_a_profile(played: Table) -> None:
    before = (await played.bob.slash("profile")).text
    (_, second) = lines_of(await played.bob.slash("leaderboard"))
    await played.alice.slash("privacy hide")

    assert "The leaderboard does not show you" in (await played.alice.slash("profile")).text
    seen = (await played.bob.slash("profile", player=played.alice)).text
    assert "rating **1520**" in seen
    assert "leaderboard" not in seen
    assert "position 1 of 2" in seen
    assert "position 1 of 2" in (await played.alice.slash("profile")).text
    board = await played.bob.slash("leaderboard")
    assert lines_of(board) == [second]
    assert second.startswith("**2.** D ")
    assert "Page 1 of 1 · 1 in all" in board.text
    after = (await played.bob.slash("profile")).text
    assert after == before
    assert "rank **D**, rating **1480**, position 2 of 2" in after
    await both_join(played.alice, played.bob)
    await played.stage.advance(60)
    room = (await played.bob.sees("SC2 Zerg · rank D, 1480")).text
    assert "BW Terran · rank S, 1520" in room


async def test_a_leaderboard_of_hidden_players(played: Table) -> None:
    for player in (played.alice, played.bob):
        await player.slash("privacy hide")

    shown = await played.bob.slash("leaderboard")

    assert shown.text == "The leaderboard of Ladder shows nobody yet."


async def test_a_deleted_player_is_unknown_and_their_matches_stay(played: Table) -> None:
    await played.alice.slash("privacy delete")
    await played.alice.press("Delete it")

    shown = await played.bob.slash("profile", player=played.alice)
    assert shown.text == "Alice has not played here."
    assert "**Deleted player" in (await played.bob.slash("history")).text
    (only,) = lines_of(await played.bob.slash("leaderboard"))
    assert only.startswith("**1.** S ")
    assert (
        "rank **S**, rating **1480**, position 1 of 1" in (await played.bob.slash("profile")).text
    )


async def test_a_leaderboard_of_nobody(alice: Persona) -> None:
    assert (await alice.slash("leaderboard")).text == "The leaderboard of Ladder shows nobody yet."


async def test_a_leaderboard(played: Table) -> None:
    shown = await played.bob.slash("leaderboard")

    first, second = lines_of(shown)
    assert first.startswith("**1.** ")
    assert "🇩🇪 **Alice** · " in first
    assert "**1520** · games: 1, 100% won" in first
    assert second.startswith("**2.** ")
    assert shown.message is not None
    assert not shown.message.buttons


async def test_turning_the_pages_of_a_leaderboard(stage: Stage, alice: Persona) -> None:
    await crowd(stage, 12)
    shown = await alice.slash("leaderboard")
    assert [line.split("**")[3] for line in lines_of(shown)] == [
        f"Winner {number}" for number in range(10)
    ]
    assert "Page 1 of 3 · 24 in all" in shown.text
    assert all(line.startswith("**1.**") for line in lines_of(shown))

    turned = await alice.press("Next")

    assert "Page 2 of 3" in turned.text
    assert [line[:7] for line in lines_of(turned)] == ["**1.** "] * 2 + ["**13.**"] * 8
    last = await alice.press("Next")
    assert "Page 3 of 3" in last.text
    with pytest.raises(Exception, match="Next"):
        await alice.press("Next")
    assert "Page 2 of 3" in (await alice.press("Previous")).text
    assert "Page 1 of 3" in (await alice.press("First")).text
    assert "it shows who has played" in (await alice.press("Find me")).text


async def test_pages_and_filters_without_the_hidden(stage: Stage, alice: Persona) -> None:
    await crowd(stage, 12)
    await Player.filter(name__in=["Winner 0", "Loser 0", "Loser 1"]).update(listed=False)
    await Player.filter(name="Loser 11").update(discord_id=None, listed=False)
    await Player.filter(discord_id=int(alice.id)).update(discord_id=None)
    await Player.filter(name="Loser 10").update(discord_id=int(alice.id))

    shown = await alice.slash("leaderboard")

    assert "Page 1 of 2 · 20 in all" in shown.text
    assert len(lines_of(shown)) == 10
    found = await alice.press("Find me")
    assert "Page 2 of 2 · 20 in all" in found.text
    own = lines_of(found)[-1]
    assert own.startswith("**13.** ")
    assert "**Loser 10**" in own
    assert "position 13 of 23" in (await alice.slash("profile")).text
    rank = own.split()[1]
    narrowed = await alice.slash("leaderboard", rank=rank)
    assert lines_of(narrowed)[-1] == own


async def test_finding_oneself(stage: Stage, alice: Persona) -> None:
    await crowd(stage, 12)
    await Player.filter(name="Loser 11").update(discord_id=None)
    await Player.filter(discord_id=int(alice.id)).update(discord_id=None)
    await Player.filter(name="Loser 10").update(discord_id=int(alice.id))
    await alice.slash("leaderboard")

    found = await alice.press("Find me")

    assert "**Loser 10**" in found.text
    assert "Page 3 of 3 · 23 in all" in found.text


async def test_a_narrowed_leaderboard_keeps_the_positions(stage: Stage, alice: Persona) -> None:
    await crowd(stage, 4)

    shown = await alice.slash("leaderboard", faction="SC2 Zerg", country="kor")

    assert [line.split("**")[1:4:2] for line in lines_of(shown)] == [
        ["5.", "Loser 1"],
        ["5.", "Loser 3"],
    ]
    assert "🇰🇷 South Korea" in shown.text
    lowest = await alice.slash("leaderboard", rank="d")
    assert "Winner" not in lowest.text
    nobody = await alice.slash("leaderboard", country="FR")
    assert nobody.text == "Nobody on the leaderboard of Ladder is like that."


@pytest.mark.parametrize(
    ("option", "typed", "said"),
    [
        ("ladder", "Nowhere", "There is no ladder named Nowhere."),
        ("faction", "`Orc`", r"There is no faction named \`Orc\` on this ladder."),
        ("country", "Atlantis", "There is no country named Atlantis."),
        ("rank", "@everyone", "There is no rank named"),
    ],
)
async def test_a_leaderboard_of_what_is_not_there(
    alice: Persona, option: str, typed: str, said: str
) -> None:
    refused = await alice.slash("leaderboard", {option: typed})

    assert refused.text.startswith(said)
    assert "\n" not in refused.text


async def test_what_is_completed(stage: Stage, alice: Persona) -> None:
    await crowd(stage, 2)

    async def offered(option: str, typed: str, ladder: str = "Ladder") -> list[object]:
        choices = await alice.autocomplete("leaderboard", option, typed, ladder=ladder)
        return [choice["value"] for choice in choices]

    ladders = await alice.autocomplete("leaderboard", "ladder", "sec")
    assert [choice["value"] for choice in ladders] == ["Second"]
    assert await offered("faction", "zerg") == ["BW Zerg", "SC2 Zerg"]
    assert await offered("country", "") == ["DE", "KR", "US"]
    assert await offered("country", "kor") == ["KR"]
    assert await offered("country", "", ladder="Second") == []
    assert await offered("rank", "s") == ["S"]


async def test_a_history(stage: Stage, alice: Persona) -> None:
    ladder = a_ladder(stage)
    known = await Player.get(discord_id=int(alice.id))
    other = await histories.player("_Bob_")
    for score in (1.0, 0.0, 0.5, None, *[1.0] * 8):
        match = await histories.found(ladder, (known.id, "BWT"), (other.id, "SC2Z"))
        await histories.decide(ladder, match.id, score)
    await histories.found(ladder, (known.id, "BWT"), (other.id, "SC2Z"), state="conflict")
    await Match.filter(state="conflict").update(ended_at=histories.NOON)
    await histories.found(ladder, (known.id, "BWT"), (other.id, "SC2Z"), state="aborted")

    shown = await alice.slash("history")

    assert "**Matches of Alice** · Ladder" in shown.text
    assert "Page 1 of 2 · 13 in all" in shown.text
    lines = [line for line in shown.text.splitlines() if line.startswith("#")]
    assert len(lines) == 10
    assert "#13" in lines[0]
    assert "not decided yet" in lines[0]
    assert r"**\_Bob\_**" in lines[0]
    assert "does not count" in lines[-1]
    older = await alice.press("Next")
    lines = [line for line in older.text.splitlines() if line.startswith("#")]
    assert ["draw" in lines[0], "lost" in lines[1], "won" in lines[2]] == [True] * 3
    assert "+20 → 1520" in lines[2]
    assert "(9 wins in a row)" not in shown.text
    assert "(8 wins in a row)" in (await alice.slash("profile")).text


async def test_no_history(alice: Persona) -> None:
    shown = await alice.slash("history", ladder="Second")

    assert shown.text == "Alice has no matches on Second yet."


async def test_everything_of_a_match(played: Table) -> None:
    shown = (await played.bob.slash("match", number=1)).text

    assert "**Match 1** · Ladder · completed" in shown
    assert "**Alice** · " in shown
    assert "1500 → 1520 (+20) · reported to have won" in shown
    assert "1500 → 1480 (-20) · reported to have lost" in shown
    assert "Map: " in shown
    assert "Alice won against Bob." in shown
    assert "confirmed by Alice" in shown
    assert "reported by Alice" in shown
    assert shown.count("<t:") >= 5


async def test_a_match_that_is_running(table: Table) -> None:
    shown = (await table.bob.slash("match", number=1)).text

    assert "to be confirmed" in shown
    assert "rated 1500" in shown
    assert "→" not in shown


async def test_a_match_that_is_not_there(stage: Stage, alice: Persona, bob: Persona) -> None:
    assert (await alice.slash("match", number=7)).text == "There is no match 7 on this server."

    elsewhere = histories.a_ladder("Elsewhere", guild_id=77)
    match = await histories.found(elsewhere, (1, "BWT"), (2, "SC2Z"))

    assert (await bob.slash("match", number=match.id)).text == (
        f"There is no match {match.id} on this server."
    )


@pytest.mark.parametrize("command", ["profile", "leaderboard", "history", "match"])
async def test_a_server_without_a_ladder(stage: Stage, command: str) -> None:
    other = await stage.client.add_guild("Other")
    visitor = await stage.client.persona("Visitor", guilds=[other.id])
    number = {"number": 1} if command == "match" else {}

    refused = await visitor.slash(command, number, channel=other.general)

    assert refused.text == "This ladder is not played on this server."
