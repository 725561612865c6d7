"""Bans: who may not join, until when."""

import asyncio

from ladderkeeper.testing import eventually
from plugins.admin.models import AuditEntry
from plugins.queue.models import (
    Ban,
    EntryState,
    Match,
    QueueEntry,
    QueueMember,
)
from sandbox import Persona
from tests.flows.admin.house import House, done
from tests.flows.conftest import Table, player

DAY = 86_400


async def test_a_banned_player_cannot_join_until_the_ban_ends(house: House, alice: Persona) -> None:
    await alice.slash("queue join", faction="BWT")

    entry = await done(house, house.admin, "ban", player="Alice", duration="1d", reason="Rude")

    assert entry.before == {"ban": None}
    assert not await QueueMember.filter(active=True).exists()
    assert "until <t:" in (await alice.sees("An admin banned you")).text
    for command in ({"faction": "BWT"}, {}):
        refused = await alice.slash("queue join", command)
        assert refused.text.startswith("You are banned from this ladder until <t:")
        assert refused.text.endswith("The reason: Rude")
    await house.stage.advance(DAY + 1)
    assert "Searching" in (await alice.slash("queue join", faction="BWT")).text


async def test_a_ban_for_ever_and_its_end(house: House, alice: Persona) -> None:
    await done(house, house.admin, "ban", player="Alice", reason="Cheats")
    refused = await alice.slash("queue join", faction="BWT")
    assert refused.text == "You are banned from this ladder. The reason: Cheats"

    entry = await done(house, house.admin, "unban", player="Alice", reason="Was somebody else")

    assert (entry.before["ban"], entry.after["ban"]) == ("for ever", None)
    await alice.sees("You are not banned any more")
    assert "Searching" in (await alice.slash("queue join", faction="BWT")).text
    again = await house.admin.slash("admin unban", player="Alice", reason="x")
    assert again.text == "Alice is not banned."


async def test_a_ban_takes_the_place_of_another(house: House, alice: Persona) -> None:
    await done(house, house.admin, "ban", player="Alice", duration="1 day", reason="Rude")

    entry = await done(house, house.owner, "ban", player="Alice", reason="Rude again")

    assert entry.before["ban_reason"] == "Rude"
    assert await Ban.all().count() == 1
    assert (await Ban.get()).until is None


async def test_two_admins_ban_at_once(house: House, alice: Persona) -> None:
    admins = (house.admin, house.owner)
    asked = [
        await admin.slash("admin ban", player="Alice", reason=f"of {admin.name}")
        for admin in admins
    ]

    answers = await asyncio.gather(
        *(
            admin.press("Confirm", message=exchange.message)
            for admin, exchange in zip(admins, asked, strict=True)
        )
    )

    texts = sorted(answer.text for answer in answers)
    assert sum("Done." in text for text in texts) == 1
    assert any("was changed by somebody else meanwhile" in text for text in texts)
    assert await AuditEntry.all().count() == await Ban.all().count() == 1


async def test_a_ban_and_joining_at_once(house: House, alice: Persona) -> None:
    asked = await house.admin.slash("admin ban", player="Alice", reason="Rude")

    await asyncio.gather(
        house.admin.press("Confirm", message=asked.message),
        alice.slash("queue join", faction="BWT"),
    )

    await house.stage.settled()
    assert not await QueueEntry.filter(state=EntryState.WAITING).exists()


async def test_a_banned_player_does_not_come_back_to_the_queue_from_a_match(
    house: House, table: Table
) -> None:
    await done(house, house.admin, "ban", player="Bob", reason="Rude")
    await house.stage.settled()

    await table.alice.press("Abort")

    await eventually(lambda: Match.filter(state="aborted").exists())
    assert not await QueueEntry.filter(state=EntryState.WAITING).exists()


async def test_deleting_oneself_is_no_way_out_of_a_ban(house: House, alice: Persona) -> None:
    await done(house, house.admin, "ban", player="Alice", reason="Cheats")

    sure = await alice.slash("privacy delete")
    assert "Until your ban ends, your Discord id stays with it" in sure.text
    await alice.press("Delete it", message=sure.message)
    anew = await player(house.stage, "Alice again")
    assert "Searching" in (await anew.slash("queue join", faction="BWT")).text

    await alice.slash("setup", account="Nova", country="DE", region="EUW")
    refused = await alice.slash("queue join", faction="BWT")
    assert refused.text == "You are banned from this ladder. The reason: Cheats"
    await done(house, house.admin, "unban", player=alice.mention)
    assert "Searching" in (await alice.slash("queue join", faction="SC2Z")).text


async def test_a_ban_is_of_one_server(house: House, alice: Persona) -> None:
    await done(house, house.admin, "ban", player="Alice", reason="Cheats")

    assert (await Ban.get()).guild_id == house.stage.guild_id


async def test_a_duration_that_is_none(house: House, alice: Persona) -> None:
    refused = await house.admin.slash("admin ban", player="Alice", duration="soon", reason="x")

    assert refused.text.startswith("soon is no duration.")
    offered = await house.admin.autocomplete("admin ban", "duration", "1")
    assert [choice["value"] for choice in offered] == [
        "1 hour",
        "1 day",
        "1 week",
        "1 month",
        "1 year",
    ]
