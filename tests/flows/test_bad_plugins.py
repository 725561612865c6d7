"""Plugins that misbehave: the queue goes on, the log names them, nothing is left."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from core.plugin import PluginState
from ladderkeeper.playing import report
from ladderkeeper.testing import Stage, eventually
from tests.flows.conftest import QUEUE_COMMANDS, SLOW_WAVES, paired, player, set_stage

BAD_PLUGINS = Path(__file__).parents[1] / "bad_plugins"


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Every line that is logged, with the plugin it is about."""
    lines: list[str] = []
    sink = logger.add(lines.append, format="[{extra[plugin]}] {message}", level="DEBUG")
    logger.configure(extra={"plugin": "-"})
    yield lines
    logger.remove(sink)
    logger.configure(extra={})


def with_plugin(folder: Path, url: str, name: str, **settings: Any) -> Any:
    return set_stage(
        folder,
        url,
        enabled=["queue", name],
        sections={"queue": SLOW_WAVES},
        folders=[BAD_PLUGINS],
        settings={"hook_timeout_seconds": 0.3} | settings,
    )


def said(log: list[str], *words: str) -> bool:
    return any(all(word in line for word in words) for line in log)


async def play_a_match(stage: Stage) -> None:
    """The queue goes on."""
    table = await paired(stage, await player(stage, "Alice"), await player(stage, "Bob"))
    await table.alice.press("Confirm")
    await table.bob.press("Confirm")
    await report(table.alice, "I won")
    await report(table.bob, "I lost")
    await table.bob.sees("Alice won against Bob")
    await stage.settled()
    await eventually(lambda: stage.app.views.stats().open_total == 0)


async def test_one_that_raises_in_every_hook(
    tmp_path: Path, database_url: str, log: list[str]
) -> None:
    async with with_plugin(tmp_path, database_url, "raises", quarantine_after=100) as stage:
        await play_a_match(stage)

    for hook in ("match_found", "match_started", "match_ended", "unload"):
        assert said(log, "raises", f"{hook} failed"), hook
    assert said(log, "raises", "failing task")


async def test_one_that_keeps_failing_is_quarantined(
    tmp_path: Path, database_url: str, log: list[str]
) -> None:
    async with with_plugin(tmp_path, database_url, "raises", quarantine_after=3) as stage:
        await play_a_match(stage)

        await eventually(lambda: stage.app.host.states["raises"] is PluginState.QUARANTINED)
        assert said(log, "Plugin raises failed too often")
        assert stage.app.host.loaded == ["queue"]


async def test_one_that_never_comes_back(tmp_path: Path, database_url: str, log: list[str]) -> None:
    async with with_plugin(tmp_path, database_url, "hangs") as stage:
        await play_a_match(stage)

    assert said(log, "hangs", "match_found", "longer than 0.3 s")


async def test_one_that_blocks_the_loop(tmp_path: Path, database_url: str, log: list[str]) -> None:
    async with with_plugin(tmp_path, database_url, "blocks") as stage:
        await play_a_match(stage)

    assert said(log, "the event loop is blocked", "by plugin blocks at", "blocks/__init__.py")


async def test_one_that_leaves_everything_behind(
    tmp_path: Path, database_url: str, log: list[str]
) -> None:
    """Its tasks end, its views close, its listeners and commands go; releasing goes on past what
    raises. That nothing is left in the loop is checked after each test anyway."""
    async with with_plugin(tmp_path, database_url, "leaves") as stage:
        alice = await stage.persona("Alice")
        await eventually(
            lambda: commands_of(stage, QUEUE_COMMANDS | {"stock", "sure", "broken", "slow"})
        )
        await alice.slash("stock")
        await alice.slash("sure")
        await eventually(lambda: stage.app.views.stats().open_total == 2)
        waiting = asyncio.create_task(alice.slash("slow"))
        await eventually(
            lambda: any(r for r in asyncio.all_tasks() if "application_command" in r.get_name())
        )

        enable(stage, ["queue"])
        states = stage.app.host.states
        await eventually(lambda: states["leaves"] is PluginState.DISABLED, timeout=20)
        await stage.settled()

        assert stage.app.views.stats().open_total == 0
        assert said(log, "leaves", "release of its something that raises failed")
        for message in await alice.messages():
            assert not message.components
        await eventually(lambda: commands_of(stage, QUEUE_COMMANDS))
        waiting.cancel()
        await play_a_match(stage)


async def test_an_error_in_a_command_is_one_sentence(
    tmp_path: Path, database_url: str, log: list[str]
) -> None:
    async with with_plugin(tmp_path, database_url, "leaves") as stage:
        alice = await stage.persona("Alice")
        await eventually(
            lambda: commands_of(stage, QUEUE_COMMANDS | {"stock", "sure", "broken", "slow"})
        )

        answer = await alice.slash("broken")

        assert answer.text.startswith("Something went wrong on our side.")
        assert "secret" not in answer.text
        code = answer.text.split("**")[1]
        assert said(log, "leaves", "/broken failed", code)


async def commands_of(stage: Stage, names: set[str]) -> bool:
    return await stage.commands() == names


def enable(stage: Stage, names: list[str]) -> None:
    """As an owner does it: by editing config.toml."""
    text = stage.config_path.read_text()
    line = next(line for line in text.splitlines() if line.startswith("enabled"))
    quoted = ", ".join(f'"{name}"' for name in names)
    stage.config_path.write_text(text.replace(line, f"enabled = [{quoted}]"))


@pytest.fixture
async def flaky_failed(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """The plugin `flaky` has loaded once, and fails to load after a restart."""
    async with with_plugin(tmp_path, database_url, "flaky") as stage:
        await eventually(lambda: commands_of(stage, QUEUE_COMMANDS | {"flaky"}))
        await stage.stop()
        monkeypatch.setenv("FLAKY_FAILS", "1")
        await stage.start()
        yield stage


async def test_one_that_fails_to_load_keeps_its_commands(
    flaky_failed: Stage, log: list[str]
) -> None:
    await flaky_failed.advance(1)
    await flaky_failed.settled()

    assert flaky_failed.app.host.states["flaky"] is PluginState.FAILED
    assert await commands_of(flaky_failed, QUEUE_COMMANDS | {"flaky"})
    alice = await flaky_failed.persona("Alice")
    answer = await alice.slash("flaky")
    assert answer.text == "This command is unavailable at the moment. Please try again later."


async def test_two_plugins_with_one_command(
    tmp_path: Path, database_url: str, log: list[str]
) -> None:
    async with set_stage(
        tmp_path, database_url, enabled=["flaky", "clashing"], folders=[BAD_PLUGINS]
    ) as stage:
        assert stage.app.host.loaded == ["flaky"]
        refused = "its cog Clashing is refused: plugin flaky has a command flaky already"
        assert said(log, "plugin clashing", "could not be loaded", refused)
        alice = await stage.persona("Alice")
        await eventually(lambda: commands_of(stage, {"flaky"}))
        assert (await alice.slash("flaky")).text == "hello"
