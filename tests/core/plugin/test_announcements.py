"""What happened to a match is announced after the commit, in order, and after a restart too."""

import asyncio

from core.clock import MovableClock
from core.db import Database, transaction
from core.hookspecs import MatchFacts, ParticipantFacts, hookimpl
from core.jobs import JobQueue, JobRunner
from core.plugin.announcements import Announcements
from core.plugin.hooks import HookCaller
from core.tasks import cancel_all, spawn
from tests.core.db import rows
from tests.core.jobs.runners import owed
from tests.core.waiting import until

MATCH = MatchFacts(
    id=175,
    ladder="main",
    guild_id=2**60,
    channel_id=None,
    participants=(ParticipantFacts(player_id=1, discord_id=2**61, side=0, faction="terran"),),
)


class Hearing:
    def __init__(self) -> None:
        self.heard: list[tuple[str, MatchFacts]] = []

    @hookimpl
    async def match_found(self, match: MatchFacts) -> None:
        await asyncio.sleep(0.02)  # in which the next could overtake it
        self.heard.append(("found", match))

    @hookimpl
    async def match_ended(self, match: MatchFacts) -> None:
        self.heard.append(("ended", match))


def ignore(plugin: str, where: str, error: Exception) -> None:
    del plugin, where, error


class Process:
    """What one start of the bot builds."""

    def __init__(self) -> None:
        clock = MovableClock()
        jobs = JobQueue(clock)
        self.plugin = Hearing()
        self.hooks = HookCaller(seconds=5, on_failure=ignore)
        self.hooks.register("hearing", self.plugin)
        self.hooks.loaded("hearing")
        self.runner = JobRunner(jobs, clock, process="main", on_failure=ignore)
        self.announcements = Announcements(jobs, self.runner, self.hooks)


async def test_announcements_are_heard_in_order_by_the_next_process(database: Database) -> None:
    dies = Process()
    ended = MATCH.model_copy(update={"outcome": "completed"})
    async with transaction():
        await dies.announcements.owe("match_found", MATCH)
        await dies.announcements.owe("match_ended", ended)
    async with rows.undone(transaction):
        await dies.announcements.owe("match_started", MATCH)
    assert dies.plugin.heard == []

    lives = Process()
    running = spawn(lives.runner.run(), name="jobs")
    try:
        await until(lambda: len(lives.plugin.heard) == 2)
        await lives.runner.settle()
    finally:
        await cancel_all([running])
    assert lives.plugin.heard == [("found", MATCH), ("ended", ended)]
    assert await owed() == []
