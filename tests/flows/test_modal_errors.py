"""What goes wrong in a modal, or in the press of a stock view, is one plain sentence to whoever did
it, and the rest to the log."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from ladderkeeper.testing import Stage
from sandbox import Exchange, Persona
from tests.flows.conftest import set_stage

SAMPLES = Path(__file__).parents[1] / "sample_plugins"


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    async with set_stage(tmp_path, database_url, enabled=["slow"], folders=[SAMPLES]) as stage:
        slow().pace = slow().Pace()
        slow().pace.go_on.set()
        yield stage


@pytest.fixture
async def alice(stage: Stage) -> Persona:
    return await stage.persona("Alice")


@pytest.fixture
def log() -> Iterator[list[str]]:
    lines: list[str] = []
    sink = logger.add(lines.append, format="[{extra[plugin]}] {message}", level="WARNING")
    logger.configure(extra={"plugin": "-"})
    yield lines
    logger.remove(sink)
    logger.configure(extra={})


def slow() -> Any:
    """The plugin's module, as the bot has imported it."""
    return sys.modules["ladderkeeper_folder_plugins.slow"]


async def submit(alice: Persona, answer: str, *, own: bool = False) -> Exchange:
    slow().pace.answer = answer
    await alice.slash("slow form", own=own)
    return await alice.submit()


async def press(alice: Persona, answer: str) -> Exchange:
    slow().pace.answer = answer
    await alice.slash("slow stock_view")
    return await alice.press("Slow")


@pytest.mark.parametrize(("act", "where"), [(submit, "slow.Form"), (press, "slow.stock")])
async def test_an_error_is_one_sentence(
    stage: Stage, alice: Persona, log: list[str], act: Any, where: str
) -> None:
    answer = await act(alice, "raises")

    assert answer.text.startswith("Something went wrong on our side.")
    assert answer.message is not None
    assert answer.message.ephemeral
    code = answer.text.split("**")[1]
    assert [line for line in log if f"[slow] {where} failed" in line and code in line], log
    assert stage.app.failures.total == {"slow": 1}


@pytest.mark.parametrize("act", [submit, press])
async def test_a_refusal_is_shown_as_it_is(
    stage: Stage, alice: Persona, log: list[str], act: Any
) -> None:
    answer = await act(alice, "refuses")

    assert answer.text == "Not today."
    assert answer.message is not None
    assert answer.message.ephemeral
    assert log == []
    assert not stage.app.failures.total


async def test_one_with_words_of_its_own_keeps_them(stage: Stage, alice: Persona) -> None:
    answer = await submit(alice, "raises", own=True)

    assert answer.text == "my own words: raised on purpose"
    assert not stage.app.failures.total


async def test_whose_own_words_fail_is_answered_for(stage: Stage, alice: Persona) -> None:
    answer = await submit(alice, "refuses", own=True)

    assert answer.text.startswith("Something went wrong on our side.")
    assert stage.app.failures.total == {"slow": 1}


async def test_without_an_answer_it_stays_open_and_is_sent_again(
    stage: Stage, alice: Persona
) -> None:
    slow().pace.answer = "nothing"
    await alice.slash("slow form")
    user = stage.sandbox.world.personas[alice.id]
    opened = user.modal
    await alice.submit(wait=False)
    await slow().pace.begun.wait()
    user.modal = opened  # as a client leaves it
    slow().pace.answer = "reply"

    assert (await alice.submit()).text == "replied"
