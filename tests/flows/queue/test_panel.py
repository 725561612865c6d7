"""The queue panel that an owner posts in a channel."""

import pytest

from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import Panel, QueueMember
from sandbox import Persona
from sandbox.results import Message

MANAGE_GUILD = 1 << 5


@pytest.fixture
async def owner(stage: Stage) -> Persona:
    role = await stage.client.add_role(str(stage.guild_id), "Staff", MANAGE_GUILD)
    return await stage.persona("Olga", roles=[role.id])


@pytest.fixture
async def panel(stage: Stage, owner: Persona) -> Message:
    await owner.slash("panel post")
    return await owner.sees("players seen in the last 15 minutes")


async def test_join_and_leave_by_the_panel(panel: Message, alice: Persona) -> None:
    offered = await alice.press("Join", message=panel)
    assert offered.message is not None
    assert offered.message.ephemeral
    await alice.select("Factions", ["BW Zerg"], message=offered.message)
    await alice.press("Join", message=offered.message)
    await alice.sees("Searching for an opponent")

    left = await alice.press("Leave", message=panel)

    assert left.text == "You have left the queue."
    assert await QueueMember.filter(active=True).count() == 0


async def test_its_counts_follow_and_many_changes_are_one_edit(
    stage: Stage, panel: Message, alice: Persona, bob: Persona, owner: Persona
) -> None:
    assert "0 in the queue" in panel.content
    await stage.settled()
    before = await edits(stage, panel)
    await alice.slash("queue join", faction="BWZ")
    await bob.slash("queue join", faction="SC2Z")
    await alice.slash("queue leave")
    await alice.slash("queue join", faction="BWZ")

    await stage.advance(10)

    await owner.sees("2 in the queue")
    await stage.settled()
    assert await edits(stage, panel) - before == 1


async def edits(stage: Stage, panel: Message) -> int:
    log = await stage.client.requests(method="PATCH", limit=1000)
    return sum(request["path"].endswith(panel.id) for request in log)


async def test_it_is_posted_anew_before_the_hour_is_over(
    stage: Stage, panel: Message, owner: Persona, alice: Persona
) -> None:
    await stage.advance(51 * 60)

    async def moved() -> Message | None:
        shown = [m for m in await owner.messages() if "players seen in the last" in m.content]
        return shown[0] if len(shown) == 1 and shown[0].id != panel.id else None

    newer = await eventually(moved)
    await alice.press("Join", message=newer)
    assert await Panel.all().count() == 1


async def test_posting_it_twice_moves_it(stage: Stage, panel: Message, owner: Persona) -> None:
    await owner.slash("panel post")

    async def one_is_left() -> bool:
        shown = [m for m in await owner.messages() if "players seen in the last" in m.content]
        return [m.id for m in shown] != [panel.id] and len(shown) == 1

    await eventually(one_is_left)
    assert await Panel.all().count() == 1


async def test_removing_it(stage: Stage, panel: Message, owner: Persona) -> None:
    await owner.slash("panel remove")

    async def gone() -> bool:
        return panel.id not in {message.id for message in await owner.messages()}

    await eventually(gone)
    assert await Panel.all().count() == 0
    assert (await owner.slash("panel remove")).text.startswith("There is no panel")


async def test_a_deleted_panel_is_forgotten(stage: Stage, panel: Message) -> None:
    await stage.client.delete_message(panel.channel_id, panel.id)

    async def forgotten() -> bool:
        return await Panel.all().count() == 0

    await eventually(forgotten)


async def test_players_cannot_post_one(stage: Stage, alice: Persona) -> None:
    """Discord hides the command from them; a server may show it all the same."""
    from sandbox import SandboxError

    with pytest.raises(SandboxError):
        await alice.slash("panel post")
    assert await Panel.all().count() == 0


async def test_it_works_after_a_restart(stage: Stage, panel: Message, alice: Persona) -> None:
    await stage.stop()
    await stage.start()

    offered = await alice.press("Join", message=panel)

    assert "choose what you would play" in offered.text
