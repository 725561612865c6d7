"""What pytest gains by Ladderkeeper: a bot in a sandbox, and people, for whoever asks by name.

pytest loads this in every project beside which Ladderkeeper is installed, so nothing of it works
unasked, and the test kit is imported by the first test that wants it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

try:
    from pytest_asyncio import fixture as async_fixture
except ImportError:  # only those who ask for a stage need it
    async_fixture = pytest.fixture

if TYPE_CHECKING:
    from ladderkeeper.testing import Stage
    from sandbox import Persona

__all__ = [
    "alice",
    "bob",
    "bot_log",
    "database_url",
    "nothing_left_in_loop",
    "nothing_left_over",
    "stage",
    "stage_options",
]


@pytest.fixture
def nothing_left_over() -> Iterator[None]:
    """No thread, child process or socket that the test, or a fixture it used, has opened."""
    from ladderkeeper.testing import left_over

    try:
        with left_over.nothing_left_over():
            yield
    except left_over.LeftOver as left:
        pytest.fail(str(left), pytrace=False)


@async_fixture
async def nothing_left_in_loop(nothing_left_over: None) -> AsyncIterator[None]:
    """No task or timer in the test's event loop.

    Set up after ``nothing_left_over``, it ends before that: the loop is still open here, and there
    it is closed, its own sockets and threads with it.
    """
    from ladderkeeper.testing import left_over

    try:
        async with left_over.nothing_left_in_loop():
            yield
    except left_over.LeftOver as left:
        pytest.fail(str(left), pytrace=False)


@pytest.fixture
def bot_log() -> Iterator[list[str]]:
    """Every line that is logged from here on, as ``[plugin] what it says``."""
    from loguru import logger

    lines: list[str] = []
    logger.configure(extra={"plugin": "-"})
    sink = logger.add(lines.append, format="[{extra[plugin]}] {message}", level="DEBUG")
    yield lines
    logger.remove(sink)
    logger.configure(extra={})


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """An empty database of the test's own. Override it to test on PostgreSQL as well."""
    return f"sqlite://{tmp_path / 'ladder.sqlite3'}"


@pytest.fixture
def stage_options() -> dict[str, Any]:
    """Override this to choose the bot's plugins and their settings: see ``Stage.set_up``."""
    return {}


@async_fixture
async def stage(
    nothing_left_in_loop: None,
    tmp_path: Path,
    database_url: str,
    stage_options: dict[str, Any],
) -> AsyncIterator[Stage]:
    """A running bot in a sandbox of its own; see ``stage_options``."""
    from ladderkeeper.testing import Stage

    async with Stage.set_up(tmp_path, database_url, **stage_options) as stage:
        yield stage


@async_fixture
async def alice(stage: Stage) -> Persona:
    """Somebody on the server, set up for the ladder where there is one."""
    return await stage.player("Alice")


@async_fixture
async def bob(stage: Stage) -> Persona:
    """Somebody else."""
    return await stage.player("Bob")
