"""The whole benchmark: waves of each size, then evenings."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger
from rich.console import Console

from benchmarks.matchmaking.crowd import crowd
from benchmarks.matchmaking.evening import Session, spend_evening
from benchmarks.matchmaking.greedy import pair_greedily
from benchmarks.matchmaking.optimum import optimum, worth
from benchmarks.matchmaking.report import Report, Row, publish
from benchmarks.matchmaking.wave import Ladder, LoopStall
from plugins.queue.domain.pairing import Candidate, Pairing, Rule, Window
from plugins.queue.matchmaker import Matchmaker

__all__ = ["FULL", "SMALL", "Plan", "bench_matchmaking"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        sizes: how many wait.
        seeds: of each size, and of each evening.
        most_optimum: the largest wave whose optimum is found; beyond, it takes too long.
        players: how many come in an evening.
        idle_seconds: for so long at least an idle loop is watched after each wave, to know what the
            machine does to it.
    """

    sizes: Sequence[int] = (10, 30, 100, 300, 1_000, 10_000)
    seeds: Sequence[int] = (1, 2, 3, 4, 5)
    most_optimum: int = 1_000
    players: Sequence[int] = (30, 100, 300)
    idle_seconds: float = 2.0


FULL = Plan()
SMALL = Plan(sizes=(10, 30, 100), seeds=(1, 2), players=(30,), idle_seconds=0.5)


async def bench_matchmaking(plan: Plan, *, json_file: Path | None, out: Console) -> int:
    """Measure, show the tables, and write the JSON. Returns 0."""
    logger.disable("plugins.queue")  # it names every match that a wave makes
    matchmaker = Matchmaker()
    rows: list[Row] = []
    try:
        await matchmaker.pair(crowd(100, seed=0), Window(), Rule.CROSS)  # so that it is warm
        gc.collect()
        gc.freeze()  # as the bot does once it has started
        with TemporaryDirectory() as folder:
            async with Ladder.open(Path(folder), matchmaker) as ladder:
                for size in plan.sizes:
                    out.print(f"{size:,} waiting ...", style="dim")
                    rows += [await _wave(plan, matchmaker, ladder, size, s) for s in plan.seeds]
        out.print("Evenings ...", style="dim")
        evenings = [
            row
            for players in plan.players
            for seed in plan.seeds
            for row in await _evenings(matchmaker, players, seed)
        ]
    finally:
        await matchmaker.close()
        logger.enable("plugins.queue")
    publish(Report(rows, evenings), json_file, out)
    return 0


async def _wave(plan: Plan, matchmaker: Matchmaker, ladder: Ladder, waiting: int, seed: int) -> Row:
    candidates = crowd(waiting, seed)
    started = time.perf_counter()
    pairings = await matchmaker.pair(candidates, Window(), Rule.CROSS)
    seconds = time.perf_counter() - started
    ours = worth(pairings)
    del pairings

    await ladder.fill(waiting, seed)
    started = time.perf_counter()
    async with LoopStall() as stall:
        await ladder.run_wave()
    async with LoopStall() as idle:
        # As long as the wave: the longer one looks, the worse the worst that the machine does.
        await asyncio.sleep(max(plan.idle_seconds, time.perf_counter() - started))

    best = None if waiting > plan.most_optimum else optimum(candidates, Window())
    greedy = worth(pair_greedily(candidates, Window(), Rule.CROSS)) if best else None
    return {
        "waiting": waiting,
        "seed": seed,
        "pairs": ours.pairs,
        "pairs_optimum": best and best.pairs,
        "pairs_greedy": greedy and greedy.pairs,
        "waited": ours.waited,
        "waited_optimum": best and best.waited,
        "waited_greedy": greedy and greedy.waited,
        "rms_gap": ours.rms_gap,
        "rms_gap_optimum": best and best.rms_gap,
        "rms_gap_greedy": greedy and greedy.rms_gap,
        "squared_gaps": ours.squares,
        "squared_gaps_optimum": best and best.squares,
        "widest_window": max(Window().of(candidate.waves) for candidate in candidates),
        "seconds": seconds,
        "loop_stall_ms": max(0.0, stall.longest_ms - idle.longest_ms),
        "loop_idle_ms": idle.longest_ms,
        "loop_collection_ms": stall.collection_ms,
    }


async def _evenings(matchmaker: Matchmaker, players: int, seed: int) -> list[Row]:
    rows: list[Row] = []
    for name, policy in (("ours", matchmaker.pair), ("greedy", _greedy)):
        evening = await spend_evening(Session(players), policy, seed)
        rows.append({"players": players, "policy": name, "seed": seed, **asdict(evening)})
    return rows


async def _greedy(waiting: Sequence[Candidate], window: Window, rule: Rule) -> list[Pairing]:
    return pair_greedily(waiting, window, rule)
