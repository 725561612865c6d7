"""What ``ladderkeeper doctor`` finds, and what it gives to the check of each plugin."""

from core.examination.examination import Examination
from core.examination.findings import Finding, Findings, Level
from core.examination.reader import DiscordReader, Refusal

__all__ = ["DiscordReader", "Examination", "Finding", "Findings", "Level", "Refusal"]
