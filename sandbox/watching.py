"""Waiting until a message appears, without asking again and again."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from sandbox.model.message import Message

__all__ = ["Watches"]

MOST_WAITING = 10_000


class Watches:
    """Who waits for messages to appear or change; costs nothing while nobody does."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Message]] = set()

    @property
    def waiting(self) -> int:
        return len(self._queues)

    @contextmanager
    def open(self) -> Generator[asyncio.Queue[Message]]:
        """A queue of every message that appears or changes from now on."""
        queue: asyncio.Queue[Message] = asyncio.Queue(MOST_WAITING)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def changed(self, message: Message) -> None:
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(message)
