"""What a plugin counts of itself, and how it reads what everybody does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from core.figures import SECONDS, Count, Distribution, Figures, Kind, Reading, Source

__all__ = ["PluginFigures"]


class PluginFigures:
    """The figures of one plugin. Their names begin with its own; they go when it unloads.

    Args:
        on_release: has something called when the plugin unloads: (what, call).
    """

    def __init__(
        self,
        plugin: str,
        figures: Figures,
        on_release: Callable[[str, Callable[[], object]], None],
    ) -> None:
        self._plugin = plugin
        self._figures = figures
        self._on_release = on_release

    def count(self, name: str, meaning: str, *, labels: Iterable[str] = ()) -> Count:
        """Count events; see ``Figures.count``."""
        return self._figures.count(self._own(name), meaning, labels=labels)

    def distribution(
        self,
        name: str,
        meaning: str,
        *,
        bounds: Sequence[float] = SECONDS,
        labels: Iterable[str] = (),
    ) -> Distribution:
        """Count values by size; see ``Figures.distribution``."""
        return self._figures.distribution(self._own(name), meaning, bounds=bounds, labels=labels)

    def show(
        self,
        name: str,
        meaning: str,
        source: Source,
        *,
        kind: Kind = "gauge",
        labels: Iterable[str] = (),
    ) -> None:
        """Have `source` asked whenever somebody reads; see ``Figures.show``."""
        self._figures.show(self._own(name), meaning, source, kind=kind, labels=labels)

    async def read(self) -> list[Reading]:
        """The figures of the core and of every plugin."""
        return await self._figures.read()

    def _own(self, name: str) -> str:
        full = f"{self._plugin}_{name}"
        self._on_release(f"figure {name}", lambda: self._figures.remove(full))
        return full
