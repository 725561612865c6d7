"""All figures there are: the supervisor's, those of the process, and what everybody shows."""

from __future__ import annotations

import math
from collections.abc import Mapping

import psutil

from core.figures import Count, Kind, Labels, Reading
from core.hookspecs import MatchFacts
from core.plugin import PluginContext
from plugins.telemetry.config import TelemetryConfig

__all__ = ["Readings"]


class Readings:
    """Reads them when asked; between, it only counts matches and notes whether Discord is there.

    Attributes:
        connected: whether the gateway is.
    """

    def __init__(self, context: PluginContext[TelemetryConfig]) -> None:
        self._context = context
        self._process = psutil.Process()
        self.connected = context.bot.is_ready()
        for event in ("on_connect", "on_ready", "on_resumed"):
            context.listen(event, self._connected)
        context.listen("on_disconnect", self._disconnected)
        figures = context.figures
        self._found = figures.count("matches_found", "Matches found.", labels=["ladder"])
        self._started = figures.count("matches_started", "Matches confirmed.", labels=["ladder"])
        self._ended: Count = figures.count(
            "matches_ended", "Matches that ended, by outcome.", labels=["ladder", "outcome"]
        )
        self._gateway = figures.count("gateway_disconnects", "Lost connections to the gateway.")

    async def all(self) -> list[Reading]:
        """Every figure now."""
        return [*self._views(), *self._bot(), *await self._context.figures.read()]

    def match_found(self, match: MatchFacts) -> None:
        """Two were paired."""
        self._found.add(match.ladder)

    def match_started(self, match: MatchFacts) -> None:
        """Both have confirmed."""
        self._started.add(match.ladder)

    def match_ended(self, match: MatchFacts) -> None:
        """A match is over."""
        self._ended.add(match.ladder, match.outcome or "unknown")

    def latency(self) -> float | None:
        """Seconds between a heartbeat and Discord's answer; None while there was none."""
        seconds = self._context.bot.latency
        return seconds if math.isfinite(seconds) else None

    async def _connected(self, *_: object) -> None:
        self.connected = True

    async def _disconnected(self, *_: object) -> None:
        self.connected = False
        self._gateway.add()

    def _views(self) -> list[Reading]:
        stats = self._context.views.stats()
        return [
            _reading("views_open", "Open views.", stats.open, labels=("plugin", "view", "scope")),
            _reading("views_opened", "Views opened.", {(): stats.opened}, kind="counter"),
            _reading(
                "views_closed",
                "Views closed.",
                {(reason.value,): count for reason, count in stats.closed.items()},
                kind="counter",
                labels=("reason",),
            ),
            _reading(
                "view_scopes",
                "Scopes with an open view, by kind; match: matches with open views.",
                {(kind,): count for kind, count in stats.scopes.items()},
                labels=("kind",),
            ),
            _reading("view_channels", "Channels with an open view.", {(): stats.channels}),
            _reading("views_leaked", "Closed views that are still reachable.", {(): stats.leaked}),
            _reading(
                "view_hook_failures",
                "on_close hooks that raised or took too long.",
                {(): stats.hook_failures},
                kind="counter",
            ),
            _reading(
                "view_last_edit_failures",
                "Last edits that never arrived though they should have.",
                {(): stats.last_edit_failures},
                kind="counter",
            ),
        ]

    def _bot(self) -> list[Reading]:
        latency = self.latency()
        return [
            _reading("resident_bytes", "Resident memory.", {(): self._process.memory_info().rss}),
            _reading(
                "gateway_connected", "Whether the gateway is connected.", {(): self.connected}
            ),
            _reading(
                "gateway_latency_seconds",
                "Between a heartbeat and Discord's answer.",
                {} if latency is None else {(): latency},
            ),
        ]


def _reading(
    name: str,
    meaning: str,
    values: Mapping[Labels, float],
    *,
    kind: Kind = "gauge",
    labels: Labels = (),
) -> Reading:
    return Reading(name, meaning, kind, labels, values)
