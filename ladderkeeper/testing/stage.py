"""A stage: a sandbox, a bot on it in this process, and personas."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar, Unpack

import tomlkit

from core.app import App
from core.clock import MovableClock
from core.config import Config, load_config
from ladderkeeper.playing import set_up
from sandbox import Observation, Persona, Sandbox, SandboxClient
from sandbox.faults import FaultOptions

__all__ = ["Stage", "eventually"]

T = TypeVar("T")

PATIENCE_SECONDS = 10.0
LOOK_SECONDS = 0.01


async def eventually(
    look: Callable[[], Awaitable[T] | T], *, timeout: float = PATIENCE_SECONDS
) -> T:
    """Look again and again until `look` returns something true, and return that.

    Raises:
        AssertionError: when it has not within `timeout` seconds, with what it returned last.
    """
    __tracebackhide__ = True
    until = asyncio.get_running_loop().time() + timeout
    while True:
        seen = look()
        result: T = await seen if inspect.isawaitable(seen) else seen  # pyright: ignore[reportAssignmentType]
        if result:
            return result
        if asyncio.get_running_loop().time() > until:
            raise AssertionError(f"not within {timeout:g} s: {look} still says {result!r}")
        await asyncio.sleep(LOOK_SECONDS)


class Stage:
    """Everything a test of a plugin needs, torn down without a trace.

    Attributes:
        sandbox: the local Discord.
        client: asks it things and does things to it, over HTTP.
        guild_id, channel_id: the server and its first text channel.
        bot_user_id: the bot's own user, for overwrites and direct messages.
        app: the running bot; None while it is stopped.
        clock: the bot's clock, see :meth:`advance`.
        config_path: its config.toml.
    """

    def __init__(self, sandbox: Sandbox, client: SandboxClient, folder: Path) -> None:
        self.sandbox = sandbox
        self.client = client
        self.guild_id = 0
        self.channel_id = 0
        self.token = ""
        self.bot_user_id = ""
        self.clock = MovableClock()
        self.config_path = folder / "config.toml"
        self._app: App | None = None

    @classmethod
    @asynccontextmanager
    async def set_up(
        cls,
        folder: Path,
        database_url: str,
        *,
        enabled: Sequence[str] = ("queue",),
        sections: Mapping[str, Mapping[str, Any]] | None = None,
        settings: Mapping[str, Any] | None = None,
        ladders: Sequence[str] = (),
        folders: Sequence[Path] = (),
        observers: Sequence[Callable[[Observation], None]] = (),
        start: bool = True,
    ) -> AsyncGenerator[Stage, None]:
        """Set the stage in `folder`, and strike it afterwards.

        Args:
            enabled: the plugins to load.
            ladders: the names of further ladders, set up as the first, which is "Ladder".
            sections: the section of each plugin; the queue's first ladder gets the sandbox's ids.
            settings: further keys of ``[plugins]``.
            folders: folders to look for plugins in.
            observers: are shown each request and its answer.
            start: whether the bot runs at once.
        """
        async with await Sandbox.start() as sandbox, SandboxClient(sandbox.url) as client:
            for observer in observers:
                sandbox.observe(observer)
            stage = cls(sandbox, client, folder)
            guild = await client.add_guild("Ladder")
            bot = await client.add_bot("Ladderkeeper")
            stage.guild_id, stage.channel_id = int(guild.id), int(guild.general)
            stage.bot_user_id = bot.user_id
            stage.token = bot.token
            ladder = {
                "name": "Ladder",
                "guild_id": stage.guild_id,
                "room_channel_id": stage.channel_id,
            }
            given = {name: dict(section) for name, section in (sections or {}).items()}
            if "queue" in enabled:
                overrides = given.pop("queue", {})
                given["queue"] = {
                    "ladders": [ladder | overrides | {"name": n} for n in ("Ladder", *ladders)]
                }
            stage.write_config(
                {
                    "discord": {"api_url": sandbox.api_url},
                    "database": {"url": database_url},
                    "plugins": {
                        "enabled": list(enabled),
                        "folders": [str(path) for path in folders],
                        **(settings or {}),
                        **given,
                    },
                }
            )
            try:
                if start:
                    await stage.start()
                yield stage
            finally:
                await stage.stop()
            if sandbox.failures:
                raise AssertionError(f"the sandbox itself has failed: {sandbox.failures}")

    @property
    def app(self) -> App:
        """The running bot.

        Raises:
            RuntimeError: when it is stopped.
        """
        if self._app is None:
            raise RuntimeError("the bot is not running")
        return self._app

    def write_config(self, tables: Mapping[str, Any]) -> None:
        """Replace config.toml; a running bot takes it over."""
        self.config_path.write_text(tomlkit.dumps(tables), encoding="utf-8")

    def config_tables(self) -> dict[str, Any]:
        """What stands in config.toml, to be changed and written again."""
        return tomlkit.parse(self.config_path.read_text(encoding="utf-8")).unwrap()

    def config(self) -> Config:
        """The configuration, with the sandbox's token."""
        return load_config(self.config_path, environ={"DISCORD_TOKEN": self.token}, env_file=None)

    async def start(self) -> App:
        """Start the bot in this process, and wait until players find its commands."""
        app = App(self.config(), clock=self.clock)
        await app.start()
        self._app = app
        self.clock.advance(1)  # past the time in which a burst of command changes is gathered
        await self.settled()
        return app

    async def stop(self) -> None:
        """Stop it in good order. Safe to call twice."""
        app, self._app = self._app, None
        if app is not None:
            await app.stop()

    async def persona(self, name: str, **options: Any) -> Persona:
        """Somebody on the server, who is in its first channel; see ``SandboxClient.persona``."""
        return await self.client.persona(name, **options)

    async def player(self, name: str, **options: Any) -> Persona:
        """The same, having answered `/setup` where there is one."""
        persona = await self.persona(name, **options)
        if "setup" in await self.commands():
            await set_up(persona)
        return persona

    async def fault(self, do: str, **options: Unpack[FaultOptions]) -> None:
        """From now on something goes wrong between bot and Discord; see ``SandboxClient.fault``."""
        await self.client.fault(do, **options)

    async def load(self, *names: str) -> None:
        """Enable these plugins and no others, as an owner does it: in config.toml. Returns once
        they are loaded, and nothing is due."""
        tables = self.config_tables()
        tables["plugins"]["enabled"] = list(names)
        self.write_config(tables)
        await eventually(lambda: self.app.config.plugins.enabled == names)
        await eventually(lambda: sorted(self.app.host.loaded) == sorted(names))
        await self.settled()

    async def commands(self) -> set[str]:
        """The names of the commands that players find on Discord."""
        state = await self.client.state()
        return {command["name"] for bot in state["bots"] for command in bot["commands"]}

    async def advance(self, seconds: float) -> None:
        """Move the bot's clock and Discord's."""
        self.clock.advance(seconds)
        await self.client.advance(seconds)

    async def settled(self) -> None:
        """Wait until the bot owes nothing that is due: no answer to a press that it has already
        acknowledged, no end of a view, no job."""
        await self.app.settle()

    def bot_environment(self) -> dict[str, str]:
        """The environment in which ``python -m ladderkeeper run`` runs this bot as a process."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("LADDERKEEPER_")}
        return kept | {"DISCORD_TOKEN": self.token, "LADDERKEEPER_CONFIG": str(self.config_path)}
