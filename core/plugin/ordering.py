"""In which order plugins load, and which cannot because of what they require."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

__all__ = ["load_order"]


def load_order(
    enabled: Iterable[str], requires: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], dict[str, str]]:
    """Sort `enabled` so that each plugin comes after those it requires.

    Returns:
        The order, and for each plugin that cannot be loaded the reason, in one sentence.
    """
    wanted = list(enabled)
    refused: dict[str, str] = {}
    while True:
        usable = [name for name in wanted if name not in refused]
        missing = {
            name: other
            for name in usable
            for other in requires.get(name, ())
            if other not in usable
        }
        if missing:
            for name, other in missing.items():
                why = (
                    f"which cannot be loaded ({refused[other]})"
                    if other in refused
                    else ("which is not enabled")
                )
                refused[name] = f"it requires the plugin {other}, {why}"
            continue
        graph = {name: requires.get(name, ()) for name in usable}
        try:
            return list(TopologicalSorter(graph).static_order()), refused
        except CycleError as error:
            cycle: list[str] = error.args[1]
            for name in set(cycle):
                refused[name] = f"it requires itself: {' -> '.join(reversed(cycle))}"
