"""Commands on Discord follow the plugins: once for a burst, and once more for a late change."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.config import Config
from ladderkeeper.testing import Stage, eventually
from tests.flows.conftest import SLOW_WAVES, set_stage

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

    assert await stage.commands() == {"queue", "flaky"}
    assert await syncs(stage) == before + 1


async def test_nothing_changed_is_no_sync(stage: Stage) -> None:
    before = await syncs(stage)

    await stage.stop()
    await stage.start()

    assert await syncs(stage) == before
    assert await stage.commands() == {"queue"}


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

    assert await stage.commands() == {"queue", "flaky", "post", "open", "sure"}
    assert await syncs(stage) == before + 2
