"""The figures that the core keeps of itself. Their names begin with ``core_``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.figures import Figures

if TYPE_CHECKING:
    from core.discord_api import DiscordApi
    from core.plugin import PluginHost
    from core.plugin.failures import FailureLedger
    from core.watchdog import LoopWatchdog

__all__ = ["show_own_figures"]


def show_own_figures(
    figures: Figures,
    *,
    api: DiscordApi,
    failures: FailureLedger,
    watchdog: LoopWatchdog,
    host: PluginHost,
) -> None:
    """Let the core's figures be read."""
    figures.show(
        "core_requests",
        "Requests to Discord that count towards its global limit, as they were begun.",
        api.requests.read,
        kind="counter",
        labels=("method", "path"),
    )
    figures.show(
        "core_responses",
        "Discord's responses, to interactions too; 429 is a rate limit.",
        api.responses.read,
        kind="counter",
        labels=("status",),
    )
    figures.show(
        "core_requests_waiting",
        "Requests that wait for their turn within the global limit.",
        lambda: {(): api.requests_waiting},
    )
    figures.add(
        "core_answer_seconds",
        "From the arrival of an interaction to its acknowledgement.",
        api.answer_times.seconds,
        labels=("plugin",),
    )
    figures.show(
        "core_failures",
        "Hooks, presses, jobs and tasks of a plugin that failed.",
        lambda: {(plugin,): count for plugin, count in failures.total.items()},
        kind="counter",
        labels=("plugin",),
    )
    figures.show(
        "core_loop_blocked",
        "How often the event loop was found blocked for half a second or more.",
        lambda: {(): watchdog.blocked},
        kind="counter",
    )
    figures.show(
        "core_plugins",
        "1 for the state that a plugin is in.",
        lambda: {(name, state.value): 1 for name, state in host.states.items()},
        labels=("plugin", "state"),
    )
