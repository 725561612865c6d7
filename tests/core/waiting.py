"""Wait for a condition, never for a time."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

PATIENCE_SECONDS = 20.0


async def until(condition: Callable[[], object | Awaitable[object]]) -> None:
    """Return once `condition` holds, asked again and again; fail when it never does."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            answer = condition()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return
            await asyncio.sleep(0.005)
