"""What admins look at: how everything stands, and who changed what."""

from core.db import transaction
from plugins.admin.models import AuditEntry
from plugins.queue.models import MemberFaction, Player, QueueEntry, QueueMember
from sandbox import Persona
from tests.flows.admin.house import House, conflict, done
from tests.flows.conftest import Table, both_join
from tests.plugins.queue import histories


async def test_how_everything_stands(house: House, alice: Persona, bob: Persona) -> None:
    await both_join(alice, bob)
    await Player.filter(discord_id=int(bob.id)).update(name="_Bob_")

    shown = await house.admin.slash("admin snapshot")

    assert "In the queue: **2** (BW 1 · SC2 1)" in shown.text
    assert "Matches running: **0** · conflicts: **0**" in shown.text
    assert "Views open: **2**" in shown.text
    assert "queue.searching 2" in shown.text
    assert "Database: " in shown.text
    assert "Gateway: " in shown.text
    assert "Waiting: **Alice** since <t:" in shown.text
    assert r"Waiting: **\_Bob\_** since <t:" in shown.text


async def test_matches_and_conflicts(house: House, table: Table) -> None:
    shown = await house.admin.slash("admin snapshot")
    assert "Match 1: Alice against Bob, to be confirmed, found <t:" in shown.text
    assert f"<#{table.room}>" in shown.text
    await conflict(table)

    shown = await house.admin.slash("admin snapshot")

    assert "Matches running: **0** · conflicts: **1**" in shown.text
    assert "Conflict: match 1, Alice against Bob" in shown.text


async def test_a_long_queue_has_pages(house: House) -> None:
    async with transaction():
        for number in range(30):
            waiting = await histories.player(f"Player {number}", discord_id=1000 + number)
            entry = await QueueEntry.create(
                ladder="Ladder", guild_id=house.stage.guild_id, joined_at=house.stage.clock.now()
            )
            member = await QueueMember.create(
                entry_id=entry.id, ladder="Ladder", player_id=waiting.id, vetoes=[]
            )
            await MemberFaction.create(member_id=member.id, faction="BWT")

    shown = await house.admin.slash("admin snapshot")
    assert "Page 1 of 4" in shown.text
    turned = await house.admin.press("Next", message=shown.message)
    assert "Page 2 of 4" in turned.text
    assert "**Player 9**" in turned.text


async def test_who_may_not_look(house: House, alice: Persona) -> None:
    for command in ("snapshot", "audit"):
        refused = await house.manager.slash(f"admin {command}")
        assert refused.text.startswith("You are not an admin of this ladder.")


async def test_the_audit_and_its_filters(house: House, alice: Persona, bob: Persona) -> None:
    empty = await house.admin.slash("admin audit")
    assert empty.text == "The audit has no such entry."
    await done(house, house.admin, "ban", player="Alice", duration="3d", reason="Rude | *very*")
    await done(house, house.owner, "ban", player="Bob", reason="Cheats")
    await house.stage.advance(3600)
    await done(house, house.owner, "undo", entry=2, reason="Was not Bob")

    async def shown(**filters: object) -> list[str]:
        text = (await house.admin.slash("admin audit", filters)).text
        return [line for line in text.splitlines() if line.startswith("**#")]

    lines = await shown()
    assert [line[:5] for line in lines] == ["**#3*", "**#2*", "**#1*"]
    assert f"{house.owner.mention} undid · entry 2 · **Bob**" in lines[0]
    assert "taken back" in lines[1]
    assert f"{house.admin.mention} banned · **Alice** · Banned until: none → <t:" in lines[2]
    assert r"“Rude \| \*very\*”" in lines[2]
    assert len(await shown(admin=house.admin)) == 1
    assert len(await shown(player="Bob")) == 2
    assert len(await shown(player="Bob", action="ban")) == 1
    assert len(await shown(since="30m")) == 1
    assert len(await shown(since="2h")) == 3
    assert len(await shown(since="2020-01-31")) == 3
    assert await shown(since="2999-01-31") == []


async def test_an_audit_of_what_is_not_there(house: House) -> None:
    async def said(**filters: object) -> str:
        return (await house.admin.slash("admin audit", filters)).text

    assert (await said(action="explode")).startswith("There is no action explode.")
    assert (await said(since="soon")).startswith("soon is no day and no duration.")
    assert (await said(player="nobody")).startswith("There is no player called nobody.")
    offered = await house.admin.autocomplete("admin audit", "action", "ban")
    assert [choice["value"] for choice in offered] == ["ban", "unban"]


async def test_every_entry_of_a_page_is_shown(house: House, alice: Persona) -> None:
    """However long the reasons, and full of markup."""
    mine = await Player.get(discord_id=int(alice.id))
    for number in range(25):
        await AuditEntry.create(
            guild_id=house.stage.guild_id,
            admin_id=int(house.admin.id),
            action="ban",
            player_id=mine.id,
            before={"ban": None},
            after={"ban": "for ever", "ban_reason": "*" * 300},
            reason="*" * 300,
            at=house.stage.clock.now(),
        )
        assert number >= 0

    shown = await house.admin.slash("admin audit")

    assert sum(line.startswith("**#") for line in shown.text.splitlines()) == 10
    assert "Page 1 of 3 · 25 in all" in shown.text
