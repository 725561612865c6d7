"""Figures about the bot itself: memory, views, delays. In the log, in Discord, for Prometheus."""

from __future__ import annotations

import asyncio

from core.hookspecs import MatchFacts, hookimpl
from core.pictures import Pictures
from core.plugin import Plugin, PluginContext
from plugins.telemetry.alerts import Alerts
from plugins.telemetry.cog import TelemetryCog
from plugins.telemetry.config import TelemetryConfig
from plugins.telemetry.history import EVERY, History, Moment
from plugins.telemetry.memory import MEGABYTE, MemoryLog
from plugins.telemetry.readings import Readings
from plugins.telemetry.sampler import Sampler
from plugins.telemetry.server import MetricsServer

__all__ = ["TelemetryPlugin", "plugin"]


class TelemetryPlugin(Plugin):
    """It reads what the core and the other plugins show of themselves, and changes nothing."""

    name = "telemetry"
    summary = "Figures about the bot: a line in the log, alerts, /telemetry, and Prometheus metrics"
    config = TelemetryConfig

    @hookimpl
    async def load(self, context: PluginContext[TelemetryConfig]) -> None:
        """Begin to log, to sample and to answer."""
        self._readings = readings = Readings(context)
        sampler = Sampler(context)
        memory = MemoryLog(context, Alerts(context))
        history = History()
        pictures = Pictures()
        context.on_release("pictures", pictures.close)

        async def remember() -> None:
            while True:
                stats = context.views.stats()
                history.add(
                    Moment(
                        context.clock.now(),
                        memory.rss / MEGABYTE,
                        stats.open_total,
                        stats.scopes.get("match", 0),
                    )
                )
                await context.clock.wait(asyncio.Event(), EVERY.total_seconds())

        await MetricsServer(context, readings, sampler).start()
        context.add_cog(TelemetryCog(context, readings, history, pictures))
        context.start(memory.run(), name="memory line")
        context.start(remember(), name="history")
        context.start(sampler.watch_loop(), name="loop lag")
        context.start(sampler.watch_database(), name="database latency")

    @hookimpl
    async def match_found(self, match: MatchFacts) -> None:
        """Count it."""
        self._readings.match_found(match)

    @hookimpl
    async def match_started(self, match: MatchFacts) -> None:
        """Count it."""
        self._readings.match_started(match)

    @hookimpl
    async def match_ended(self, match: MatchFacts) -> None:
        """Count it."""
        self._readings.match_ended(match)


plugin = TelemetryPlugin
