"""Thousands of matches: does anything grow, leak, get lost, or count twice?"""

from ladderkeeper.soak.plan import MIX, Plan, parse_mix
from ladderkeeper.soak.run import run_soak

__all__ = ["MIX", "Plan", "parse_mix", "run_soak"]
