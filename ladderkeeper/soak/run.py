"""A soak from its start to its report."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from ladderkeeper.offline import Offline, offline
from ladderkeeper.soak.audit import audit, require_empty, until_over, until_quiet
from ladderkeeper.soak.chart import draw_curve
from ladderkeeper.soak.memory import MemoryCurve
from ladderkeeper.soak.plan import QUICK, Plan
from ladderkeeper.soak.player import Player, Told
from ladderkeeper.soak.report import Report
from ladderkeeper.soak.table import Table
from sandbox import SandboxError

__all__ = ["run_soak"]

VIEW_CHANNEL, SEND_MESSAGES = 1 << 10, 1 << 11

STALLED_SECONDS = 60.0
"""So long without the end of a match, and there will be none."""


async def run_soak(
    config_path: Path,
    plan: Plan,
    *,
    database_url: str | None = None,
    json_file: Path | None = None,
    chart_file: Path | None = None,
    out: Console,
) -> int:
    """Play the matches of `plan`, with the bot and the sandbox as processes of their own.

    Args:
        database_url: an empty database to use, which keeps what was played; None for a SQLite file
            that is gone afterwards.

    Returns:
        0 when all is as it must be, else 1.
    """
    if database_url is not None:
        await require_empty(database_url)
    out.print("Starting a local Discord and the bot ...", style="dim")
    command = ["-m", "ladderkeeper.soak.bot"]
    command += ["--leaky"] * plan.leaky + ["--unlimited"] * (not plan.limited)
    async with offline(config_path, ladder=QUICK, database_url=database_url, bot=command) as stage:
        report = await _soak(stage, plan, out)
    if json_file is not None:
        report.write(json_file)
    if chart_file is not None:
        title = f"{report.matches} matches, {plan.players} players" + ", leaky" * plan.leaky
        draw_curve(report.memory.samples, title, chart_file)
    report.show(out)
    return 1 if report.findings else 0


async def _soak(stage: Offline, plan: Plan, out: Console) -> Report:
    table = Table(plan, random.Random(plan.matches))  # noqa: S311  which outcome, no secret
    told = Told()
    memory = MemoryCurve(stage.bot_pid, lambda: table.over)
    if plan.limited:
        await stage.client.set_limits(profile="discord")
    await _hide_announcements(stage)
    watching = asyncio.create_task(memory.watch())
    started = time.monotonic()
    try:
        with _progress(out) as progress:
            bar = progress.add_task("matches", total=plan.matches, rate=0.0)
            players = await _play(stage, table, told, plan, memory, progress, bar)
        seconds = time.monotonic() - started
        # A match that ended after its player had gone has put them back into the queue.
        await until_over(stage.database_url)
        with suppress(SandboxError, TimeoutError):
            await asyncio.gather(*(player.leave() for player in players))
        await until_quiet(stage.database_url)
        memory.take()
    finally:
        watching.cancel()
    await stage.stop_bot()
    bot = stage.figures()
    return Report(
        plan=plan,
        seconds=seconds,
        requests=bot["requests"],
        ack_seconds=told.seconds,
        memory=memory,
        bot=bot,
        audit=await audit(stage.database_url, stage.config_path, table.posted),
        failed=told.failed,
        mishaps=told.mishaps,
    )


async def _play(
    stage: Offline,
    table: Table,
    told: Told,
    plan: Plan,
    memory: MemoryCurve,
    progress: Progress,
    bar: TaskID,
) -> list[Player]:
    """Let everybody play until no match is left, or nothing moves any more. Returns everybody."""
    started = last_end = time.monotonic()
    tenths = 0

    def ended() -> None:
        nonlocal last_end, tenths
        last_end = time.monotonic()
        rate = table.over / (last_end - started)
        tenth = 10 * table.over // plan.matches
        if not progress.console.is_terminal and tenth > tenths:
            tenths = tenth  # nobody sees the bar
            left = (plan.matches - table.over) / rate if rate else 0.0
            progress.console.print(
                f"{table.over} of {plan.matches}, {rate:.1f}/s, {left:.0f} s left, the bot's memory"
                f" {memory.samples[-1].megabytes:.1f} MB"
            )
        progress.update(bar, completed=table.over, rate=rate)

    players: list[Player] = []
    crowd: list[asyncio.Task[None]] = []
    try:
        for number in range(plan.players):
            persona = await stage.client.persona(f"Player{number}")
            persona.channel = stage.channel_id
            players.append(Player(persona, table, told, plan, ended))
            crowd.append(asyncio.create_task(players[-1].play(), name=persona.name))
        while not all(task.done() for task in crowd):
            await asyncio.wait(crowd, timeout=1.0, return_when=asyncio.FIRST_EXCEPTION)
            for task in crowd:
                if task.done():
                    task.result()
            if time.monotonic() - last_end > STALLED_SECONDS or not stage.bot_runs:
                told.mishaps["nothing moved any more: the soak was broken off"] += 1
                break
    finally:
        for task in crowd:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*crowd, return_exceptions=True)
    return players


async def _hide_announcements(stage: Offline) -> None:
    """Players would look through ten thousand results for their room."""
    await stage.client.set_overwrites(
        stage.announcements_id,
        [
            {"id": stage.guild_id, "allow": 0, "deny": VIEW_CHANNEL},
            {"id": stage.bot_user_id, "allow": VIEW_CHANNEL | SEND_MESSAGES, "deny": 0},
        ],
    )


def _progress(out: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f}/s"),
        TimeRemainingColumn(),
        console=out,
    )
