"""Matchmaking: how good the pairs of a wave are, how long it takes, and how an evening goes.

docs/benchmarks.md says how each figure is measured.
"""

from benchmarks.matchmaking.run import FULL, SMALL, Plan, bench_matchmaking

__all__ = ["FULL", "SMALL", "Plan", "bench_matchmaking"]
