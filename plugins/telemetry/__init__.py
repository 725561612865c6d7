"""Figures about the bot itself: memory, and the views that are open."""

from __future__ import annotations

from core.hookspecs import hookimpl
from core.plugin import Plugin, PluginContext
from plugins.telemetry.config import TelemetryConfig
from plugins.telemetry.memory import log_memory

__all__ = ["TelemetryPlugin", "plugin"]


class TelemetryPlugin(Plugin):
    """Logs a line of figures every few minutes."""

    name = "telemetry"
    summary = "Logs memory use and open views"
    config = TelemetryConfig

    @hookimpl
    async def load(self, context: PluginContext[TelemetryConfig]) -> None:
        """Begin to log."""
        context.start(log_memory(context), name="memory line")


plugin = TelemetryPlugin
