"""How many failures are too many."""

import pytest

from core.clock import MovableClock
from core.plugin.failures import FailureLedger


class Story:
    def __init__(self, limit: int) -> None:
        self.clock = MovableClock()
        self.told: list[str] = []
        self.ledger = FailureLedger(
            self.clock, limit=limit, window_seconds=60, on_too_many=self.told.append
        )

    def fail(self, plugin: str, times: int = 1) -> None:
        for _ in range(times):
            self.ledger.failed(plugin, "hook match_found", KeyError())


def test_the_limit_within_the_window_is_too_many_and_told_once() -> None:
    story = Story(limit=3)
    story.fail("queue", 2)
    assert story.told == []
    story.fail("queue")
    assert story.told == ["queue"]
    story.fail("queue", 2)
    assert story.told == ["queue"], "it counts from zero again"
    story.fail("queue")
    assert story.told == ["queue", "queue"]
    assert story.ledger.total["queue"] == 6


def test_failures_that_are_far_apart_are_not_too_many() -> None:
    story = Story(limit=3)
    for _ in range(10):
        story.fail("queue")
        story.clock.advance(31)
    assert story.told == []
    story.fail("queue", 2)
    assert story.told == ["queue"], "the last of them still counts"


def test_each_plugin_is_counted_by_itself() -> None:
    story = Story(limit=2)
    story.fail("queue")
    story.fail("admin")
    assert story.told == []
    assert story.ledger.total == {"queue": 1, "admin": 1}


@pytest.mark.parametrize("times", [1, 2])
def test_a_limit_of_one_tolerates_none(times: int) -> None:
    story = Story(limit=1)
    story.fail("queue", times)
    assert story.told == ["queue"] * times
