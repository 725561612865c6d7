"""The queue, and rooms that wait where a test tells them to."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from loguru import logger

from ladderkeeper.testing import Stage, eventually
from tests.flows.conftest import SLOW_WAVES, set_stage
from tests.flows.view_ends.rooms import rooms

SAMPLES = Path(__file__).parents[2] / "sample_plugins"


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    async with set_stage(
        tmp_path,
        database_url,
        enabled=["queue", "rooms"],
        sections={"queue": SLOW_WAVES},
        folders=[SAMPLES],
    ) as stage:
        rooms().gates = rooms().Gates()
        await eventually(stage.commands)
        yield stage
        rooms().gates.press.set()
        rooms().gates.hook.set()


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Every line that is logged from INFO on."""
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}", level="INFO")
    yield lines
    logger.remove(sink)
