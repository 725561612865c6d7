"""Several processes on one PostgreSQL: what one leaves behind, another ends; and one that another
has taken the place of stops."""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from core.errors import LadderkeeperError
from core.models import ViewRecord, ViewState
from ladderkeeper.testing import Stage, eventually
from sandbox import Persona
from tests.core.db.names import HOLDER, SOMEBODY_WAITS
from tests.flows.conftest import set_stage

SAMPLES = Path(__file__).parents[1] / "sample_plugins"

OTHER = """
import asyncio, os
from pathlib import Path
from core.app import App
from core.config import load_config

async def main():
    config = load_config(Path(os.environ["LADDERKEEPER_CONFIG"]), env_file=None)
    async with App(config, process="other"):
        await asyncio.Event().wait()

asyncio.run(main())
"""

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@asynccontextmanager
async def other_process(stage: Stage) -> AsyncGenerator[asyncio.subprocess.Process]:
    """A process of the bot called ``other``; it serves players within the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OTHER, env=stage.bot_environment()
    )
    try:
        await eventually(stage.commands, timeout=20)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_the_short_views_of_a_process_that_is_gone_for_good_are_ended_by_another(
    tmp_path: Path, database_url: str
) -> None:
    async with set_stage(
        tmp_path, database_url, enabled=["sampler"], folders=[SAMPLES], start=False
    ) as stage:
        alice = await stage.persona("Alice")
        async with other_process(stage) as other:
            await alice.slash("sure")
            assert await buttons(alice) == ["Yes"]
            await stage.start()
            stage.clock.advance(61)
            await stage.settled()
            assert await buttons(alice) == ["Yes"], "its process lives"
            other.send_signal(signal.SIGKILL)
            await other.wait()

        async def ended() -> bool:
            stage.clock.advance(61)
            await stage.settled()
            return await buttons(alice) == []

        await eventually(ended)
        assert not await ViewRecord.filter(state=ViewState.OPEN).exists()
        await eventually(lambda: stage.app.views.stats().open_total == 0)


async def test_an_end_that_a_process_had_begun_is_made_by_another(
    tmp_path: Path, database_url: str
) -> None:
    async with set_stage(tmp_path, database_url, enabled=["sampler"], folders=[SAMPLES]) as stage:
        alice = await stage.persona("Alice")
        await alice.slash("post", view="board", key="7")
        await alice.sees("board 7")
        # As one leaves it that dies between its claim and the hook, and never comes back.
        await ViewRecord.filter(view="board").update(
            state=ViewState.CLOSING, close_reason="dismissed", process="other"
        )
        stage.clock.advance(61)
        await stage.settled()
        stage.clock.advance(61)
        await alice.sees("board 7 is closed: dismissed")
        await eventually(nothing_is_recorded)


async def nothing_is_recorded() -> bool:
    return not await ViewRecord.exists()


async def buttons(persona: Persona) -> list[str]:
    return [button.label for message in await persona.messages() for button in message.buttons]


async def test_a_bot_whose_name_another_has_taken_stops_and_says_why(
    tmp_path: Path, database_url: str
) -> None:
    async with set_stage(tmp_path, database_url, enabled=["sampler"], folders=[SAMPLES]) as stage:
        server, other = await asyncpg.connect(database_url), await asyncpg.connect(database_url)
        try:
            holder = await server.fetchrow(HOLDER)
            assert holder is not None
            # First in line: it has the name at the moment at which the bot loses it.
            taking = asyncio.create_task(
                other.execute("SELECT pg_advisory_lock($1)", holder["objid"])
            )
            await eventually(lambda: server.fetchval(SOMEBODY_WAITS))
            await server.execute("SELECT pg_terminate_backend($1)", holder["pid"])
            await taking
            with pytest.raises(LadderkeeperError, match="another bot process called 'main' has"):
                async with asyncio.timeout(20):
                    await asyncio.shield(stage.app.stopped)
        finally:
            await server.close()
            await other.close()
