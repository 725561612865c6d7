"""The ``[Memory]`` line: what an operator greps for when the bot grows."""

from __future__ import annotations

import asyncio
import gc

import psutil

from core.plugin import PluginContext
from core.views import ViewStatistics
from plugins.telemetry.alarms import Alarm, Alarms
from plugins.telemetry.alerts import Alerts
from plugins.telemetry.config import TelemetryConfig

__all__ = ["MEGABYTE", "MemoryLog", "memory_line"]

MEGABYTE = 1024 * 1024


class MemoryLog:
    """Logs the line every interval, warns above thresholds, and tells the owner of what stays."""

    def __init__(self, context: PluginContext[TelemetryConfig], alerts: Alerts) -> None:
        self._context = context
        self._alerts = alerts
        self._alarms = Alarms(context.config.alert_after)
        self._process = psutil.Process()

    async def run(self) -> None:
        """Log until cancelled."""
        while True:
            await self._context.clock.wait(asyncio.Event(), self._context.config.interval_seconds)
            await self.look()

    async def look(self) -> None:
        """Log one line, and what follows from it."""
        leaked = self._context.views.audit()
        stats = self._context.views.stats()
        log = self._context.log
        log.info(memory_line(self.rss, stats))
        if leaked and not stats.open_total:
            leaked = self._collect(leaked)
        config = self._context.config
        alarms = (
            Alarm("memory", self.rss / MEGABYTE, config.warn_rss_megabytes),
            Alarm("views", stats.open_total, config.warn_open_views),
        )
        for alarm in alarms:
            if alarm.is_passed:
                key = f"warning.{alarm.name}"
                log.warning(self._context.text(key, value=f"{alarm.value:.0f}", most=alarm.most))
        await self._alerts.leaks(leaked)
        for alarm in self._alarms.look(alarms):
            await self._alerts.threshold(alarm, config.alert_after)

    @property
    def rss(self) -> int:
        """The bot's resident memory, in bytes."""
        return self._process.memory_info().rss

    def _collect(self, leaked: int) -> int:
        """No view is open, and yet some are still reachable: is it only the collector that is late?
        It holds the loop for a moment, in which nobody has anything to press."""
        before = self.rss
        found = gc.collect()
        left = self._context.views.audit()
        self._context.log.warning(
            "[Memory] no view is open, and {} closed ones were still reachable: a collection found"
            " {} objects and left {} of them; RSS {:.0f} -> {:.0f}MB",
            leaked,
            found,
            left,
            before / MEGABYTE,
            self.rss / MEGABYTE,
        )
        return left


def memory_line(rss_bytes: int, stats: ViewStatistics) -> str:
    """The figures: matches with open views, channels with one, open views, closed ones that are
    still reachable."""
    return (
        f"[Memory] RSS={rss_bytes / MEGABYTE:.0f}MB"
        f" manager_views={stats.scopes.get('match', 0)}"
        f" channel_map={stats.channels}"
        f" active_views={stats.open_total}"
        f" leaked_instances={stats.leaked}"
    )
