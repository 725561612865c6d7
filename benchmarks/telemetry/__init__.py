"""What telemetry costs a bot with many open views.

docs/benchmarks.md says how each figure is measured.
"""

from benchmarks.telemetry.run import FULL, SMALL, Plan, bench_telemetry

__all__ = ["FULL", "SMALL", "Plan", "bench_telemetry"]
