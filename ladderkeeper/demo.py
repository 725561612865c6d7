"""Three matches from beginning to end: one is played, one aborted, one ends in a conflict."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ladderkeeper.offline import Offline, offline
from ladderkeeper.playing import join, report, set_up
from sandbox import Message, Persona, SandboxError

__all__ = ["run_demo"]

QUICK = {"wave_seconds": 0.5, "confirm_seconds": 30, "report_seconds": 30, "room_close_seconds": 0}

PATIENCE_SECONDS = 15.0

TIMESTAMP = re.compile(r"<t:(\d+):R>")

OF_A_MATCH = re.compile(r"/(channels|guilds)/")
"""Interaction endpoints do not count towards Discord's global limit."""


@dataclass
class Couple:
    """Two players of one match."""

    one: Persona
    other: Persona


async def run_demo(config_path: Path, *, json_file: Path | None, out: Console) -> int:
    """Play the three matches. Returns 0 only when each ended as it should, every view is closed
    and none leaked."""
    started = time.monotonic()
    script: dict[str, Callable[[Couple, Narrator], Awaitable[None]]] = {
        "completed": _play,
        "aborted": _abort,
        "conflict": _disagree,
    }
    ended = dict.fromkeys(script, 0)
    async with offline(config_path, ladder=QUICK, out=out) as stage:
        for number, (outcome, play) in enumerate(script.items()):
            couple = await _couple(stage, number)
            narrator = Narrator(out, couple)
            narrator.scene(outcome)
            try:
                await play(couple, narrator)
            except SandboxError as error:
                out.print(f"  [red]it went wrong:[/] {escape(str(error))}")
            else:
                ended[outcome] += 1
        requests = await _requests(stage)
        await stage.stop_bot()
        figures = stage.figures()
    report = {
        "matches": ended,
        "views": {
            "opened": figures["views_opened"],
            "closed": figures["views_closed"],
            "open": figures["views_open"],
            "leaked": figures["views_leaked"],
        },
        "hook_failures": figures["hook_failures"],
        "requests_per_match": round(requests / len(script), 2),
        "seconds": round(time.monotonic() - started, 1),
    }
    _show(report, out, json_file)
    good = all(ended.values()) and not (figures["views_open"] or figures["views_leaked"])
    return 0 if good else 1


class Narrator:
    """Tells what each persona does and sees."""

    def __init__(self, out: Console, couple: Couple) -> None:
        self._out = out
        self._couple = couple

    def scene(self, outcome: str) -> None:
        """A new match begins."""
        names = f"{self._couple.one.name} and {self._couple.other.name}"
        self._out.print(f"\n[bold]{names}[/] [dim]({outcome})[/]")

    def does(self, persona: Persona, what: str) -> None:
        """A persona acts."""
        self._out.print(f"  [cyan]{persona.name}[/] {escape(what)}")

    def sees(self, message: Message) -> None:
        """What stands on the screen then, as Discord's client would draw it."""
        content = message.content
        for persona in (self._couple.one, self._couple.other):
            content = content.replace(persona.mention, f"@{persona.name}")
        content = TIMESTAMP.sub(lambda found: f"in {int(found[1]) - time.time():.0f} s", content)
        for line in re.sub(r"\*\*|\\(?=\W)", "", content).splitlines():
            self._out.print(f"      [dim]│[/] {escape(line)}")


async def _play(couple: Couple, narrator: Narrator) -> None:
    await _meet(couple, narrator)
    await _confirm(couple, narrator)
    await _tell(couple.one, "I won", narrator)
    await _tell(couple.other, "I lost", narrator)
    narrator.sees(await couple.one.sees("won against", timeout=PATIENCE_SECONDS))


async def _abort(couple: Couple, narrator: Narrator) -> None:
    await _meet(couple, narrator)
    narrator.does(couple.other, "presses Abort")
    await couple.other.press("Abort")
    narrator.sees(await couple.one.sees("was aborted", timeout=PATIENCE_SECONDS))
    narrator.does(couple.one, "leaves the queue with /queue leave")
    await couple.one.slash("queue leave")


async def _disagree(couple: Couple, narrator: Narrator) -> None:
    await _meet(couple, narrator)
    await _confirm(couple, narrator)
    await _tell(couple.one, "I won", narrator)
    await _tell(couple.other, "I won", narrator)
    narrator.sees(await couple.one.sees("disagree", timeout=PATIENCE_SECONDS))


async def _meet(couple: Couple, narrator: Narrator) -> None:
    for persona in (couple.one, couple.other):
        narrator.does(persona, "types /setup, then /queue join, and presses Join")
        await set_up(persona)
        await join(persona)
    narrator.sees(await couple.one.sees("Both of you: confirm", timeout=PATIENCE_SECONDS))


async def _confirm(couple: Couple, narrator: Narrator) -> None:
    for persona in (couple.one, couple.other):
        narrator.does(persona, "presses Confirm")
        await persona.press("Confirm")
    await couple.one.sees("The match is on", timeout=PATIENCE_SECONDS)


async def _tell(persona: Persona, result: str, narrator: Narrator) -> None:
    narrator.does(persona, f"reports “{result}”, and confirms it")
    await report(persona, result)


async def _couple(stage: Offline, number: int) -> Couple:
    names = (("Ann", "Ben"), ("Cleo", "Dov"), ("Eve", "Fay"))[number]
    one, other = [await stage.client.persona(name) for name in names]
    return Couple(one, other)


async def _requests(stage: Offline) -> int:
    """Wait until the bot is quiet, and count what it asked of Discord outside of interactions."""
    seen = -1
    while True:
        log = await stage.client.requests(limit=1000)
        paths = [str(request["path"]) for request in log]
        counted = [path for path in paths if OF_A_MATCH.match(path)]
        if len(log) == seen:
            return len(counted)
        seen = len(log)
        await asyncio.sleep(2.5)


def _show(report: dict[str, Any], out: Console, json_file: Path | None) -> None:
    if json_file is not None:
        json_file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    table = Table("what", "how many", title="\nThe bot's own figures", title_justify="left")
    for group in ("matches", "views"):
        for name, value in report[group].items():
            table.add_row(f"{group}: {name}", str(value))
    table.add_row("hook failures", str(report["hook_failures"]))
    table.add_row("requests per match", str(report["requests_per_match"]))
    table.add_row("seconds", str(report["seconds"]))
    out.print(table)
