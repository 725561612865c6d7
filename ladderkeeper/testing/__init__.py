"""The test kit: a bot in a sandbox of its own, and people who use it as players do."""

from ladderkeeper.testing.stage import Stage, eventually

__all__ = ["Stage", "eventually"]
