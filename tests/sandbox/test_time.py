"""The clock, and the ids made from it."""

import asyncio

import pytest

from sandbox.clock import Clock
from sandbox.snowflake import Snowflakes, created_at


async def test_timers_fire_in_order_when_time_is_moved() -> None:
    clock = Clock()
    fired: list[str] = []
    clock.call_later(20, lambda: fired.append("late"))
    clock.call_later(10, lambda: fired.append("early"))
    clock.call_later(15, lambda: fired.append("cancelled")).cancel()
    clock.advance(5)
    assert fired == []
    clock.advance(30)
    assert fired == ["early", "late"]
    clock.close()


async def test_timers_fire_by_themselves_too() -> None:
    clock = Clock()
    fired = asyncio.Event()
    clock.call_later(60, lambda: None)
    clock.call_later(0.01, fired.set)
    await asyncio.wait_for(fired.wait(), 5)
    clock.close()


async def test_a_timer_may_set_another() -> None:
    clock = Clock()
    fired: list[str] = []
    clock.call_later(1, lambda: clock.call_later(1, lambda: fired.append("second")))
    clock.advance(1.5)
    clock.advance(1.5)
    assert fired == ["second"]
    clock.close()


async def test_cancelled_timers_do_not_pile_up() -> None:
    clock = Clock()
    for _ in range(5_000):
        clock.call_later(1_000_000, lambda: None).cancel()
    assert len(clock._timers) <= 1_001  # pyright: ignore[reportPrivateUsage]
    clock.close()


async def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        Clock().advance(-1)


async def test_ids_rise_even_within_a_millisecond() -> None:
    clock = Clock()
    snowflakes = Snowflakes(clock)
    ids = [int(snowflakes.next()) for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert abs(created_at(str(ids[0])) - clock.now()) < 5
