"""Bots on other libraries than the one Ladderkeeper uses, each in a process and environment of its
own: the sandbox is Discord to them too, and their parsers find what is wrong with its payloads."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox import Bot, Guild, Persona, Sandbox, SandboxClient

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

PROGRAMS = Path(__file__).parent / "other_libraries"
PATIENCE_S = 60.0


def environment(folder: Path, package: str) -> Path:
    """Its Python. Skips the test when the package cannot be had."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    command = [str(python), "-m", "pip", "install", "--quiet", "--retries", "1", package]
    installed = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    if installed.returncode:
        reason = installed.stderr.strip().splitlines()
        pytest.skip(f"{package} cannot be installed: {reason[-1] if reason else 'pip failed'}")
    return python


class OtherBot:
    """What its process told so far; a complaint of the library fails the test."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.complaints: list[str] = []

    async def told(self, what: str, **wanted: object) -> dict[str, Any]:
        """The next of its lines that is about this, with these values."""
        assert self._process.stdout
        async with asyncio.timeout(PATIENCE_S):
            while line := await self._process.stdout.readline():
                found: dict[str, Any] = json.loads(line)
                if found["what"] == "complaint":
                    self.complaints.append(found["text"])
                if found["what"] == what and wanted.items() <= found.items():
                    return found
        pytest.fail(f"it ended before {what}: {self.complaints}")


@asynccontextmanager
async def running(
    python: Path, program: str, sandbox: Sandbox, bot: Bot
) -> AsyncGenerator[OtherBot]:
    command = (str(python), str(PROGRAMS / program), sandbox.api_url, bot.token)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        yield OtherBot(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize(
    ("package", "program"),
    [("discord.py==2.7.1", "discordpy_bot.py"), ("hikari==2.7.0", "hikari_bot.py")],
)
async def test_a_bot_on_another_library(
    tmp_path: Path,
    sandbox: Sandbox,
    client: SandboxClient,
    bot: Bot,
    guild: Guild,
    ann: Persona,
    ben: Persona,
    package: str,
    program: str,
) -> None:
    python = await asyncio.to_thread(environment, tmp_path / "venv", package)
    async with running(python, program, sandbox, bot) as other:
        assert (await other.told("synced"))["commands"] == ["queue", "room"]
        ready = await other.told("ready")
        assert (ready["guild"], ready["channels"]) == (guild.id, ["general"])
        assert ready["me"] == "ladderbot"

        exchange = await ann.slash("queue", faction="US")
        assert exchange.text == "queued as US"
        pressed = await ben.press("Confirm")
        assert pressed.message is not None
        assert pressed.message.content == "confirmed by ben"
        assert (await ben.sees("a word in private")).ephemeral

        made = await ann.slash("room", member=ben, timeout=PATIENCE_S)
        assert made.text == "made match 1"
        await other.told("thread", archived=True)

        await ann.send(guild.general, f"<@{bot.user_id}> hello")
        await other.told("message", content=f"<@{bot.user_id}> hello", author="ann")
        await client.add_channel(guild.id, "arena")
        await other.told("channel", name="arena")

        await client.disconnect(bot)
        await other.told("resumed")
        assert (await ann.slash("queue", faction="USSR")).text == "queued as USSR"
        await client.invalidate(bot)
        await other.told("ready")
        await client.fault("error", status=502, path="/interactions/**", effect=False, count=1)
        await ann.slash("queue", faction="UK", timeout=PATIENCE_S)
    assert [text for text in other.complaints if "voice" not in text] == []
