"""Figures in the words of Prometheus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from core.figures import Reading

__all__ = ["CONTENT_TYPE_LATEST", "exposition"]

PREFIX = "ladderkeeper_"


def exposition(readings: Iterable[Reading]) -> bytes:
    """The text that Prometheus scrapes."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Readings(readings))
    return generate_latest(registry)


class _Readings(Collector):
    def __init__(self, readings: Iterable[Reading]) -> None:
        self._readings = list(readings)

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        for reading in self._readings:
            yield _family(reading)


def _family(reading: Reading) -> Metric:
    name, meaning, labels = PREFIX + reading.name, reading.meaning, list(reading.labels)
    if reading.kind == "distribution":
        family = HistogramMetricFamily(name, meaning, labels=labels)
        bounds = [*(str(float(bound)) for bound in reading.bounds), "+Inf"]
        for values, spread in reading.spreads.items():
            buckets = list(zip(bounds, accumulate(map(float, spread.counts)), strict=True))
            family.add_metric([*values], buckets, sum_value=spread.total)
        return family
    kind = CounterMetricFamily if reading.kind == "counter" else GaugeMetricFamily
    simple = kind(name, meaning, labels=labels)
    for values, value in reading.values.items():
        simple.add_metric([*values], value)
    return simple
