"""Waiting on the machine's clock and on one that is moved."""

import asyncio
from datetime import timedelta

import pytest

from core.clock import Clock, MovableClock


@pytest.mark.parametrize("clock", [Clock(), MovableClock()])
async def test_a_wait_ends_with_its_event_or_its_time(clock: Clock) -> None:
    event = asyncio.Event()
    assert await clock.wait(event, 0.01) is False
    assert await clock.wait(event, 0) is False
    assert await clock.wait(event, -5) is False
    waiting = asyncio.create_task(clock.wait(event, 3600))
    await asyncio.sleep(0)
    event.set()
    assert await waiting is True
    assert await clock.wait(event, 0) is True


@pytest.mark.parametrize("clock", [Clock(), MovableClock()])
async def test_now_is_in_utc_and_goes_on(clock: Clock) -> None:
    first = clock.now()
    assert first.utcoffset() == timedelta()
    assert clock.now() >= first


async def test_moving_the_clock_ends_only_the_waits_whose_time_has_come() -> None:
    clock = MovableClock()
    event = asyncio.Event()
    minute = asyncio.create_task(clock.wait(event, 60))
    hour = asyncio.create_task(clock.wait(event, 3600))
    await asyncio.sleep(0)
    before = clock.now()
    clock.advance(59)
    await asyncio.sleep(0)
    clock.advance(2)
    assert await minute is False
    assert not hour.done()
    assert clock.now() - before >= timedelta(seconds=61)
    event.set()
    assert await hour is True


async def test_the_clock_is_moved_forward_only() -> None:
    with pytest.raises(ValueError, match="forward only"):
        MovableClock().advance(-1)


async def test_a_wait_that_is_cancelled_leaves_nothing() -> None:
    clock = MovableClock()
    waiting = asyncio.create_task(clock.wait(asyncio.Event(), 3600))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    clock.advance(1)
