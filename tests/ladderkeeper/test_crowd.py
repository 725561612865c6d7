"""Simulated players come and go with the counter on the sandbox's page."""

import asyncio
from io import StringIO
from pathlib import Path

from rich.console import Console

from ladderkeeper.crowd import COUNTER, Crowd
from ladderkeeper.testing import Stage, eventually
from plugins.queue.models import QueueMember

SLOW_WAVES = {"wave_seconds": 600}
"""Nobody is paired."""


async def test_the_crowd_follows_the_counter(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with Stage.set_up(tmp_path, url, sections={"queue": SLOW_WAVES}) as stage:

        async def waiting(number: int) -> bool:
            return await QueueMember.filter(active=True).count() == number

        async def people() -> int:
            return len((await stage.client.state())["personas"])

        crowd = asyncio.create_task(Crowd(stage.client, Console(file=StringIO())).live(1))
        try:
            await eventually(lambda: waiting(1))
            await stage.client.set_counter(COUNTER, 3)
            await eventually(lambda: waiting(3))
            await stage.client.set_counter(COUNTER, 0)
            await eventually(lambda: waiting(0))
            await stage.client.set_counter(COUNTER, 2)
            await eventually(lambda: waiting(2))
            assert await people() == 3
        finally:
            crowd.cancel()
            await asyncio.gather(crowd, return_exceptions=True)
