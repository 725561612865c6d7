"""A bot without Discord: the sandbox and the bot as processes of their own, and a way to both."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import tomlkit
from rich.console import Console

from core.config import load_config
from core.config.environment import ORIGINAL
from core.config.toml_file import read_toml
from core.errors import LadderkeeperError
from ladderkeeper.bot_log import readable_output
from sandbox import SandboxClient

__all__ = ["Offline", "offline"]

START_SECONDS = 120.0
"""A plugin whose `load` hangs is left out after thirty, and there may be more of them."""

STOP_SECONDS = 30.0
BOT = ("-m", "ladderkeeper", "run")
READY = "commands on Discord"
"""The log line after which players find the commands."""


@dataclass
class Offline:
    """What runs.

    Attributes:
        client: the sandbox, over HTTP.
        guild_id: the server.
        channel_id: the text channel that players are in.
        announcements_id: the channel that is told of each result.
        bot_user_id: the bot's own user.
        config_path: the bot's config.toml.
        database_url: its database, which may be a secret.
        log_file: the bot's log, a JSON object a line.
        carry_over: writes the bot's config.toml anew, from the owner's; raises ConfigError when
            that cannot be used.
    """

    client: SandboxClient
    guild_id: str
    channel_id: str
    announcements_id: str
    bot_user_id: str
    config_path: Path
    database_url: str = field(repr=False)
    log_file: Path
    carry_over: Callable[[], None]
    _bot: asyncio.subprocess.Process

    @property
    def bot_pid(self) -> int:
        """The process id of the bot."""
        return self._bot.pid

    @property
    def bot_runs(self) -> bool:
        """Whether the bot has not ended."""
        return self._bot.returncode is None

    async def stop_bot(self) -> None:
        """End the bot in good order; its last log line has the figures."""
        await _end(self._bot)

    def figures(self) -> dict[str, Any]:
        """What the bot said of itself when it stopped."""
        for line in reversed(_lines(self.log_file)):
            if "views_opened" in line.get("extra", {}):
                return line["extra"]
        raise LadderkeeperError(f"the bot ended without its figures; its log is\n{self.log_text()}")

    def log_text(self) -> str:
        """The bot's log as it is now."""
        return _text(self.log_file)


@asynccontextmanager
async def offline(
    config_path: Path,
    *,
    ladder: Mapping[str, Any],
    port: int = 0,
    database_url: str | None = None,
    bot: Sequence[str] = BOT,
    whole_log: bool = False,
    people: Sequence[str] = (),
    owner: str | None = None,
    out: Console | None = None,
) -> AsyncGenerator[Offline, None]:
    """Run both while the block runs.

    Plugins and their settings are those of `config_path`; the ladder's server and channels, the
    database and the log are the sandbox's own, and gone afterwards.

    Args:
        ladder: settings of the ladder that differ from the owner's.
        port: where the sandbox listens; 0 takes a free port.
        database_url: a database that is there already, and stays.
        bot: what Python runs as the bot.
        people: the names of those who are there from the beginning.
        owner: the name of somebody who may do everything on the server, and owns the bot.
        whole_log: never begin the bot's log anew, however large it grows.
        out: is told when they start, which takes some seconds.

    Raises:
        ConfigError: when `config_path` cannot be used.
        LadderkeeperError: when one of the two does not start, with what it said.
    """
    load_config(config_path, environ={}, env_file=None)  # says what is wrong with it
    if out is not None:
        out.print("Starting a local Discord and the bot ...", style="dim")
    with TemporaryDirectory(prefix="ladderkeeper-") as name:
        folder = Path(name)
        sandbox = await _spawn(
            ["-m", "sandbox", "--port", str(port), "--bot", "Ladderkeeper", "--json"],
            {},
            folder / "sandbox",
        )
        try:
            world = await _first_line(sandbox, folder / "sandbox")
            path = folder / "config.toml"
            log_file = folder / "bot.jsonl"
            url = database_url or f"sqlite://{folder / 'ladder.sqlite3'}"
            log: dict[str, Any] = {"format": "json", "file": str(log_file)}
            if whole_log:
                log["file_max_megabytes"] = 0

            async with SandboxClient(world["url"]) as client:
                for person in people:
                    await client.persona(person)
                owners = [await _owner(client, world, owner)] if owner is not None else []

            def carry_over() -> None:
                load_config(config_path, environ={}, env_file=None)
                beside = path.with_suffix(".new")
                beside.write_text(_config(config_path, world, ladder, url, log, owners), "utf-8")
                beside.replace(path)  # at once: a running bot looks at it every second

            carry_over()
            environment = {
                "DISCORD_TOKEN": world["bots"][0]["token"],
                "LADDERKEEPER_CONFIG": str(path),
                ORIGINAL: str(config_path),
            }
            process = await _spawn([*bot], environment, folder / "bot")
            try:
                await _ready(process, log_file, folder / "bot")
                async with SandboxClient(world["url"]) as client:
                    yield Offline(
                        client,
                        guild_id=world["guild_id"],
                        channel_id=world["channels"]["ladder"],
                        announcements_id=world["channels"]["general"],
                        bot_user_id=world["bots"][0]["user_id"],
                        config_path=path,
                        database_url=url,
                        log_file=log_file,
                        carry_over=carry_over,
                        _bot=process,
                    )
            finally:
                await _end(process)
        finally:
            await _end(sandbox)


def _config(
    config_path: Path,
    world: dict[str, Any],
    ladder: Mapping[str, Any],
    database: str,
    log: dict[str, Any],
    owners: Sequence[int],
) -> str:
    """The owner's settings, with all that would leave this machine pointed at the sandbox."""
    document: dict[str, Any] = read_toml(config_path)
    document["discord"] = {"api_url": world["api_url"], "owners": list(owners)}
    document["database"] = {"url": database}
    document["log"] = log
    plugins = document.setdefault("plugins", {})
    plugins.setdefault("enabled", [])
    plugins["folders"] = [
        str((config_path.parent / path).absolute()) for path in plugins.get("folders", [])
    ]
    places = {
        "guild_id": int(world["guild_id"]),
        "room_channel_id": int(world["channels"]["ladder"]),
        "announcements_channel_id": int(world["channels"]["general"]),
    }
    queue: dict[str, Any] = plugins.setdefault("queue", {})
    ladders: Any = queue.get("ladders") or [{"name": "Ladder"}]
    if isinstance(ladders, list) and isinstance(ladders[0], dict):  # else the bot says what it is
        first = cast("dict[str, Any]", ladders[0])
        queue["ladders"] = [{**first, **places, **ladder}]
    if "queue" not in plugins["enabled"]:
        plugins["enabled"] = [*plugins["enabled"], "queue"]  # it is what is played here
    return tomlkit.dumps(document)


async def _owner(client: SandboxClient, world: dict[str, Any], name: str) -> int:
    """Somebody who may do everything on the server; their id."""
    role = await client.add_role(world["guild_id"], "Owners", ["ADMINISTRATOR"])
    return int((await client.persona(name, roles=[role.id])).id)


async def _spawn(
    arguments: list[str], environment: Mapping[str, str], output: Path
) -> asyncio.subprocess.Process:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LADDERKEEPER_", "DISCORD_"))}
    with output.open("wb") as stream:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            env={**kept, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )


async def _first_line(process: asyncio.subprocess.Process, output: Path) -> dict[str, Any]:
    """What the sandbox says of itself once it listens."""

    def said() -> dict[str, Any] | None:
        first, newline, _ = _text(output).partition("\n")
        return json.loads(first) if newline and first.startswith("{") else None

    return await _until(said, process, "the sandbox", output)


async def _ready(process: asyncio.subprocess.Process, log: Path, output: Path) -> None:
    def said() -> bool:
        return any(line.get("message", "").startswith(READY) for line in _lines(log))

    await _until(said, process, "the bot", output)


async def _until(look: Any, process: asyncio.subprocess.Process, what: str, output: Path) -> Any:
    try:
        async with asyncio.timeout(START_SECONDS):
            while not (seen := look()):
                if process.returncode is not None:
                    said = readable_output(_text(output))
                    raise LadderkeeperError(f"{what} ended at once: {said}")
                await asyncio.sleep(0.05)
            return seen
    except TimeoutError:
        said = readable_output(_text(output))
        raise LadderkeeperError(
            f"{what} did not start within {START_SECONDS:g} s: {said}"
        ) from None


def _lines(log: Path) -> list[dict[str, Any]]:
    text = _text(log)
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
