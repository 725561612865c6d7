"""Which requests that may show a view are under way: what is on a message is known once Discord has
answered, and somebody may press it before."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["Showing"]

PATIENCE_SECONDS = 2.5
"""Less than Discord waits for the answer to a press."""


class Showing:
    """Requests under way that may show a view."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Future[None]] = set()

    @contextmanager
    def one(self) -> Generator[None]:
        """The block makes such a request. Whoever made it routes the view before it awaits
        anything else, and so before those who wait here go on."""
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._under_way.add(answered)
        try:
            yield
        finally:
            self._under_way.discard(answered)
            answered.set_result(None)

    async def answered(self) -> None:
        """Wait until those that are under way now have their answer."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=PATIENCE_SECONDS)
