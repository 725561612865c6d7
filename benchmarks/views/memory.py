"""What views cost in memory, and what they leave: each side in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["bytes_per_view", "residue"]

AT_ONCE = 2
"""Processes: nothing is timed here, and two cores are what there is."""

_room = asyncio.Semaphore(AT_ONCE)


async def bytes_per_view(kind: str, sizes: Sequence[int]) -> dict[int, float]:
    """The bytes that Python keeps per open view, at each number of them."""
    answer = await _in_a_process({"measure": "bytes", "kind": kind, "sizes": list(sizes)})
    return {int(size): each for size, each in answer.items()}


async def residue(side: str, *, rounds: int, views: int, ballast: int, recorded: bool) -> int:
    """The bytes left when rounds of views, each holding `ballast` bytes, have all timed out.

    Args:
        side: "stock" or "ours".
        recorded: whether ours have rows, by which their deadlines are found and with which they
            are closed. Else they are closed as timed out, while the database rests.
    """
    task: dict[str, Any] = {"measure": "residue", "rounds": rounds, "views": views}
    task |= {"side": side} if side == "stock" else {"side": side, "recorded": recorded}
    return await _in_a_process(task | {"ballast": ballast})


async def _in_a_process(task: dict[str, Any]) -> Any:
    async with _room:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.views.memory_process",
            json.dumps(task),
            cwd=Path(__file__).parents[2],
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            answer, _ = await process.communicate()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
    if process.returncode:
        raise RuntimeError(f"{task} ended with status {process.returncode}")
    return json.loads(answer)
