"""Commands on Discord follow the plugins: once for a burst, and once more for a late change."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from loguru import logger

from core.config import Config
from ladderkeeper.testing import Stage, eventually
from tests.flows.conftest import QUEUE_COMMANDS, SLOW_WAVES, set_stage

PLUGINS = [Path(__file__).parents[1] / "bad_plugins", Path(__file__).parents[1] / "sample_plugins"]


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    async with set_stage(
        tmp_path,
        database_url,
        enabled=["queue"],
        sections={"queue": SLOW_WAVES},
        folders=PLUGINS,
    ) as stage:
        yield stage


def enabling(stage: Stage, *names: str) -> Config:
    config = stage.config()
    plugins = config.plugins.model_copy(update={"enabled": names})
    return config.model_copy(update={"plugins": plugins})


async def syncs(stage: Stage) -> int:
    """How often the whole list was written."""
    return len(await stage.client.requests(method="PUT", path="/commands", limit=1000))


@pytest.fixture
def long_burst(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes within a minute are one burst, however slow the machine is."""
    monkeypatch.setattr("core.plugin.commands.BURST_SECONDS", 60)


@pytest.mark.usefixtures("long_burst")
async def test_a_burst_of_changes_is_one_sync(stage: Stage) -> None:
    before = await syncs(stage)

    for names in (["queue", "flaky"], ["queue"], ["queue", "sampler"], ["queue", "flaky"]):
        await stage.app.host.apply(enabling(stage, *names))
    stage.clock.advance(60)
    await stage.settled()

    assert await stage.commands() == QUEUE_COMMANDS | {"flaky"}
    assert await syncs(stage) == before + 1


async def test_nothing_changed_is_no_sync(stage: Stage) -> None:
    before = await syncs(stage)

    await stage.stop()
    await stage.start()

    assert await syncs(stage) == before
    assert await stage.commands() == QUEUE_COMMANDS


@pytest.mark.usefixtures("long_burst")
async def test_a_change_during_a_sync_is_another_one(stage: Stage) -> None:
    before = await syncs(stage)
    changes: list[asyncio.Task[None]] = []

    def change(method: str, path: str) -> None:
        if method == "PUT" and path.endswith("/commands") and not changes:
            apply = stage.app.host.apply(enabling(stage, "queue", "flaky", "sampler"))
            changes.append(asyncio.create_task(apply))

    stage.sandbox.intercept(change)
    await stage.app.host.apply(enabling(stage, "queue", "flaky"))
    stage.clock.advance(60)
    await eventually(lambda: changes)
    await changes[0]
    stage.clock.advance(60)
    await stage.settled()

    assert await stage.commands() == QUEUE_COMMANDS | {"flaky", "post", "open", "sure"}
    assert await syncs(stage) == before + 2


@pytest.fixture
def log() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}", level="WARNING")
    yield lines
    logger.remove(sink)


async def ids(stage: Stage) -> dict[str, str]:
    """Discord's id of each command: the same while permission overrides made for it last."""
    commands = next(iter(stage.sandbox.world.applications.values())).commands[None]
    return {command.name: command.id for command in commands.values()}


async def test_commands_that_discord_refuses_hold_up_nobody_elses(
    stage: Stage, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORDY", "1")

    await stage.app.host.apply(enabling(stage, "queue", "wordy", "flaky"))
    await stage.advance(1)
    await stage.settled()

    assert await stage.commands() == QUEUE_COMMANDS | {"flaky"}
    assert len(log) == 1, log
    assert "plugin wordy: Discord refuses its commands" in log[0]
    assert "/wordy (description): Must be between 1 and 100 in length." in log[0]
    assert "/wordy (options.1): Required options must be placed before" in log[0]
    assert "/brief" not in log[0]


async def test_a_plugin_whose_commands_turn_wrong_keeps_those_it_had(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.app.host.apply(enabling(stage, "queue", "wordy"))
    await stage.advance(1)
    await stage.settled()
    before = await ids(stage)
    assert before.keys() == QUEUE_COMMANDS | {"brief", "wordy"}

    monkeypatch.setenv("WORDY", "1")
    await stage.app.host.apply(enabling(stage, "queue"))
    await stage.app.host.apply(enabling(stage, "queue", "wordy", "flaky"))
    await stage.advance(1)
    await stage.settled()

    after = await ids(stage)
    assert after.keys() == QUEUE_COMMANDS | {"brief", "wordy", "flaky"}
    assert {name: after[name] for name in before} == before
