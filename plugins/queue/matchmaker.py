"""Pairs waves without holding the event loop: large ones in a process of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.worker import Worker
from plugins.queue.domain.pairing import Candidate, Pairing, Rule, Window, pair
from plugins.queue.domain.pairing.packing import WavePacker

__all__ = ["Matchmaker"]

SCRIPT = Path(__file__).with_name("pairing_worker.py")

SMALL = 30
"""A wave of so many is paired within a millisecond, sooner than it is sent anywhere."""

PART = 500
"""So many are packed or unpacked at a time, in about a millisecond."""

LIMIT_SECONDS = 120.0
"""How long a wave may take, a hundred times what one of 10,000 does. Then the worker is ended."""


class Matchmaker:
    """Pairs waves, with a worker process that starts with the first large one and stays.

    The worker ends with this process, however that ends: at once, or when it has paired the wave it
    is at. If it ends by itself or is killed, the next takes over the wave.
    """

    def __init__(self) -> None:
        self._worker = Worker(SCRIPT, "pairs waves", limit_seconds=LIMIT_SECONDS)

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker; None while there is none."""
        return self._worker.pid

    async def pair(
        self, waiting: Sequence[Candidate], window: Window, rule: Rule = Rule.ANY
    ) -> list[Pairing]:
        """Pair those who wait as ``plugins.queue.domain.pairing.pair`` does.

        It holds the loop for a few milliseconds at a time at most. Waves of several ladders are
        paired one after another.

        Raises:
            ValueError: when a candidate has no choice, or an entry is there twice.
            WorkerLost: when two workers did not live to pair the wave.
            RuntimeError: after `close`.
        """
        if len(waiting) <= SMALL:
            return pair(waiting, window, rule)
        packer = WavePacker(window, rule)
        by_id = sorted(waiting, key=lambda candidate: candidate.entry_id)
        for at in range(0, len(by_id), PART):
            packer.add(by_id[at : at + PART])
            await asyncio.sleep(0)
        answer = await self._worker.ask(packer.packed().to_bytes())
        pairs = np.frombuffer(answer, np.int32).reshape(-1, 2)
        pairings: list[Pairing] = []
        for at in range(0, len(pairs), PART):
            pairings += packer.unpack(pairs[at : at + PART])
            await asyncio.sleep(0)
        return pairings

    async def close(self) -> None:
        """End the worker. Idempotent; nothing is paired by it afterwards."""
        await self._worker.close()
