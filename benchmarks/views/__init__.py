"""Views, side by side with stock disnake: what a press, an open and a close cost, and what memory.

docs/benchmarks.md says how each figure is measured.
"""

from benchmarks.views.run import FULL, SMALL, Plan, bench_views

__all__ = ["FULL", "SMALL", "Plan", "bench_views"]
