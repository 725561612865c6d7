"""What was found: that something is in order, or what is wrong and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Findings", "Level"]


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """The bot works, but not as well as it could."""
    PROBLEM = "problem"
    """Something does not work until it is put right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: a plugin's name, or what else was looked at: "database", "clock".
        remedy: what the owner should do; empty when all is well.
    """

    level: Level
    about: str
    text: str
    remedy: str = ""


class Findings(list[Finding]):
    """All that was found, in order."""

    def ok(self, about: str, text: str) -> None:
        """Something is as it should be."""
        self.append(Finding(Level.OK, about, text))

    def warning(self, about: str, text: str, remedy: str) -> None:
        """Something could be better."""
        self.append(Finding(Level.WARNING, about, text, remedy))

    def problem(self, about: str, text: str, remedy: str) -> None:
        """Something does not work."""
        self.append(Finding(Level.PROBLEM, about, text, remedy))

    @property
    def problems(self) -> list[Finding]:
        """What must be put right."""
        return [finding for finding in self if finding.level is Level.PROBLEM]
