"""``/telemetry now`` and ``/telemetry chart``."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import disnake
from disnake.ext import commands

from core.errors import Refused
from core.interactions import reply
from core.pictures import Panel, Pictures, WorkerLost
from core.plugin import PluginContext
from plugins.telemetry.config import TelemetryConfig
from plugins.telemetry.history import HOURS, History
from plugins.telemetry.readings import Readings
from plugins.telemetry.summary import summary

__all__ = ["TelemetryCog"]

Inter = disnake.ApplicationCommandInteraction[Any]

PICTURE = "telemetry.png"


class TelemetryCog(commands.Cog, name="Telemetry"):
    """The bot's figures, for its owner and for admins."""

    def __init__(
        self,
        context: PluginContext[TelemetryConfig],
        readings: Readings,
        history: History,
        pictures: Pictures,
    ) -> None:
        self._context = context
        self._readings = readings
        self._history = history
        self._pictures = pictures

    @commands.slash_command(
        name="telemetry",
        default_member_permissions=disnake.Permissions(manage_guild=True),
        contexts=disnake.InteractionContextTypes(guild=True),
    )
    async def telemetry(self, inter: Inter) -> None:
        """How the bot is doing."""

    @telemetry.sub_command(name="now")
    async def now(self, inter: Inter) -> None:
        """Memory, views, queues and delays, as they are now."""
        self._require_manager(inter)
        await reply(inter, summary(self._context, await self._readings.all(), inter.locale))

    @telemetry.sub_command(name="chart")
    async def chart(self, inter: Inter, hours: commands.Range[int, 1, HOURS] = HOURS) -> None:
        """A picture of memory, open views and matches over the last hours.

        Parameters
        ----------
        hours: How many
        """
        self._require_manager(inter)
        since = self._context.clock.now() - timedelta(hours=hours)
        moments = self._history.since(since)
        if not moments:
            raise Refused(self._context.text("chart.too_early", inter.locale))
        await inter.response.defer(ephemeral=True)
        panels: list[Panel] = []
        for key, values in (
            ("memory", [(moment.at, moment.rss_megabytes) for moment in moments]),
            ("views", [(moment.at, float(moment.open_views)) for moment in moments]),
            ("matches", [(moment.at, float(moment.matches)) for moment in moments]),
        ):
            axis = self._context.text(f"chart.{key}", inter.locale)
            panels.append(Panel(axis, {axis: values}))
        try:
            picture = await self._pictures.over_time(*panels, least_days=1 / 24)
        except WorkerLost as error:
            self._context.log.warning("there is no chart: {}", error)
            raise Refused(self._context.text("chart.not_drawn", inter.locale)) from None
        await inter.edit_original_response(file=disnake.File(BytesIO(picture), PICTURE))

    def _require_manager(self, inter: Inter) -> None:
        """Discord hides the command from others; a server can show it to them all the same."""
        if not (inter.permissions.manage_guild or inter.author.id in self._context.owners):
            raise Refused(self._context.text("now.not_allowed", inter.locale))
