"""Tasks that come to an end, whether they want to or not."""

import asyncio

import pytest

from core import tasks
from core.tasks import EndedItself, StillRunning, bounded, cancel_all, current_task, spawn


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "GRACE_SECONDS", 0.02)


class Stubborn:
    """Work that swallows so many cancellations."""

    def __init__(self, swallows: int) -> None:
        self.left = swallows
        self.swallowed = 0
        self.ended = False
        self.let_go = asyncio.Event()

    async def work(self) -> None:
        while not self.let_go.is_set():
            try:
                await self.let_go.wait()
            except asyncio.CancelledError:
                if self.left == 0:
                    self.ended = True
                    raise
                self.left -= 1
                self.swallowed += 1


async def test_what_is_done_in_time_returns_its_value_or_raises_its_error() -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    async def fail() -> int:
        raise KeyError("mine")

    assert await bounded(answer(), 5, name="answer") == 42
    with pytest.raises(KeyError, match="mine"):
        await bounded(fail(), 5, name="fail")


async def test_what_swallows_its_first_cancellation_is_cancelled_again() -> None:
    stubborn = Stubborn(swallows=1)
    with pytest.raises(StillRunning, match=r"the hook took longer than 0\.01 s"):
        await bounded(stubborn.work(), 0.01, name="the hook")
    assert stubborn.ended
    assert stubborn.swallowed == 1


async def test_what_never_ends_is_given_up() -> None:
    stubborn = Stubborn(swallows=1000)
    with pytest.raises(StillRunning):
        await bounded(stubborn.work(), 0.01, name="the hook")
    assert stubborn.swallowed == tasks.CANCELLATIONS
    stubborn.let_go.set()


async def test_whoever_waits_may_be_cancelled_and_takes_the_work_along() -> None:
    stubborn = Stubborn(swallows=1)
    waiting = spawn(bounded(stubborn.work(), 60, name="the hook"), name="waiting")
    await asyncio.sleep(0)
    assert await cancel_all([waiting]) == set()
    assert waiting.cancelled()
    assert stubborn.ended


async def test_insisting_goes_on_when_whoever_insists_is_cancelled() -> None:
    stubborn = Stubborn(swallows=2)
    work = spawn(stubborn.work(), name="work")
    await asyncio.sleep(0)
    insisting = asyncio.create_task(cancel_all([work]))
    await asyncio.sleep(0)
    insisting.cancel()
    await asyncio.wait({work}, timeout=10)
    assert insisting.cancelled()
    assert stubborn.ended


@pytest.mark.parametrize("raised", [SystemExit(3), asyncio.CancelledError()])
async def test_work_ends_neither_the_process_nor_whoever_waits(raised: BaseException) -> None:
    async def work() -> None:
        raise raised

    with pytest.raises(EndedItself, match="the hook"):
        await bounded(work(), 5, name="the hook")


async def test_cancel_all_spares_its_caller_and_what_is_done() -> None:
    async def quick() -> None:
        pass

    done = spawn(quick(), name="quick")
    await done
    assert await cancel_all([done, current_task()]) == set()
    assert not done.cancelled()


def test_there_is_no_current_task_outside_a_loop() -> None:
    with pytest.raises(RuntimeError):
        current_task()
