"""The sandbox and the bot, for whoever has no Discord token: its page, and simulated players."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from rich.console import Console

from core.errors import ConfigError
from ladderkeeper.bot_log import readable
from ladderkeeper.crowd import Crowd
from ladderkeeper.offline import Offline, offline

__all__ = ["play"]

LEISURELY = {
    "wave_seconds": 5,
    "confirm_seconds": 30,
    "report_seconds": 120,
    "room_close_seconds": 5,
}

STYLES = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}
"""Of what is worth seeing."""

LOOK_SECONDS = 0.5

BY_HAND = ("Alice", "Bob")
"""Whom the page shows in its two panes."""

OWNER = "Olga"
"""Whom it shows when somebody wants to try the commands of owners and admins."""


async def play(
    config_path: Path,
    *,
    players: int,
    port: int,
    seconds: float | None,
    browser: bool,
    out: Console,
) -> int:
    """Run the sandbox and the bot until Ctrl-C, or for `seconds`.

    Args:
        players: how many play by themselves at first; the page has more of them, or fewer.
        browser: open the page, where somebody is likely to see it.
    """
    before = _content(config_path)
    async with offline(
        config_path,
        ladder=LEISURELY,
        port=port,
        whole_log=True,
        people=BY_HAND,
        owner=OWNER,
        out=out,
    ) as stage:
        out.print(f"The sandbox is at {stage.client.url}. Ctrl-C ends it.")
        out.print(
            f"The bot's log is {stage.log_file} until then; its warnings stand here.", style="dim"
        )
        if browser and out.is_terminal and _has_a_screen():
            await asyncio.to_thread(webbrowser.open, stage.client.url)
        with stage.log_file.open(encoding="utf-8") as log, suppress(TimeoutError):
            warnings = Warnings(log, out)
            try:
                async with asyncio.timeout(seconds), asyncio.TaskGroup() as together:
                    together.create_task(warnings.follow())
                    together.create_task(_follow_config(config_path, before, stage, out))
                    together.create_task(Crowd(stage.client, out).live(players))
            finally:
                await stage.stop_bot()
                warnings.show()  # of its plugins as they were unloaded
    return 0


class Warnings:
    """What goes wrong in the bot, which is a process of its own, as its log tells it."""

    def __init__(self, log: TextIO, out: Console) -> None:
        self._log = log
        self._out = out
        self._unfinished = ""

    async def follow(self) -> None:
        """Show it as it comes."""
        while True:
            self.show()
            await asyncio.sleep(LOOK_SECONDS)

    def show(self) -> None:
        """Show what has come since."""
        *lines, self._unfinished = (self._unfinished + self._log.read()).split("\n")
        for line in map(json.loads, lines):
            if line["level"] in STYLES:
                style = STYLES[line["level"]]
                self._out.print(readable(line), markup=False, emoji=False, style=style)


async def _follow_config(
    config_path: Path, seen: bytes | None, stage: Offline, out: Console
) -> None:
    """Have the bot, which runs on a copy, take over what its author changes in config.toml."""
    while True:
        if (now := _content(config_path)) != seen:
            seen = now
            try:
                stage.carry_over()
            except ConfigError as error:
                said = f"The change is not taken over:\n{error}"
                out.print(said, markup=False, emoji=False, style="red")
        await asyncio.sleep(LOOK_SECONDS)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None  # an editor may take it away for a moment


def _has_a_screen() -> bool:
    """Without one, `webbrowser` would take over the terminal with a text browser."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in screens)
