"""One third party's cog on two bots: stock disnake's, and ours."""

import gc
import importlib
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import disnake
import pytest
from disnake.ext import commands

from core.disnake_private import state_of
from core.views.finished import stock as stock_components
from ladderkeeper.testing import Stage, eventually
from sandbox import Persona, Sandbox, SandboxClient
from tests.flows.conftest import set_stage
from tests.sandbox.disnake_bot import TestBot, logged_in

__all__ = ["House", "our_house", "stock_house"]

SAMPLES = Path(__file__).parents[2] / "sample_plugins"

Kind = Literal["stock", "ours"]


@dataclass
class House:
    """A bot with the third party's cog ``stocky``, and a person.

    Attributes:
        views: the cog's module of views, as that bot has imported it.
        stage: ours only.
        unload: takes the cog away.
        close: ends the bot.
    """

    kind: Kind
    bot: commands.InteractionBot
    views: ModuleType
    alice: Persona
    client: SandboxClient
    guild_id: str
    channel_id: str
    unload: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]
    stage: Stage | None = None

    @property
    def store(self) -> Any:
        """Where disnake keeps views."""
        state: Any = state_of(self.bot)
        return state._view_store

    @property
    def waiters(self) -> dict[str, Any]:
        """Who waits for which event."""
        bot: Any = self.bot
        return bot._listeners

    def channel(self, channel_id: str | None = None) -> disnake.TextChannel:
        found = self.bot.get_channel(int(channel_id or self.channel_id))
        assert isinstance(found, disnake.TextChannel)
        return found

    def left(self, name: str, *, collect: bool = True) -> int:
        """How many views of that class are still in memory."""
        if collect:
            gc.collect()
        return sum(type(view).__name__ == name for view in self.views.born)

    async def expect(self, name: str, *, stock: int, collect: bool = True) -> None:
        """Stock disnake has left so many views of that class behind; we none."""
        if self.kind == "stock":
            assert self.left(name, collect=collect) == stock
        else:
            await eventually(lambda: self.left(name, collect=collect) == 0)


@asynccontextmanager
async def stock_house(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[House]:
    stocky = importlib.import_module("tests.sample_plugins.stocky.cog")
    views = importlib.import_module("tests.sample_plugins.stocky.views")
    async with await Sandbox.start() as sandbox, SandboxClient(sandbox.url) as client:
        guild = await client.add_guild("Ladder")
        account = await client.add_bot("stock")
        bot = TestBot()
        monkeypatch.setattr(disnake.ui.View, "to_components", stock_components)
        cog = stocky.StockyCog(bot)
        bot.add_cog(cog)

        async def unload() -> None:
            settings: Any = bot
            settings._command_sync_flags = commands.CommandSyncFlags.none()
            bot.remove_cog("Stocky")

        async with logged_in(bot, sandbox, account, monkeypatch):
            yield House(
                "stock",
                bot,
                views,
                await client.persona("Alice"),
                client,
                guild.id,
                guild.general,
                unload,
                bot.close,
            )
            # What stock disnake leaves running.
            cog.heartbeat.cancel()
            for task in cog.background:
                task.cancel()
            for view in list(views.born):
                view.stop()


@asynccontextmanager
async def our_house(folder: Path) -> AsyncGenerator[House]:
    url = f"sqlite://{folder / 'ladder.sqlite3'}"
    async with set_stage(folder, url, enabled=["stocky"], folders=[SAMPLES]) as stage:
        await eventually(stage.commands)

        async def unload() -> None:
            config = stage.config()
            plugins = config.plugins.model_copy(update={"enabled": ()})
            await stage.app.host.apply(config.model_copy(update={"plugins": plugins}))
            await stage.settled()

        yield House(
            "ours",
            stage.app.bot,
            sys.modules["ladderkeeper_folder_plugins.stocky.views"],
            await stage.persona("Alice"),
            stage.client,
            str(stage.guild_id),
            str(stage.channel_id),
            unload,
            stage.stop,
            stage,
        )
