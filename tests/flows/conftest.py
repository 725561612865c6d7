"""A bot in a sandbox, and two players."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ladderkeeper.testing import Stage
from sandbox import Persona
from tests import openapi

SLOW_WAVES = {"wave_seconds": 60, "room_close_seconds": 0}
"""Waves come when a test moves the clock."""


PAGES = {"profile", "leaderboard", "history", "match"}

QUEUE_COMMANDS = {"queue", "panel", "setup", "privacy", *PAGES}
"""What players find when the queue is loaded."""


@asynccontextmanager
async def set_stage(folder: Path, database_url: str, **options: Any) -> AsyncGenerator[Stage]:
    """A stage on which all that the bot says to Discord is checked against Discord's document,
    where that is at hand."""
    contract = openapi.contract() if openapi.document_path() else None
    observers = [contract.observe] if contract is not None else []
    async with Stage.set_up(folder, database_url, observers=observers, **options) as stage:
        yield stage
    if contract is not None:
        assert contract.violations() == []


@pytest.fixture
def has_tables() -> bool:
    """No flow is about the first start of a database."""
    return True


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    """The queue alone, on both databases."""
    async with set_stage(tmp_path, database_url, sections={"queue": SLOW_WAVES}) as stage:
        yield stage


@dataclass
class Table:
    """Two players who were paired, and their room."""

    stage: Stage
    alice: Persona
    bob: Persona
    room: str


async def player(stage: Stage, name: str) -> Persona:
    """Somebody who is set up."""
    return await stage.player(name)


async def both_join(alice: Persona, bob: Persona) -> None:
    """Two who can be paired."""
    await alice.slash("queue join", faction="BW Terran")
    await bob.slash("queue join", faction="SC2 Zerg")


@pytest.fixture
async def table(stage: Stage, alice: Persona, bob: Persona) -> Table:
    """Alice and Bob have been paired and are in their room."""
    return await paired(stage, alice, bob)


async def paired(stage: Stage, alice: Persona, bob: Persona) -> Table:
    """Both join, the wave comes, the room is there."""
    await both_join(alice, bob)
    await stage.advance(60)
    message = await alice.sees("confirm")
    await bob.sees("confirm")
    return Table(stage, alice, bob, message.channel_id)
