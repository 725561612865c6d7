"""Misfortune outside of the ladder: Discord away, rooms deleted, players in two ladders."""

import asyncio
from pathlib import Path

from core.plugin import PluginState
from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import Match, QueueEntry
from sandbox import Persona
from tests.flows.conftest import SLOW_WAVES, Table, both_join, paired, player, set_stage


async def test_discord_away_does_not_put_the_queue_away(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    """Five failed attempts are as many as a plugin may have; these are not its own."""
    tries: list[str] = []

    def away(method: str, path: str) -> tuple[int, object] | None:
        if method != "POST" or not path.endswith("/threads"):
            return None
        tries.append(path)
        return 503, {"message": "the server is away", "code": 0}

    stage.sandbox.intercept(away)
    await both_join(alice, bob)

    await stage.advance(60)
    for attempts in range(1, 6):
        await eventually(lambda attempts=attempts: len(tries) >= attempts)
        await stage.settled()
        stage.clock.advance(31)

    await eventually(lambda: ended("void"))
    assert stage.app.host.states["queue"] is PluginState.LOADED
    assert await QueueEntry.filter(state="waiting").count() == 2


async def ended(state: str) -> bool:
    return await Match.filter(state=state).exists()


async def test_a_room_deleted_in_mid_match_frees_its_players(table: Table) -> None:
    await table.alice.press("Confirm")
    await table.bob.press("Confirm")
    await table.alice.sees("The match is on")

    await table.stage.client.delete_channel(table.room)

    await eventually(lambda: ended("void"))
    assert "Searching" in (await table.alice.slash("queue join", faction="BW Terran")).text


async def test_a_room_deleted_before_the_match_sends_both_back(table: Table) -> None:
    await table.stage.client.delete_channel(table.room)

    await eventually(lambda: ended("void"))
    assert "Searching" in (await table.alice.slash("queue join", faction="BW Terran")).text
    assert "Searching" in (await table.bob.slash("queue join", faction="SC2 Zerg")).text


async def test_a_room_that_cannot_be_written_in_sends_both_back(
    stage: Stage, alice: Persona, bob: Persona
) -> None:
    send_messages_in_threads = 1 << 38
    await stage.client.set_overwrites(
        str(stage.channel_id), [{"id": stage.bot_user_id, "deny": send_messages_in_threads}]
    )
    await both_join(alice, bob)

    await stage.advance(60)

    await eventually(lambda: ended("void"))
    assert await QueueEntry.filter(state="waiting").count() == 2


async def test_waiting_in_two_ladders(tmp_path: Path, database_url: str) -> None:
    """Whoever is in a match of one does not hold up the waves of the other."""
    async with set_stage(
        tmp_path, database_url, sections={"queue": SLOW_WAVES}, ladders=["Second"]
    ) as stage:
        alice, bob, carol, dave = [
            await player(stage, name) for name in ("Alice", "Bob", "Carol", "Dave")
        ]
        await alice.slash("queue join", faction="BW Terran", ladder="Second")
        await paired(stage, alice, bob)

        await carol.slash("queue join", faction="BW Zerg", ladder="Second")
        await dave.slash("queue join", faction="SC2 Zerg", ladder="Second")
        await stage.advance(60)

        await carol.sees("confirm")
        await dave.sees("confirm")
        assert stage.app.host.states["queue"] is PluginState.LOADED
        assert await Match.all().count() == 2


async def test_a_plugin_added_while_the_bot_runs_waits_for_the_next_start(
    tmp_path: Path, database_url: str
) -> None:
    """And the next change of config.toml is still taken over."""
    folder = tmp_path / "more"
    folder.mkdir()
    async with set_stage(
        tmp_path, database_url, sections={"queue": SLOW_WAVES}, folders=[folder]
    ) as stage:
        (folder / "late").mkdir()
        (folder / "late" / "__init__.py").write_text(
            "from ladderkeeper.api import Plugin\n\n\n"
            "class Late(Plugin):\n    name = 'late'\n    summary = 'Late'\n\n\nplugin = Late\n"
        )
        text = stage.config_path.read_text()
        stage.config_path.write_text(text.replace('["queue"]', '["queue", "late"]'))
        await asyncio.sleep(1.5)  # the bot looks at the file each second, by the real clock
        assert stage.app.host.loaded == ["queue"]

        stage.config_path.write_text(text.replace('["queue"]', "[]"))

        await eventually(lambda: stage.app.host.states["queue"] is PluginState.DISABLED)
