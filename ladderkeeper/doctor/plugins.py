"""The plugins: whether each can be loaded, and what its own check says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from core.config import Config, check_plugins, section_of
from core.errors import ConfigError, PluginError
from core.examination import DiscordReader, Examination, Findings
from core.plugin import Found, Plugin
from core.plugin.hooks import HookCaller
from core.plugin.ordering import load_order

__all__ = ["examine_plugins", "usable"]

CHECK_SECONDS = 60.0


def usable(
    config: Config, found: Mapping[str, Found], findings: Findings
) -> dict[str, tuple[type[Plugin], BaseModel]]:
    """The enabled plugins that can be loaded, each with its settings, in the order of loading."""
    try:
        check_plugins(config, found)
    except ConfigError as error:
        for problem in error.problems:
            findings.problem("plugins", problem, _remedy(problem, config))
    there = {name: found[name] for name in config.plugins.enabled if name in found}
    for name, plugin in there.items():
        if plugin.plugin is None:
            findings.problem(
                name,
                f"{plugin.source} cannot be used: {plugin.error}",
                f"Mend it, or `ladderkeeper plugins disable {name}`.",
            )
    classes = {name: plugin.plugin for name, plugin in there.items() if plugin.plugin is not None}
    requires = {name: plugin.requires for name, plugin in classes.items()}
    order, refused = load_order(classes, requires)
    for name, reason in refused.items():
        findings.problem(
            name, reason, f"Enable what it requires, or `ladderkeeper plugins disable {name}`."
        )
    ready: dict[str, tuple[type[Plugin], BaseModel]] = {}
    for name in order:
        if unready := [other for other in requires[name] if other not in ready]:
            findings.problem(
                name, f"it requires the plugin {unready[0]}", f"Put {unready[0]} right, see above."
            )
            continue
        try:
            ready[name] = classes[name], section_of(config, name, classes[name].config)
        except ConfigError as error:
            for problem in error.problems:
                findings.problem(name, problem, _remedy(problem, config))
    return ready


def _remedy(problem: str, config: Config) -> str:
    """Where the value stands that the problem begins with: in the file, or in a variable."""
    if any(problem.startswith(origin) for origin in config.variables.values()):
        return "Change that variable."
    return f"Change it in {config.path}."


async def examine_plugins(
    config: Config,
    plugins: Mapping[str, tuple[type[Plugin], BaseModel]],
    discord: DiscordReader | None,
    findings: Findings,
) -> None:
    """Let each plugin say what it finds."""
    for name, (plugin, section) in plugins.items():
        before = len(findings)
        hooks = HookCaller(seconds=CHECK_SECONDS, on_failure=_passed_over)
        examination: Examination[Any] = Examination(name, section, findings, discord)
        try:
            hooks.register(name, plugin())
            await hooks.call_on(name, "check", CHECK_SECONDS, examination=examination)
        except PluginError as error:
            findings.problem(name, str(error), "Tell its author.")
        except Exception as error:
            findings.problem(
                name,
                f"its check failed ({type(error).__name__}: {error})",
                "Try again; if it stays so, tell its author.",
            )
        if len(findings) == before:
            findings.ok(name, "it can be loaded")


def _passed_over(plugin: str, where: str, error: Exception) -> None:
    """What fails here counts against nobody."""
