"""``ladderkeeper doctor``: look at everything a bot stands on, and say what to do about what is
wrong. It changes nothing, and may be run beside a running bot."""

from __future__ import annotations

import asyncio

from rich.console import Console
from rich.markup import escape

from core.clock import Clock
from core.config import Config
from core.examination import Findings, Level
from core.plugin import discover
from ladderkeeper.doctor.connection import connect
from ladderkeeper.doctor.machine import examine_database, examine_machine
from ladderkeeper.doctor.plugins import examine_plugins, usable

__all__ = ["doctor", "examine"]

MARKS = {Level.OK: "[green]✓[/]", Level.WARNING: "[yellow]![/]", Level.PROBLEM: "[red]✗[/]"}


async def doctor(config: Config, *, out: Console) -> int:
    """Show all that is found. Returns 0 when the bot can run as it is configured, else 1."""
    findings = await examine(config)
    for finding in findings:
        out.print(f"{MARKS[finding.level]} {escape(finding.about)}: {escape(finding.text)}")
        if finding.remedy:
            out.print(f"    → {escape(finding.remedy)}")
    number = len(findings.problems)
    out.print(f"{number} to put right." if number else "All that is needed is there.")
    return 1 if number else 0


async def examine(config: Config, *, clock: Clock | None = None) -> Findings:
    """Look at everything, the machine first, then Discord, then what each plugin needs."""
    findings = Findings()
    found = await asyncio.to_thread(discover, config.plugins.folders)
    examine_machine(config, findings)
    await examine_database(config, found, findings)
    async with connect(config, clock or Clock(), findings) as discord:
        await examine_plugins(config, usable(config, found, findings), discord, findings)
    return findings
