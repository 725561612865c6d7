"""The wait as the player sees it: why it lasts, and what stays true when nobody can edit it."""

from typing import Any

from core.models import ViewRecord
from ladderkeeper.playing import join
from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import Player, QueueEntry, Rating
from sandbox import Persona
from tests.flows.conftest import player


async def rate(persona: Persona, value: int) -> None:
    """Give somebody a rating with every faction they might play."""
    known = await Player.get(discord_id=int(persona.id))
    for faction in ("BWT", "BWZ", "SC2Z"):
        await Rating.create(
            ladder="Ladder", player_id=known.id, faction=faction, value=value, games=1
        )


async def edits_by_the_bot(stage: Stage) -> list[str]:
    log = await stage.client.requests(method="PATCH", limit=1000)
    return [request["path"] for request in log if request["path"].startswith("/channels/")]


async def test_alone(alice: Persona) -> None:
    joined = await alice.slash("queue join", faction="BWZ")

    assert "nobody else is waiting" in joined.text
    assert "Estimated wait: not known yet" in joined.text
    assert "1 in the queue (BW 1 · SC2 0)" in joined.text
    assert "seen in the last 15 minutes: 1" in joined.text


async def test_why_it_lasts(stage: Stage, alice: Persona, bob: Persona) -> None:
    carol, dave = await player(stage, "Carol"), await player(stage, "Dave")
    await rate(carol, 1730)
    await carol.slash("queue join", faction="SC2Z")
    await dave.slash("queue join", faction="BWT")
    del bob

    joined = await alice.slash("queue join", faction="BWZ")

    assert "have a rating too far from yours as yet: 1" in joined.text
    assert "play only your own side: 1" in joined.text
    # A gap of 230: 100 at the next wave, then 150, 200, 250.
    assert "the nearest is 230 points away, which is allowed in 4 waves" in joined.text
    assert "Estimated wait: about 4 min" in joined.text  # waves come each 60 s here


async def test_somebody_suitable_waits(stage: Stage, alice: Persona, bob: Persona) -> None:
    await bob.slash("queue join", faction="SC2Z")

    joined = await alice.slash("queue join", faction="BWZ")

    assert "could play you at the next wave: 1" in joined.text
    assert "Estimated wait: about 1 min" in joined.text


async def test_whoever_would_suit_is_in_a_match(stage: Stage, alice: Persona, bob: Persona) -> None:
    carol = await player(stage, "Carol")
    await alice.slash("queue join", faction="BWZ")
    await bob.slash("queue join", faction="SC2Z")
    await stage.advance(60)
    await alice.sees("confirm")

    joined = await carol.slash("queue join", faction="BWT")

    assert "would suit you, but are in a match: 1" in joined.text
    assert "matches running: 1" in joined.text


async def test_each_wave_is_shown_without_a_request_of_the_bots_own(
    stage: Stage, alice: Persona
) -> None:
    await alice.slash("queue join", faction="BWZ")
    await alice.sees("Rating gap allowed then: 100")

    await stage.advance(60)

    await alice.sees("Rating gap allowed then: 150, one wave later 200")
    assert await edits_by_the_bot(stage) == []


async def test_before_the_token_ends_it_shows_what_stays_true(stage: Stage, alice: Persona) -> None:
    await alice.slash("queue join", faction="BWZ")
    entry = await QueueEntry.get()

    await stage.advance(14 * 60 + 1)

    resting = await alice.sees("Press Refresh to see how it stands")
    assert f"<t:{int(entry.joined_at.timestamp())}:R>" in resting.content
    assert "in the queue (" not in resting.content, "a count would not stay true"
    assert [button.label for button in resting.buttons] == ["Refresh", "Leave the queue"]
    await stage.advance(3600)
    await alice.press("Refresh", message=resting)
    await alice.sees("1 in the queue")
    assert await edits_by_the_bot(stage) == []


async def test_a_press_brings_a_token_for_another_quarter_of_an_hour(
    stage: Stage, alice: Persona
) -> None:
    await alice.slash("queue join", faction="BWZ")
    await eventually(lambda: ViewRecord.filter(rest_at__isnull=False).exists())
    first = (await ViewRecord.get()).rest_at
    await stage.advance(10 * 60)
    await alice.press("Refresh")
    await eventually(lambda: ViewRecord.filter(rest_at__gt=first).exists())

    await stage.advance(5 * 60)
    await stage.settled()

    await alice.sees("in the queue (BW 1 · SC2 0)")
    await stage.advance(9 * 60 + 10)
    await alice.sees("Press Refresh to see how it stands")


async def test_leaving_from_what_rests(stage: Stage, alice: Persona) -> None:
    await join(alice, "BWZ")
    await stage.advance(3600)

    await alice.press("Leave the queue")

    await alice.sees("You have left the queue")
    await eventually(lambda: stage.app.views.stats().open_total == 0)


async def test_what_they_chose_is_played_no_more(stage: Stage, alice: Persona) -> None:
    await join(alice, "BWZ")
    tables = stage.config_tables()
    ladder = tables["plugins"]["queue"]["ladders"][0]
    others = [
        {"code": code, "name": code, "group": group} for code, group in (("A", "a"), ("B", "b"))
    ]
    await restart(stage, ladder | {"factions": others})

    await alice.press("Refresh")

    await alice.sees("Nothing you chose is played on **Ladder** any more")
    await alice.press("Leave the queue")
    await alice.sees("You have left the queue")


async def test_their_ladder_is_played_no_more(stage: Stage, alice: Persona) -> None:
    await join(alice, "BWZ")
    ladder = stage.config_tables()["plugins"]["queue"]["ladders"][0]
    await restart(stage, ladder | {"name": "Another"})

    await alice.press("Refresh")

    await alice.sees("The ladder **Ladder** is not played any more")
    await alice.press("Leave the queue")
    await alice.sees("You have left the queue")


async def restart(stage: Stage, ladder: dict[str, Any]) -> None:
    """As an owner does who has changed the ladder."""
    tables = stage.config_tables()
    tables["plugins"]["queue"]["ladders"] = [ladder]
    await stage.stop()
    stage.write_config(tables)
    await stage.start()
