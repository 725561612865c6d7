"""A real disnake bot in this process, logged in to the sandbox."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import disnake
import disnake.http
import pytest
from disnake.ext import commands

from sandbox import Bot, Sandbox

READY_S = 10.0


class TestBot(commands.InteractionBot):
    """Fails the test that uses it when one of its listeners or commands raises."""

    __test__ = False

    def __init__(self, *, intents: disnake.Intents | None = None) -> None:
        super().__init__(
            intents=intents or disnake.Intents(guilds=True, guild_messages=True),
            guild_ready_timeout=0.05,
        )
        self.problems: list[BaseException] = []

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        error = sys.exception()
        if error:
            self.problems.append(error)

    async def on_slash_command_error(
        self, interaction: object, exception: commands.CommandError
    ) -> None:
        self.problems.append(exception)


@asynccontextmanager
async def logged_in(
    bot: TestBot, sandbox: Sandbox, account: Bot, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[TestBot]:
    """Logged in, its commands registered."""
    monkeypatch.setattr(disnake.http.Route, "BASE", sandbox.api_url)
    running = asyncio.create_task(bot.start(account.token))
    try:
        async with asyncio.timeout(READY_S):
            await bot.wait_until_ready()
            # Polled, because the library does not announce that it has registered its commands.
            while len(bot.application_commands) != registered(sandbox, account):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        yield bot
    finally:
        await bot.close()
        await running
    assert bot.problems == []


def registered(sandbox: Sandbox, account: Bot) -> int:
    commands_by_guild = sandbox.world.applications[account.application_id].commands
    return sum(len(found) for found in commands_by_guild.values())
