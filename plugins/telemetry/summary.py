"""The figures as a few lines for people."""

from __future__ import annotations

import math
from collections.abc import Iterable

from core.figures import Reading
from core.plugin import PluginContext
from core.text import Markup
from plugins.telemetry.config import TelemetryConfig
from plugins.telemetry.memory import MEGABYTE

__all__ = ["summary"]


def summary(
    context: PluginContext[TelemetryConfig], readings: Iterable[Reading], locale: object
) -> str:
    """What ``/telemetry now`` answers; lines of what nobody shows are left out."""
    by_name = {reading.name: reading for reading in readings}
    stats = context.views.stats()

    def say(key: str, **values: object) -> str:
        return context.text(f"now.{key}", locale, **values)

    def milliseconds(name: str, share: float) -> str:
        reading = by_name.get(name)
        seconds = reading.quantile(share) if reading is not None else None
        if seconds is None:
            return "?"
        return f"{1_000 * seconds:g}" if math.isfinite(seconds) else "∞"

    def total(name: str) -> str:
        reading = by_name.get(name)
        return f"{reading.total:.0f}" if reading is not None else "0"

    lines = [
        say("memory", rss=f"{by_name['resident_bytes'].total / MEGABYTE:.0f}"),
        say(
            "views",
            open=stats.open_total,
            matches=stats.scopes.get("match", 0),
            channels=stats.channels,
            opened=stats.opened,
            closed=stats.closed_total,
            leaked=stats.leaked,
        ),
        say(
            "answers",
            p50=milliseconds("core_answer_seconds", 0.5),
            p99=milliseconds("core_answer_seconds", 0.99),
        ),
    ]
    if "queue_waiting" in by_name:
        waiting, running = total("queue_waiting"), total("queue_running_matches")
        lines.append(say("waiting", waiting=waiting, running=running))
    limited = by_name["core_responses"].values.get(("429",), 0)
    lines.append(say("requests", requests=total("core_requests"), limited=f"{limited:.0f}"))
    failures = ", ".join(
        f"{labels[0]} {count:.0f}" for labels, count in by_name["core_failures"].values.items()
    )
    lines.append(say("failures", failures=failures or say("none")))
    lines.append(
        say(
            "loop",
            lag=milliseconds("telemetry_loop_lag_seconds", 0.99),
            database=milliseconds("telemetry_database_seconds", 0.99),
        )
    )
    latency = by_name["gateway_latency_seconds"].values.get(())
    state = say("disconnected")
    if by_name["gateway_connected"].total:
        state = say("connected", latency="?" if latency is None else f"{1_000 * latency:.0f}")
    lines.append(say("gateway", state=Markup(state)))
    return "\n".join(lines)
