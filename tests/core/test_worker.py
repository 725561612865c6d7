"""A process beside the bot: it answers, survives its own end, and stays no longer than it must."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from core.worker import Worker, WorkerLost
from tests.core.waiting import until

SCRIPT = """\
import os, time
from core.worker_script import serve

def answer(question):
    word, _, rest = question.partition(b" ")
    if word == b"sleep":
        time.sleep(float(rest))
    if word == b"die":
        os._exit(3)
    if word == b"secret":
        return os.environ.get(rest.decode(), "none").encode()
    return b"answer to " + question

serve(answer)
"""


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[Worker]:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    worker = Worker(script, "answers", limit_seconds=5, idle_seconds=0.2)
    yield worker
    await worker.close()


async def test_it_answers_with_one_process(worker: Worker) -> None:
    assert worker.pid is None

    assert await worker.ask(b"one") == b"answer to one"
    first = worker.pid
    answers = await asyncio.gather(*(worker.ask(str(n).encode()) for n in range(20)))

    assert answers == [f"answer to {n}".encode() for n in range(20)]
    assert worker.pid == first
    assert await worker.ask(b"") == b"answer to "
    long = b"x" * 3_000_000
    assert await worker.ask(long) == b"answer to " + long


async def test_it_ends_when_it_is_idle_and_starts_again(worker: Worker) -> None:
    await worker.ask(b"one")
    first = worker.pid
    assert first is not None

    await until(lambda: not psutil.pid_exists(first))

    assert worker.pid is None
    assert await worker.ask(b"two") == b"answer to two"


async def test_a_process_that_was_killed_is_replaced(worker: Worker) -> None:
    asked = asyncio.create_task(worker.ask(b"sleep 0.3"))
    await until(lambda: worker.pid is not None)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)

    assert await asked == b"answer to sleep 0.3"


async def test_a_question_that_ends_it_is_given_up(worker: Worker) -> None:
    with pytest.raises(WorkerLost, match="that answers ended"):
        await worker.ask(b"die")

    assert await worker.ask(b"one") == b"answer to one"


async def test_an_answer_that_takes_too_long_is_given_up(tmp_path: Path, worker: Worker) -> None:
    impatient = Worker(tmp_path / "script.py", "answers", limit_seconds=0.5)

    with pytest.raises(WorkerLost):
        await impatient.ask(b"sleep 30")

    assert impatient.pid is None
    await impatient.close()


async def test_a_question_taken_back_leaves_no_answer_for_the_next(worker: Worker) -> None:
    asked = asyncio.create_task(worker.ask(b"sleep 1"))
    await until(lambda: worker.pid is not None)
    asked.cancel()
    await asyncio.wait([asked])

    assert await worker.ask(b"two") == b"answer to two"


async def test_it_is_told_no_secret(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a-token")
    monkeypatch.setenv("LADDERKEEPER_DATABASE__URL", "a-url")

    assert await worker.ask(b"secret DISCORD_TOKEN") == b"none"
    assert await worker.ask(b"secret LADDERKEEPER_DATABASE__URL") == b"none"


async def test_after_its_end_it_answers_nothing(worker: Worker) -> None:
    await worker.ask(b"one")

    await worker.close()
    await worker.close()

    assert worker.pid is None
    with pytest.raises(RuntimeError, match="closed"):
        await worker.ask(b"two")
