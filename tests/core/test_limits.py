"""Requests wait for their turn: on a loop whose time is ours."""

import asyncio
from collections.abc import Callable, Generator
from typing import Any

import pytest

from core.jobs import Priority
from core.limits import RequestLimiter, request_priority


class LoopOfOurTime(asyncio.SelectorEventLoop):
    """A loop that never waits: when it has nothing to do its time jumps to the next timer."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 1000.0
        inside: Any = self  # its selector is private
        select = inside._selector.select

        def jump(timeout: float | None = None) -> object:
            if timeout:
                self.at += timeout
            return select(0)

        inside._selector.select = jump

    def time(self) -> float:
        return self.at


@pytest.fixture
def loop() -> Generator[LoopOfOurTime]:
    loop = LoopOfOurTime()
    yield loop
    loop.close()


async def request(limiter: RequestLimiter, priority: Priority, done: Callable[[], object]) -> None:
    with request_priority(priority):
        await limiter.acquire()
    done()


async def many(limiter: RequestLimiter, count: int, done: Callable[[], object]) -> None:
    await asyncio.gather(*(request(limiter, Priority.MATCH, done) for _ in range(count)))


def test_no_second_sees_more_than_its_share_the_first_included(loop: LoopOfOurTime) -> None:
    limiter = RequestLimiter(45)
    times: list[float] = []
    loop.run_until_complete(many(limiter, 200, lambda: times.append(loop.at)))
    assert len(times) == limiter.counted == 200
    for index in range(200 - 45):
        assert times[index + 45] - times[index] >= 1.0 - 1e-6
    assert times[-1] - times[0] == pytest.approx(4, abs=0.01), "and none waits for nothing"


def test_the_urgent_pass_those_who_wait_and_equals_keep_their_order(loop: LoopOfOurTime) -> None:
    limiter = RequestLimiter(1)
    order: list[str] = []

    async def story() -> None:
        await limiter.acquire()
        names = [
            ("edit 1", Priority.LAST_EDIT),
            ("panel 1", Priority.PANEL),
            ("edit 2", Priority.LAST_EDIT),
            ("match 1", Priority.MATCH),
            ("panel 2", Priority.PANEL),
            ("match 2", Priority.MATCH),
        ]
        await asyncio.gather(
            *(
                request(limiter, priority, lambda name=name: order.append(name))
                for name, priority in names
            )
        )

    loop.run_until_complete(story())
    assert order == ["match 1", "match 2", "panel 1", "panel 2", "edit 1", "edit 2"]


def test_a_waiter_that_is_cancelled_uses_nothing(loop: LoopOfOurTime) -> None:
    limiter = RequestLimiter(2)

    async def story() -> float:
        await limiter.acquire()
        await limiter.acquire()
        began = loop.at
        leaving = [asyncio.create_task(limiter.acquire()) for _ in range(5)]
        staying = [asyncio.create_task(limiter.acquire()) for _ in range(2)]
        await asyncio.sleep(0)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*staying)
        return loop.at - began

    assert loop.run_until_complete(story()) == pytest.approx(1, abs=0.01)
    assert limiter.counted == 4


def test_a_turn_that_comes_with_the_cancellation_goes_to_the_next(loop: LoopOfOurTime) -> None:
    limiter = RequestLimiter(1)

    async def story() -> float:
        await limiter.acquire()
        began = loop.at
        leaving = asyncio.create_task(limiter.acquire())
        staying = asyncio.create_task(limiter.acquire())
        await asyncio.sleep(0)
        # Another's coming gives it its turn, and it is cancelled before it has run.
        loop.at += 1
        coming = asyncio.create_task(limiter.acquire())
        loop.call_soon(leaving.cancel)
        await asyncio.wait({leaving})
        assert leaving.cancelled()
        await staying
        waited = loop.at - began
        await coming
        return waited

    assert loop.run_until_complete(story()) == pytest.approx(1, abs=0.1)
    assert limiter.counted == 3


def test_nothing_ticks_when_nobody_waits(loop: LoopOfOurTime) -> None:
    limiter = RequestLimiter(1)

    async def story() -> list[asyncio.TimerHandle]:
        await limiter.acquire()
        leaving = asyncio.create_task(limiter.acquire())
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.wait({leaving})
        inside: Any = loop  # there is no public list of timers
        timers: list[asyncio.TimerHandle] = inside._scheduled
        return [timer for timer in timers if not timer.cancelled()]

    assert loop.run_until_complete(story()) == []
