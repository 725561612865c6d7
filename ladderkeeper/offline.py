"""A bot without Discord: the sandbox and the bot as processes of their own, and a way to both."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import tomlkit

from core.config import load_config
from core.errors import LadderkeeperError
from sandbox import SandboxClient

__all__ = ["Offline", "offline"]

START_SECONDS = 30.0
STOP_SECONDS = 15.0
READY = "commands on Discord"
"""The log line after which players find the commands."""


@dataclass
class Offline:
    """What runs.

    Attributes:
        client: the sandbox, over HTTP.
        channel_id: the text channel that players are in.
        log_file: the bot's log, a JSON object a line.
    """

    client: SandboxClient
    channel_id: str
    log_file: Path
    _bot: asyncio.subprocess.Process

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
    config_path: Path, *, ladder: Mapping[str, Any], port: int = 0
) -> AsyncGenerator[Offline, None]:
    """Run both while the block runs.

    Plugins and their settings are those of `config_path`; the ladder's server and channels, the
    database and the log are the sandbox's own, and gone afterwards.

    Args:
        ladder: settings of the ladder that differ from the owner's.
        port: where the sandbox listens; 0 takes a free port.

    Raises:
        ConfigError: when `config_path` cannot be used.
        LadderkeeperError: when one of the two does not start, with what it said.
    """
    load_config(config_path, environ={}, env_file=None)  # says what is wrong with it
    with TemporaryDirectory(prefix="ladderkeeper-") as name:
        folder = Path(name)
        sandbox = await _spawn(
            ["-m", "sandbox", "--port", str(port), "--json"], {}, folder / "sandbox"
        )
        try:
            world = await _first_line(sandbox, folder / "sandbox")
            path = folder / "config.toml"
            log_file = folder / "bot.jsonl"
            path.write_text(_config(config_path, world, ladder, folder, log_file), encoding="utf-8")
            environment = {
                "DISCORD_TOKEN": world["bots"][0]["token"],
                "LADDERKEEPER_CONFIG": str(path),
            }
            bot = await _spawn(["-m", "ladderkeeper", "run"], environment, folder / "bot")
            try:
                await _ready(bot, log_file, folder / "bot")
                async with SandboxClient(world["url"]) as client:
                    yield Offline(client, world["channels"]["ladder"], log_file, bot)
            finally:
                await _end(bot)
        finally:
            await _end(sandbox)


def _config(
    config_path: Path, world: dict[str, Any], ladder: Mapping[str, Any], folder: Path, log: Path
) -> str:
    """The owner's settings, with all that would leave this machine pointed at the sandbox."""
    document = tomlkit.parse(config_path.read_text(encoding="utf-8")).unwrap()
    document["discord"] = {"api_url": world["api_url"]}
    document["database"] = {"url": f"sqlite://{folder / 'ladder.sqlite3'}"}
    document["log"] = {"format": "json", "file": str(log)}
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
    ladders: Any = plugins.get("queue", {}).get("ladders")
    first: dict[str, Any] = {"name": "Ladder"}
    if isinstance(ladders, list) and ladders:
        first = cast("dict[str, Any]", ladders[0])
    plugins["queue"] = {"ladders": [{**first, **places, **ladder}]}
    if "queue" not in plugins["enabled"]:
        plugins["enabled"] = [*plugins["enabled"], "queue"]  # it is what is played here
    return tomlkit.dumps(document)


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
                    raise LadderkeeperError(f"{what} ended at once: {_text(output)}")
                await asyncio.sleep(0.05)
            return seen
    except TimeoutError:
        raise LadderkeeperError(
            f"{what} did not start within {START_SECONDS:g} s: {_text(output)}"
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
