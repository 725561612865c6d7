"""The bot as a process that kills itself at a transition of a match: ``python -m tests.flows.mortal
KIND NUMBER before|after``, at the commit of the NUMBER-th event of that kind."""

import os
import signal
import sys
from typing import Any

from core.db import after_commit
from ladderkeeper.cli import main
from plugins.queue.models import MatchEvent


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def make_mortal(kind: str, number: int, when: str) -> None:
    """Have the process die at that event."""
    create = MatchEvent.create
    seen: list[str] = []

    async def create_and_die(**values: Any) -> MatchEvent:
        event = await create(**values)
        seen.append(values["kind"])
        if values["kind"] == kind and seen.count(kind) == number:
            if when == "before":
                die()
            after_commit(die)
        return event

    MatchEvent.create = create_and_die  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    make_mortal(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    sys.argv = ["ladderkeeper", "run"]
    main()
