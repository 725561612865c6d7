"""Figures that the core and plugins keep of themselves, for telemetry to read.

Noting a value costs about a microsecond: a dictionary look-up and an addition. Nothing is computed
before somebody reads, and nobody needs to.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Literal

from loguru import logger

__all__ = [
    "Count",
    "Distribution",
    "Figures",
    "Kind",
    "Labels",
    "Reading",
    "Source",
    "Spread",
    "Values",
]

Kind = Literal["counter", "gauge"]

Labels = tuple[str, ...]
"""The values of a figure's labels, in the order of their names."""

Values = Mapping[Labels, float]

READ_SECONDS = 5.0
"""How long one figure may take to be read."""

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds that suit most durations."""


class Count:
    """Counts events; it only rises."""

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values: dict[Labels, float] = {}

    def add(self, *labels: str, by: float = 1) -> None:
        """Count one event, or so many."""
        self._values[labels] = self._values.get(labels, 0) + by

    def read(self) -> Values:
        """The counts so far."""
        return dict(self._values)


@dataclass(slots=True)
class Spread:
    """How the values of one distribution lie.

    Attributes:
        counts: for each bound, the values above the bound before it and not above it; the last is
            of those above every bound.
    """

    counts: list[int]
    total: float = 0.0

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.counts)


class Distribution:
    """Counts values by size.

    Attributes:
        bounds: the upper bounds of the sizes, rising.
    """

    __slots__ = ("_spreads", "bounds")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self._spreads: dict[Labels, Spread] = {}

    def note(self, value: float, *labels: str) -> None:
        """Count a value."""
        spread = self._spreads.get(labels)
        if spread is None:
            spread = self._spreads[labels] = Spread([0] * (len(self.bounds) + 1))
        spread.counts[bisect_left(self.bounds, value)] += 1
        spread.total += value

    def read(self) -> Mapping[Labels, Spread]:
        """The counts so far."""
        return dict(self._spreads)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure as it was when it was read.

    Attributes:
        name: as ``queue_wave_seconds``: lower-case words; the first is the owner's name.
        meaning: one sentence.
        kind: "counter" only rises, "gauge" does not.
        labels: the names of its labels.
        values: of a counter or gauge.
        bounds, spreads: of a distribution.
    """

    name: str
    meaning: str
    kind: Literal["counter", "gauge", "distribution"]
    labels: Labels
    values: Values = field(default_factory=dict[Labels, float])
    bounds: tuple[float, ...] = ()
    spreads: Mapping[Labels, Spread] = field(default_factory=dict[Labels, Spread])

    @property
    def total(self) -> float:
        """The sum of its values, whatever their labels."""
        return sum(self.values.values())

    def quantile(self, share: float) -> float | None:
        """The bound that `share` of a distribution's values are not above, infinite beyond the
        last; None while there is no value."""
        counts = [
            sum(spread.counts[number] for spread in self.spreads.values())
            for number in range(len(self.bounds) + 1)
        ]
        wanted, seen = share * sum(counts), 0
        for bound, count in zip((*self.bounds, float("inf")), counts, strict=True):
            seen += count
            if seen and seen >= wanted:
                return bound
        return None


Source = Callable[[], Values | Awaitable[Values]]


@dataclass(frozen=True, slots=True)
class _Figure:
    meaning: str
    kind: Kind
    labels: Labels
    source: Source | Distribution


class Figures:
    """Every figure of this process, by name."""

    def __init__(self) -> None:
        self._figures: dict[str, _Figure] = {}

    def count(self, name: str, meaning: str, *, labels: Iterable[str] = ()) -> Count:
        """Count events under `name`.

        Raises:
            ValueError: when there is a figure of that name.
        """
        counted = Count()
        self.show(name, meaning, counted.read, kind="counter", labels=labels)
        return counted

    def distribution(
        self,
        name: str,
        meaning: str,
        *,
        bounds: Sequence[float] = SECONDS,
        labels: Iterable[str] = (),
    ) -> Distribution:
        """Count values by size under `name`.

        Raises:
            ValueError: when there is a figure of that name.
        """
        counted = Distribution(bounds)
        self.add(name, meaning, counted, labels=labels)
        return counted

    def add(
        self, name: str, meaning: str, counted: Distribution, *, labels: Iterable[str] = ()
    ) -> None:
        """Have a distribution read under `name`.

        Raises:
            ValueError: when there is a figure of that name.
        """
        self._add(name, _Figure(meaning, "gauge", tuple(labels), counted))

    def show(
        self,
        name: str,
        meaning: str,
        source: Source,
        *,
        kind: Kind = "gauge",
        labels: Iterable[str] = (),
    ) -> None:
        """Have `source` asked under `name` whenever somebody reads.

        Raises:
            ValueError: when there is a figure of that name.
        """
        self._add(name, _Figure(meaning, kind, tuple(labels), source))

    def remove(self, *names: str) -> None:
        """Forget figures."""
        for name in names:
            self._figures.pop(name, None)

    async def read(self) -> list[Reading]:
        """All of them, by name. One that cannot be read is logged and left out."""
        readings: list[Reading] = []
        for name, figure in sorted(self._figures.items()):
            try:
                async with asyncio.timeout(READ_SECONDS):
                    readings.append(await _read(name, figure))
            except Exception as error:
                logger.opt(exception=error).warning("the figure {} cannot be read", name)
        return readings

    def _add(self, name: str, figure: _Figure) -> None:
        if name in self._figures:
            raise ValueError(f"there is a figure {name} already")
        self._figures[name] = figure


async def _read(name: str, figure: _Figure) -> Reading:
    source = figure.source
    if isinstance(source, Distribution):
        return Reading(
            name,
            figure.meaning,
            "distribution",
            figure.labels,
            bounds=source.bounds,
            spreads=source.read(),
        )
    values = source()
    if isawaitable(values):
        values = await values
    return Reading(name, figure.meaning, figure.kind, figure.labels, values)
