"""The bot of a soak, as a process: ``python -m ladderkeeper.soak.bot``.

It is the bot as anybody runs it, but for what the options say.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

import disnake

from core import app
from core.config import load_config
from core.limits import RequestLimiter
from core.log import configure
from core.views import closing, supervisor
from core.views.live import LiveView, LiveViews
from ladderkeeper.run import serve

__all__ = ["main"]


class Unlimited(RequestLimiter):
    """Counts requests and holds none up: Discord's limit would be what a soak measures."""

    async def acquire(self) -> None:
        self.counted += 1


KEPT: list[disnake.ui.View] = []


class KeepingViews(LiveViews):
    """Keeps what has ended, as stock disnake's view store does."""

    def remove(self, live: LiveView) -> None:
        super().remove(live)
        KEPT.append(live.view)


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m ladderkeeper.soak.bot")
    parser.add_argument("--unlimited", action="store_true", help="keep to no rate limit")
    parser.add_argument("--leaky", action="store_true", help="keep every view that has ended")
    asked = parser.parse_args(arguments)
    if asked.unlimited:
        app.RequestLimiter = Unlimited
    if asked.leaky:
        _leak()
    config = load_config(Path(os.environ["LADDERKEEPER_CONFIG"]), env_file=None)
    configure(config.log, secrets=config.secrets(), named=config.place("log", "file"))
    return asyncio.run(serve(config))


def _leak() -> None:
    supervisor.LiveViews = KeepingViews

    def nothing(view: disnake.ui.View) -> None:
        del view

    closing.sever = nothing


if __name__ == "__main__":
    raise SystemExit(main())
