"""Whoever blocks the loop is named, by the file whose code runs."""

import asyncio
import importlib.util
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from core import watchdog as watchdog_module
from core.watchdog import LoopWatchdog
from tests.core.waiting import until

BLOCKING = """
import time

def block(ready):
    while not ready():
        time.sleep(0.005)
"""


@pytest.fixture(autouse=True)
def vigilant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog_module, "BLOCKED_SECONDS", 0.1)
    monkeypatch.setattr(watchdog_module, "BEAT_SECONDS", 0.02)


@pytest.fixture
def said() -> Generator[list[tuple[str | None, str]]]:
    """The plugin bound to each line of the log, and the line."""
    lines: list[tuple[str | None, str]] = []

    def keep(message: Any) -> None:
        record = message.record
        lines.append((record["extra"].get("plugin"), record["message"]))

    sink = logger.add(keep, level="ERROR", format="{message}")
    yield lines
    logger.remove(sink)


def code_in(folder: Path) -> Callable[[Callable[[], object]], None]:
    """A function, in a file of that folder, that blocks until what it is given is true."""
    folder.mkdir()
    (folder / "service.py").write_text(BLOCKING)
    spec = importlib.util.spec_from_file_location("service", folder / "service.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.block


def reported(watchdog: LoopWatchdog) -> Callable[[], bool]:
    """True once it has reported; gives up in time to fail the test instead of hanging."""
    give_up = time.monotonic() + 10
    return lambda: watchdog.blocked > 0 or time.monotonic() > give_up


async def test_a_plugin_that_blocks_the_loop_is_named(
    tmp_path: Path, said: list[tuple[str | None, str]]
) -> None:
    # A folder whose name begins like another's is that other's for nobody.
    folders = {"ladder": tmp_path / "ladder", "ladder_two": tmp_path / "ladder_two"}
    (tmp_path / "ladder").mkdir()
    block = code_in(folders["ladder_two"])
    watchdog = LoopWatchdog(folders)
    watchdog.start()
    try:
        block(reported(watchdog))
        await until(lambda: said)
    finally:
        watchdog.stop()
    ((plugin, line),) = said
    assert plugin == "ladder_two"
    assert "by plugin ladder_two at" in line
    assert "service.py:" in line
    assert watchdog.blocked == 1
    assert watchdog.longest_seconds >= 0.05


async def test_one_block_is_reported_once_and_the_next_again(
    tmp_path: Path, said: list[tuple[str | None, str]]
) -> None:
    block = code_in(tmp_path / "ladder")
    watchdog = LoopWatchdog({"ladder": tmp_path / "ladder"})
    watchdog.start()
    try:
        for times in (1, 2):
            long_enough = time.monotonic() + 0.4
            block(lambda until=long_enough: time.monotonic() > until)
            await until(lambda times=times: len(said) >= times)
            await asyncio.sleep(0.05)  # a turn of the loop, which the watchdog sees
    finally:
        watchdog.stop()
    assert watchdog.blocked == 2


async def test_code_of_no_plugin_is_shown_by_its_line(
    tmp_path: Path, said: list[tuple[str | None, str]]
) -> None:
    watchdog = LoopWatchdog({"ladder": tmp_path})
    watchdog.start()
    try:
        seen = reported(watchdog)
        while not seen():
            time.sleep(0.005)  # noqa: ASYNC251  to block the loop is the point
        await until(lambda: said)
    finally:
        watchdog.stop()
    plugin, line = said[0]
    assert plugin is None
    assert f"by the core or a library at {__file__}:" in line


async def test_a_loop_that_turns_is_not_reported(
    tmp_path: Path, said: list[tuple[str | None, str]]
) -> None:
    watchdog = LoopWatchdog({})
    watchdog.start()
    await asyncio.sleep(0.3)
    watchdog.stop()
    watchdog.stop()
    assert said == []
