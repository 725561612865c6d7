"""A bot with admins, and two players."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ladderkeeper.testing import Stage
from sandbox import Persona
from tests.flows.admin.house import House, house_of
from tests.flows.conftest import Table, paired, player


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with house_of(tmp_path, database_url) as house:
        yield house


@pytest.fixture
async def stage(house: House) -> Stage:
    return house.stage


@pytest.fixture
async def alice(stage: Stage) -> Persona:
    return await player(stage, "Alice")


@pytest.fixture
async def bob(stage: Stage) -> Persona:
    return await player(stage, "Bob")


@pytest.fixture
async def table(stage: Stage, alice: Persona, bob: Persona) -> Table:
    return await paired(stage, alice, bob)
