"""What the owner is told in the admin channel: once for each leak, once for each threshold."""

from __future__ import annotations

from core.db import transaction
from core.plugin import PluginContext
from core.text import Markup
from core.views import Leak
from plugins.telemetry.alarms import Alarm
from plugins.telemetry.config import TelemetryConfig

__all__ = ["Alerts"]

SHOWN = 3
LONGEST_REPORT = 450
"""Characters of one leak's report: a message has 2,000."""


class Alerts:
    """Sends messages to the channel of config.toml; without one, the log alone says it."""

    def __init__(self, context: PluginContext[TelemetryConfig]) -> None:
        self._context = context
        self._channel_id = context.config.alerts_channel_id or context.alerts_channel_id
        self._told_of = 0

    async def leaks(self, leaked: int) -> None:
        """Closed views are still reachable; tell of it when there are more than were told of."""
        if leaked <= self._told_of:
            self._told_of = leaked
            return
        self._told_of = leaked
        reports = "\n".join(_shown(leak) for leak in self._context.views.leaks()[-SHOWN:])
        await self._send("alert.leak", count=leaked, reports=Markup(reports))

    async def threshold(self, alarm: Alarm, looks: int) -> None:
        """A threshold stays passed."""
        value = f"{alarm.value:.0f}"
        await self._send(f"alert.{alarm.name}", value=value, most=alarm.most, looks=looks)

    async def _send(self, key: str, **values: object) -> None:
        text = self._context.text(key, **values)
        self._context.log.warning("{}", text)
        if self._channel_id is not None:
            async with transaction():
                await self._context.outbox.send(self._channel_id, text)


def _shown(leak: Leak) -> str:
    report = str(leak).replace("`", "'")
    cut = report if len(report) <= LONGEST_REPORT else f"{report[: LONGEST_REPORT - 1]}…"
    return f"```\n{cut}\n```"
