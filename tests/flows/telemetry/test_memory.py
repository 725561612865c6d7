"""The line in the log, and what the owner is told of."""

import re
from contextlib import suppress
from pathlib import Path

import disnake

from ladderkeeper.testing import Stage, eventually
from tests.flows.conftest import paired, player
from tests.flows.telemetry.conftest import Watched, watched_bot

LINE = re.compile(
    r"\[Memory\] RSS=\d+MB manager_views=(\d+) channel_map=(\d+) active_views=(\d+)"
    r" leaked_instances=(\d+)\n"
)

HELD: list[disnake.ui.View] = []


class Held(disnake.ui.View):
    """Its cog never lets go of it."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(disnake.ui.Button[None](label="Press"))


def figures(log: list[str]) -> list[tuple[int, ...]]:
    return [tuple(map(int, found.groups())) for line in log if (found := LINE.fullmatch(line))]


async def leak(watched: Watched) -> None:
    """Show a view, end it, and keep it."""
    channel = watched.stage.app.bot.get_channel(watched.stage.channel_id)
    assert isinstance(channel, disnake.TextChannel)
    HELD.append(view := Held())
    await channel.send("held", view=view)
    view.stop()
    stats = watched.stage.app.views.stats
    await eventually(lambda: stats().closed_total == 1 and not stats().open_total)
    await watched.stage.settled()


async def lines_after(stage: Stage, log: list[str], seconds: float) -> tuple[int, ...]:
    """The figures of the next line, once so much time has passed."""
    before = len(figures(log))
    while len(figures(log)) == before:
        stage.clock.advance(seconds)  # once more where the plugin was not waiting yet
        with suppress(AssertionError):
            await eventually(lambda: len(figures(log)) > before, timeout=1)
    return figures(log)[-1]


async def test_a_line_every_five_minutes(log: list[str], watched: Watched) -> None:
    stage = watched.stage
    assert await lines_after(stage, log, 300) == (0, 0, 0, 0)

    await paired(stage, await player(stage, "Alice"), await player(stage, "Bob"))
    await stage.settled()
    open_views = stage.app.views.stats().open_total

    assert await lines_after(stage, log, 300) >= (0, 0, 0, 0)
    assert open_views == 1


async def test_a_leak_is_collected_for_and_told_once(log: list[str], watched: Watched) -> None:
    try:
        await leak(watched)
        while (await lines_after(watched.stage, log, 300))[3] == 0:
            assert len(figures(log)) < 10
        await eventually(lambda: any("a collection found" in line for line in log))
        told = await watched.manager.sees("still held in memory", channel=watched.alerts)
        assert "telemetry.test_memory.Held" in told.content
        assert "HELD" in told.content

        assert (await lines_after(watched.stage, log, 300))[3] == 1
        await watched.stage.settled()

        messages = await watched.manager.messages(watched.alerts)
        assert len(messages) == 1
        assert sum("are still held in memory" in line for line in log) == 1
    finally:
        HELD.clear()


async def test_a_threshold_that_stays_passed_is_told_once(
    tmp_path: Path, database_url: str, log: list[str]
) -> None:
    async with watched_bot(tmp_path, database_url, warn_rss_megabytes=1, alert_after=2) as watched:
        for _ in range(4):
            await lines_after(watched.stage, log, 300)
        await eventually(lambda: sum("above the 1" in line for line in log) >= 4)

        told = await watched.manager.sees("has been above 1", channel=watched.alerts)
        await watched.stage.settled()

        assert "for 2 lines" in told.content
        assert len(await watched.manager.messages(watched.alerts)) == 1


async def test_without_the_plugin_there_is_no_line_and_no_figure(
    tmp_path: Path, database_url: str, log: list[str]
) -> None:
    async with watched_bot(tmp_path, database_url, enabled=("queue",)) as watched:
        watched.stage.clock.advance(300)
        await watched.stage.settled()

        assert figures(log) == []
        names = {reading.name for reading in await watched.stage.app.figures.read()}
        assert not [name for name in names if name.startswith("telemetry_")]


async def test_it_comes_and_goes_while_the_bot_runs(log: list[str], watched: Watched) -> None:
    stage = watched.stage
    await stage.load("queue")
    stage.clock.advance(1)
    await stage.settled()
    names = {reading.name for reading in await stage.app.figures.read()}
    assert not [name for name in names if name.startswith("telemetry_")]
    assert "telemetry" not in await stage.commands()

    await stage.load("queue", "telemetry")

    assert len(await lines_after(stage, log, 300)) == 4
    assert sum(line.startswith("metrics at") for line in log) == 2
