"""A bot that is not running, as when its owner asks what is wrong."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ladderkeeper.testing import Stage
from tests.flows.conftest import set_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A bot that is not running, as when its owner asks what is wrong."""
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with set_stage(tmp_path, url, start=False) as stage:
        yield stage
