"""The matchmaker's worker: what it gives, and that it ends with whoever started it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from ladderkeeper.testing import eventually
from plugins.queue.domain.pairing import Rule, Window, pair
from plugins.queue.matchmaker import SMALL, Matchmaker
from tests.core.processes import child, line, tell
from tests.plugins.queue.domain.test_pairing import crowd

LARGE = SMALL + 1

PARENT = """
import asyncio, sys
from plugins.queue.domain.pairing import Window
from plugins.queue.matchmaker import Matchmaker
from tests.plugins.queue.domain.test_pairing import crowd

async def main():
    matchmaker = Matchmaker()
    await matchmaker.pair(crowd(40, seed=1), Window())
    print(matchmaker.worker_pid, flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(len(await matchmaker.pair(crowd(40, seed=1), Window())), flush=True)
    await matchmaker.close()

asyncio.run(main())
"""


@pytest.fixture
async def matchmaker() -> AsyncIterator[Matchmaker]:
    """Closed at the end; that nothing is left over is checked after every test."""
    matchmaker = Matchmaker()
    yield matchmaker
    await matchmaker.close()


async def let_it_be_sent() -> None:
    """Turn the loop more often than a wave is handed on before its answer is awaited."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_small_wave_needs_no_worker(matchmaker: Matchmaker) -> None:
    wave = crowd(SMALL, seed=1)

    assert await matchmaker.pair(wave, Window(), Rule.CROSS) == pair(wave, Window(), Rule.CROSS)
    assert matchmaker.worker_pid is None


@pytest.mark.parametrize("size", [LARGE, 300, 2000])
async def test_a_large_wave_is_paired_as_it_would_be_here(
    matchmaker: Matchmaker, size: int
) -> None:
    wave = crowd(size, seed=size)

    assert await matchmaker.pair(wave, Window(), Rule.CROSS) == pair(wave, Window(), Rule.CROSS)
    assert matchmaker.worker_pid not in (None, os.getpid())


async def test_waves_at_once_are_not_mixed_up(matchmaker: Matchmaker) -> None:
    waves = [crowd(size, seed=size) for size in range(LARGE, LARGE + 10)]

    paired = await asyncio.gather(*(matchmaker.pair(wave, Window()) for wave in waves))

    assert paired == [pair(wave, Window()) for wave in waves]


async def test_a_killed_worker_is_replaced(matchmaker: Matchmaker) -> None:
    wave = crowd(LARGE, seed=1)
    before = await matchmaker.pair(wave, Window())
    killed = matchmaker.worker_pid
    assert killed is not None

    os.kill(killed, signal.SIGKILL)

    assert await matchmaker.pair(wave, Window()) == before
    assert matchmaker.worker_pid not in (None, killed)


async def test_a_worker_killed_at_its_work_is_replaced(matchmaker: Matchmaker) -> None:
    await matchmaker.pair(crowd(LARGE, seed=1), Window())
    killed = matchmaker.worker_pid
    assert killed is not None
    os.kill(killed, signal.SIGSTOP)  # it will not answer before it is killed
    wave = crowd(300, seed=1)
    pairing = asyncio.create_task(matchmaker.pair(wave, Window()))
    await let_it_be_sent()

    os.kill(killed, signal.SIGKILL)

    assert await pairing == pair(wave, Window())


async def test_a_wave_that_is_given_up_leaves_nothing_for_the_next(matchmaker: Matchmaker) -> None:
    wave = crowd(300, seed=1)
    await matchmaker.pair(crowd(LARGE, seed=1), Window())
    first = matchmaker.worker_pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    given_up = asyncio.create_task(matchmaker.pair(crowd(LARGE, seed=2), Window()))
    await let_it_be_sent()

    given_up.cancel()
    await asyncio.wait([given_up])

    assert await matchmaker.pair(wave, Window()) == pair(wave, Window())


async def test_ctrl_c_does_not_reach_the_worker(matchmaker: Matchmaker) -> None:
    wave = crowd(LARGE, seed=1)
    before = await matchmaker.pair(wave, Window())
    worker = matchmaker.worker_pid
    assert worker is not None

    os.kill(worker, signal.SIGINT)

    assert await matchmaker.pair(wave, Window()) == before
    assert matchmaker.worker_pid == worker
    assert os.getpgid(worker) != os.getpgrp(), "nor does the terminal's"


async def test_the_worker_ends_with_a_parent_that_is_killed() -> None:
    async with child(PARENT) as parent:
        worker = psutil.Process(int(await line(parent)))
        parent.kill()
        await parent.wait()

        await eventually(lambda: not worker.is_running())


async def test_the_worker_ends_when_the_matchmaker_is_closed() -> None:
    async with child(PARENT) as parent:
        worker = psutil.Process(int(await line(parent)))
        await tell(parent)
        assert await line(parent) == "20"
        await parent.wait()

        assert parent.returncode == 0
        assert not worker.is_running()


async def test_closing_ends_a_wave_under_way(matchmaker: Matchmaker) -> None:
    await matchmaker.pair(crowd(LARGE, seed=1), Window())
    under_way = asyncio.create_task(matchmaker.pair(crowd(3000, seed=1), Window()))
    await let_it_be_sent()

    await matchmaker.close()
    await matchmaker.close()

    with pytest.raises(RuntimeError):
        await under_way


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs Linux's /proc")
async def test_the_worker_has_neither_the_bot_nor_its_secrets_in_it(
    matchmaker: Matchmaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a secret")
    await matchmaker.pair(crowd(LARGE, seed=1), Window())

    worker = psutil.Process(matchmaker.worker_pid)

    assert "DISCORD_TOKEN" not in worker.environ()
    libraries = {Path(mapped.path).name for mapped in worker.memory_maps()}
    assert any("rustworkx" in name for name in libraries)
    assert not any("aiohttp" in name or "_http_parser" in name for name in libraries)
    assert worker.memory_info().rss < 100 * 2**20
    assert worker.net_connections() == []
