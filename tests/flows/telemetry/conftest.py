"""A bot that watches itself, an owner, a manager and a player."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from loguru import logger

from ladderkeeper.testing import Stage
from sandbox import Persona
from sandbox.results import Channel
from tests.flows.conftest import SLOW_WAVES, set_stage

ENABLED = ("queue", "telemetry")


@dataclass
class Watched:
    """What runs, and who is there.

    Attributes:
        owner: may do nothing on the server, and owns the bot.
        manager: may manage the server.
        player: may do neither.
        alerts: the channel that the owner is told in.
    """

    stage: Stage
    owner: Persona
    manager: Persona
    player: Persona
    alerts: Channel


@asynccontextmanager
async def watched_bot(
    folder: Path, database_url: str, *, enabled: tuple[str, ...] = ENABLED, **telemetry: Any
) -> AsyncGenerator[Watched]:
    """The bot, with these settings of ``[plugins.telemetry]``."""
    sections = {"queue": SLOW_WAVES, "telemetry": telemetry}
    async with set_stage(
        folder, database_url, enabled=enabled, sections=sections, start=False
    ) as stage:
        guild = str(stage.guild_id)
        managers = await stage.client.add_role(guild, "Managers", ["MANAGE_GUILD"])
        owner = await stage.persona("Olga")
        manager = await stage.persona("Manja", roles=[managers.id])
        player = await stage.persona("Pia")
        alerts = await stage.client.add_channel(guild, "alerts")
        tables = tomlkit.parse(stage.config_path.read_text(encoding="utf-8")).unwrap()
        tables["discord"] |= {"owners": [int(owner.id)], "alerts_channel_id": int(alerts.id)}
        stage.write_config(tables)
        await stage.start()
        yield Watched(stage, owner, manager, player, alerts)


@pytest.fixture
async def watched(tmp_path: Path, database_url: str) -> AsyncIterator[Watched]:
    async with watched_bot(tmp_path, database_url, metrics_port=0) as watched:
        yield watched


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Every line that is logged from INFO on."""
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}", level="INFO")
    yield lines
    logger.remove(sink)
