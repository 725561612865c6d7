"""A match leaves nothing behind in the bot's memory."""

from ladderkeeper.testing import eventually
from tests.flows.telemetry.conftest import Watched
from tests.flows.telemetry.test_metrics import play


async def test_the_thread_of_a_match_that_is_over_is_forgotten(watched: Watched) -> None:
    stage = watched.stage
    guild = stage.app.bot.get_guild(stage.guild_id)
    assert guild is not None
    await play(stage)

    async def is_closed() -> bool:
        stage.clock.advance(2)
        return not guild.threads

    await eventually(is_closed)

    [room] = stage.sandbox.world.guilds[str(stage.guild_id)].archived
    await stage.client.archive_thread(room, archived=False)
    await eventually(lambda: [str(thread.id) for thread in guild.threads] == [room])
