"""The sandbox alone: how many requests a second it answers, and whether its memory is bounded."""

from benchmarks.sandbox.run import Plan, bench_sandbox

__all__ = ["Plan", "bench_sandbox"]
