"""The ``[Memory]`` line: what an operator greps for when the bot grows."""

from __future__ import annotations

import asyncio

import psutil

from core.plugin import PluginContext
from core.views import ViewStatistics
from plugins.telemetry.config import TelemetryConfig

__all__ = ["log_memory", "memory_line"]

MEGABYTE = 1024 * 1024


async def log_memory(context: PluginContext[TelemetryConfig]) -> None:
    """Log the line every interval until cancelled."""
    process = psutil.Process()
    while True:
        await context.clock.wait(asyncio.Event(), context.config.interval_seconds)
        context.views.audit()
        context.log.info(memory_line(process.memory_info().rss, context.views.stats()))


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
