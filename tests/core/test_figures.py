"""Figures are counted cheaply, and read when somebody asks."""

import asyncio
import math

import pytest

from core.answer_times import MOST_WAITING, AnswerTimes
from core.context import acting_for
from core.figures import Figures, Reading


async def test_counts_and_what_is_shown() -> None:
    figures = Figures()
    count = figures.count("queue_joins", "Joins.", labels=["ladder"])
    count.add("a")
    count.add("a", by=2)
    count.add("b")

    async def later() -> dict[tuple[str, ...], float]:
        await asyncio.sleep(0)
        return {(): 7}

    figures.show("core_later", "Read from afar.", later)

    assert await figures.read() == [
        Reading("core_later", "Read from afar.", "gauge", (), {(): 7}),
        Reading("queue_joins", "Joins.", "counter", ("ladder",), {("a",): 3, ("b",): 1}),
    ]


async def test_a_distribution_and_its_quantiles() -> None:
    figures = Figures()
    noted = figures.distribution("queue_gap", "Gaps.", bounds=(10, 20, 50), labels=["ladder"])
    [empty] = await figures.read()
    assert empty.quantile(0.5) is None

    for value, ladder in ((5, "a"), (10, "a"), (11, "b"), (50, "b")):
        noted.note(value, ladder)
    [reading] = await figures.read()

    assert reading.spreads["a",].counts == [2, 0, 0, 0]
    assert (reading.spreads["b",].total, reading.spreads["b",].count) == (61, 2)
    assert [reading.quantile(share) for share in (0.5, 0.75, 1)] == [10, 20, 50]
    noted.note(51, "a")
    [reading] = await figures.read()
    assert reading.quantile(1) == math.inf


async def test_one_that_cannot_be_read_is_left_out() -> None:
    figures = Figures()

    def fails() -> dict[tuple[str, ...], float]:
        raise OSError("away")

    figures.show("a_fails", "Fails.", fails)
    figures.count("b_works", "Works.")

    assert [reading.name for reading in await figures.read()] == ["b_works"]


async def test_names_are_taken_once_and_given_back() -> None:
    figures = Figures()
    figures.count("queue_joins", "Joins.")
    with pytest.raises(ValueError, match="queue_joins already"):
        figures.count("queue_joins", "Joins.")

    figures.remove("queue_joins", "queue_unknown")

    figures.count("queue_joins", "Joins.")


def test_an_answer_is_timed_once_and_for_its_plugin() -> None:
    times = AnswerTimes()
    times.arrived(1)
    with acting_for("queue"):
        times.answered(1)
        times.answered(1)
    times.answered(2)

    assert {labels: spread.count for labels, spread in times.seconds.read().items()} == {
        ("queue",): 1
    }


def test_what_is_never_answered_is_forgotten() -> None:
    times = AnswerTimes()
    for number in range(MOST_WAITING + 10):
        times.arrived(number)
    for number in range(MOST_WAITING + 10):
        times.answered(number)

    [spread] = times.seconds.read().values()
    assert spread.count == MOST_WAITING
