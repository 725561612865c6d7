"""The room of a match: what stands in it, who is brought in, who is reminded, who may abort."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ladderkeeper.playing import confirm, report
from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import Abort, Match, Player
from sandbox import Persona
from tests.flows.conftest import SLOW_WAVES, Table, both_join, paired, player, set_stage

VIEW_CHANNEL = 1 << 10

MAPS = [
    {
        "name": "Radeon",
        "author": "Somebody",
        "links": {"Americas": "battlenet:://starcraft/map/1/1", "Europe": "https://maps.example/2"},
    }
]


@pytest.fixture
async def furnished(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    """A ladder that has everything to show."""
    ladder = SLOW_WAVES | {
        "maps": MAPS,
        "vetoes": 0,
        "rules": "Play fair.",
        "aborts_a_month": 1,
        "confirm_seconds": 90,
        "report_seconds": 1000,
    }
    async with set_stage(tmp_path, database_url, sections={"queue": ladder}) as stage:
        yield stage


@pytest.fixture
async def seated(furnished: Stage) -> Table:
    alice, bob = await player(furnished, "Alice"), await player(furnished, "Bob")
    return await paired(furnished, alice, bob)


async def requests(stage: Stage, method: str, part: str) -> list[str]:
    log = await stage.client.requests(method=method, limit=1000)
    return [request["path"] for request in log if part in request["path"]]


async def test_what_stands_in_the_room(seated: Table) -> None:
    message = await seated.alice.sees("confirm")

    for line in (
        f"**Match {(await Match.get()).id}** · Ladder",
        f"🇩🇪 {seated.alice.mention} **Alice** · 🔧 BW Terran · rank U, 1500 · in the game: Alice#1",
        "Map: **Radeon** by Somebody · <https://maps.example/2>",
        "Server: **Central EU**",
        f"Channel in the game: `SCEvo{(await Match.get()).id}`",
        "Rules: Play fair.",
        "Alice may abort 1 more this month.",
    ):
        assert line in message.content
    assert len(message.content) <= 2000


async def test_a_mention_brings_them_in_who_see_the_channel(seated: Table) -> None:
    assert await requests(seated.stage, "PUT", "/thread-members/") == []


async def test_whoever_does_not_see_the_channel_is_added_by_request(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    """They join from another channel."""
    lobby = await stage.client.add_channel(str(stage.guild_id), "lobby")
    await stage.client.set_overwrites(
        str(stage.channel_id), [{"id": bob.id, "type": 1, "deny": VIEW_CHANNEL}]
    )
    await alice.slash("queue join", faction="BWZ")
    await bob.slash("queue join", faction="SC2Z", channel=lobby)

    await stage.advance(60)

    await alice.sees("confirm")
    added = await eventually(lambda: requests(stage, "PUT", "/thread-members/"))
    assert [path.rpartition("/")[2] for path in added] == [bob.id]


async def test_whoever_has_not_confirmed_is_reminded_at_a_third(seated: Table) -> None:
    await seated.alice.press("Confirm")

    await seated.stage.advance(31)

    reminder = await seated.bob.sees("please confirm or abort")
    assert reminder.content.startswith(seated.bob.mention)
    assert seated.alice.mention not in reminder.content


async def test_whoever_has_not_reported_is_reminded_twice(seated: Table) -> None:
    await confirm(seated.alice, seated.bob)
    await report(seated.alice, "I won")

    await seated.stage.advance(501)
    first = await seated.bob.sees("How did your match end?")
    await seated.stage.settled()
    await seated.stage.advance(400)
    second = await seated.bob.sees("How did your match end?", after=first)

    assert second.content.startswith(seated.bob.mention)
    assert seated.alice.mention not in second.content


async def test_a_reported_match_needs_no_reminder(seated: Table) -> None:
    await confirm(seated.alice, seated.bob)
    await report(seated.alice, "I won")
    await report(seated.bob, "I lost")
    await seated.stage.settled()

    await seated.stage.advance(901)
    await seated.stage.settled()

    assert not [m for m in await seated.bob.messages(seated.room) if "How did your" in m.content]


async def test_the_allowance_of_aborts(furnished: Stage) -> None:
    alice, bob = await player(furnished, "Alice"), await player(furnished, "Bob")
    await paired(furnished, alice, bob)
    await alice.press("Abort")
    await bob.sees("The match was aborted")
    assert await Abort.all().count() == 1
    await alice.slash("queue join", faction="BW Terran")
    await furnished.advance(60)
    room = await alice.sees("Alice may abort 0 more this month")

    refused = await alice.press("Abort", message=room)

    assert refused.text.startswith("You have used all 1 aborts of this month")
    assert await Match.filter(state="found").count() == 1


async def test_the_other_is_told_of_a_report(seated: Table) -> None:
    await confirm(seated.alice, seated.bob)

    await report(seated.alice, "I lost")

    told = await seated.bob.sees("Alice reports to have lost. Please report too.")
    assert told.content.startswith(seated.bob.mention)
    assert told.channel_id == seated.room


async def test_a_report_can_be_taken_back_before_it_counts(seated: Table) -> None:
    await confirm(seated.alice, seated.bob)
    await seated.alice.select("How did it end?", ["I lost"])
    asked = await seated.alice.sees("Is that right?")

    await seated.alice.press("Cancel", message=asked)

    async def gone() -> bool:
        return asked.id not in {message.id for message in await seated.alice.messages()}

    await eventually(gone)
    await report(seated.alice, "I won")
    await seated.bob.sees("Alice reports to have won")


@pytest.mark.parametrize(
    ("unreported", "state"), [("void", "void"), ("report_stands", "completed")]
)
async def test_when_only_one_reports(
    tmp_path: Path, database_url: str, unreported: str, state: str
) -> None:
    ladder = SLOW_WAVES | {"unreported": unreported, "report_seconds": 1000}
    async with set_stage(tmp_path, database_url, sections={"queue": ladder}) as stage:
        alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
        await paired(stage, alice, bob)
        await confirm(alice, bob)
        await report(alice, "I won")

        await stage.advance(1000)

        async def ended() -> bool:
            return (await Match.get()).state == state

        await eventually(ended)
        said = "Alice won against Bob" if state == "completed" else "This match does not count"
        await bob.sees(said)


async def test_a_room_deleted_in_mid_match(table: Table) -> None:
    """The match is void, and both are free."""
    await confirm(table.alice, table.bob)

    await table.stage.client.delete_channel(table.room)

    async def void() -> bool:
        return (await Match.get()).state == "void"

    await eventually(void)
    again = await table.alice.slash("queue join", faction="BWZ")
    assert "Searching" in again.text
    assert (await Player.get(discord_id=int(table.alice.id))).account == "Alice#1"


async def test_several_ladders_one_match_withdraws_from_all(
    tmp_path: Path, database_url: str
) -> None:
    async with set_stage(
        tmp_path, database_url, sections={"queue": SLOW_WAVES}, ladders=("Second",)
    ) as stage:
        alice, bob = await player(stage, "Alice"), await player(stage, "Bob")
        second = await alice.slash("queue join", faction="BWZ", ladder="Second")
        await both_join(alice, bob)

        await stage.advance(60)

        await alice.sees("confirm")
        await stage.settled()
        assert second.message is not None
        shown = {message.id: message for message in await alice.messages()}
        assert shown[second.message.id].content == "You have left the queue."
        assert not shown[second.message.id].components
