"""What has to be tried to be known: how late the event loop is, and how long the database takes."""

from __future__ import annotations

import asyncio
import time

from core.db import fetch
from core.plugin import PluginContext
from plugins.telemetry.config import TelemetryConfig

__all__ = ["Sampler"]

LOOP_SECONDS = 1.0
DATABASE_SECONDS = 15.0

ANSWER_SECONDS = 5.0
"""A database that takes longer counts as away."""

LAG = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Sampler:
    """Keeps the two figures."""

    def __init__(self, context: PluginContext[TelemetryConfig]) -> None:
        self._lag = context.figures.distribution(
            "loop_lag_seconds", "How much later than asked the event loop wakes a task.", bounds=LAG
        )
        self._database = context.figures.distribution(
            "database_seconds", "A query that reads nothing, with its wait for the connection."
        )

    async def watch_loop(self) -> None:
        """Look every second until cancelled."""
        while True:
            due = time.monotonic() + LOOP_SECONDS
            await asyncio.sleep(LOOP_SECONDS)
            self._lag.note(max(0.0, time.monotonic() - due))

    async def watch_database(self) -> None:
        """Ask every fifteen seconds until cancelled."""
        while True:
            await self.ask_database()
            await asyncio.sleep(DATABASE_SECONDS)

    async def ask_database(self) -> bool:
        """Whether the database answers."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await fetch("SELECT 1")
        except Exception:  # of every driver; whoever needs the database logs it
            return False
        finally:
            self._database.note(time.monotonic() - began)
        return True
