"""Players become known once, whatever runs at once."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest

from core.clock import MovableClock
from core.db import Database, transaction
from plugins.queue.config import LadderConfig
from plugins.queue.models import Player, QueueMember
from plugins.queue.service.players import PlayerService, Requirement

LADDER: dict[str, Any] = {"name": "L", "guild_id": 1, "room_channel_id": 2}

pytestmark = pytest.mark.usefixtures("database")


@dataclass
class House:
    """The service, and the clock it goes by."""

    clock: MovableClock = field(default_factory=MovableClock)

    @property
    def players(self) -> PlayerService:
        return PlayerService(cast("Any", SimpleNamespace(clock=self.clock)))


@pytest.fixture
def house(database: Database) -> House:
    return House()


def user(number: int, name: str = "Nova", username: str = "nova") -> Any:
    """Somebody on Discord."""
    return SimpleNamespace(id=number, name=username, display_name=name)


async def test_a_newcomer_gets_their_name_and_keeps_it(house: House) -> None:
    first = await house.players.know(user(1), "de")
    again = await house.players.know(user(1, "Renamed", "renamed"), "fr")

    assert first == again
    player = await Player.get()
    assert (player.name, player.discord_name, player.locale) == ("Nova", "renamed", "fr")
    assert player.listed
    assert player.room == "thread"


async def test_meeting_somebody_many_times_at_once(house: House) -> None:
    ids = await asyncio.gather(*(house.players.know(user(1), "en") for _ in range(8)))

    assert len(set(ids)) == await Player.all().count() == 1


async def test_newcomers_of_one_name_at_once(house: House) -> None:
    await asyncio.gather(*(house.players.know(user(n, "NOVA"), "en") for n in range(1, 9)))

    names = [player.name for player in await Player.all()]
    assert names.count("NOVA") == 1
    assert len({name.lower() for name in names}) == 8


async def test_a_taken_name_does_not_spoil_the_transaction(house: House) -> None:
    await house.players.know(user(1), "en")

    async with transaction():
        second = await house.players.know(user(2), "en")
        assert await house.players.present(second)

    assert (await Player.get(id=second)).name.startswith("Nova ")


@pytest.mark.parametrize(
    ("name", "username", "kept"),
    [
        ("  Two   words ", "x", "Two words"),
        ("\u200b", "nova", "nova"),
        ("\u200b", "\u2060", "Player"),
        ("x" * 40, "x", "x" * 32),
        ("a\nb\u202ec", "x", "a bc"),
    ],
)
async def test_a_name_is_one_line_that_can_be_seen(
    house: House, name: str, username: str, kept: str
) -> None:
    await house.players.know(user(1, name, username), "en")

    assert (await Player.get()).name == kept


async def test_a_long_name_that_is_taken_still_fits(house: House) -> None:
    await house.players.know(user(1, "x" * 32), "en")
    await house.players.know(user(2, "x" * 32), "en")

    assert max(len(player.name) for player in await Player.all()) == 32
    assert await Player.all().count() == 2


async def test_being_seen_is_written_once_a_minute(house: House) -> None:
    await house.players.know(user(1), "en")
    first = (await Player.get()).seen_at
    house.clock.advance(50)
    await house.players.saw(1)
    assert (await Player.get()).seen_at == first

    house.clock.advance(15)
    await house.players.saw(1)

    seen = (await Player.get()).seen_at
    assert first is not None
    assert seen is not None
    assert 60 < (seen - first).total_seconds() < 80


async def test_a_ladder_without_regions_asks_for_none(house: House) -> None:
    known = await house.players.know(user(1), "en")
    await Player.all().update(account="Nova#1", country="DE")
    no_regions: dict[str, Any] = {"regions": [], "servers": [], "server_table": {}}
    flat = LadderConfig.model_validate(LADDER | no_regions)

    assert await house.players.missing(known, flat) == []
    assert await house.players.missing(known, LadderConfig.model_validate(LADDER)) == [
        Requirement.SETUP
    ]


async def test_one_link_for_terms_and_guide_is_acknowledged_once(house: House) -> None:
    known = await house.players.know(user(1), "en")
    link = "https://ladder.example/all"
    asked = {"terms_url": link, "guide_url": link}
    ladder = LadderConfig.model_validate(LADDER | asked)
    assert await house.players.missing(known, ladder) == list(Requirement)

    await asyncio.gather(*(house.players.acknowledge(known, link) for _ in range(3)))

    assert await house.players.missing(known, ladder) == [Requirement.SETUP]


async def test_whoever_was_deleted_is_not_present(house: House) -> None:
    known = await house.players.know(user(1), "en")

    async def leave(player_id: int) -> None:
        assert player_id == known

    await asyncio.gather(*(house.players.delete(known, "en", leave) for _ in range(3)))

    assert not await house.players.present(known)
    assert await house.players.know(user(1), "en") != known


async def test_whoever_is_sent_back_while_being_deleted_waits_nowhere(
    house: House, database_url: str
) -> None:
    """By another process, between two looks of this one."""
    if not database_url.startswith("postgres"):
        pytest.skip("SQLite lets no other process write meanwhile")
    known = await house.players.know(user(1), "en")
    another = await asyncpg.connect(database_url)
    looks = 0

    async def leave(player_id: int) -> None:
        nonlocal looks
        looks += 1
        await QueueMember.filter(player_id=player_id, active=True).update(active=False)
        if looks == 1:
            await another.execute(
                "INSERT INTO queue_member (entry_id, ladder, player_id, vetoes, sees_rooms, active)"
                " VALUES (1, 'L', $1, '[]', false, true)",
                player_id,
            )

    try:
        await house.players.delete(known, "en", leave)
    finally:
        await another.close()

    assert not await QueueMember.filter(player_id=known, active=True).exists()
