"""A job's row as a thing with a state: `attempts` stands for the state, and nobody runs it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from core.clock import Clock
from core.db import execute, fetch


async def add(key: str = "x", attempts: int = 0) -> None:
    await execute(
        "INSERT INTO core_job (plugin, kind, key, priority, payload, due_at, generation, attempts)"
        " VALUES ('test', 'row', $1, 0, '{}', $2, 1, $3)",
        key,
        Clock().now(),
        attempts,
    )


async def state(key: str = "x") -> int | None:
    """None when there is no such row."""
    rows = await fetch("SELECT attempts FROM core_job WHERE key = $1", key)
    return rows[0]["attempts"] if rows else None


async def move(before: int, after: int, key: str = "x") -> bool:
    """Compare-and-set: False when the state is another."""
    changed = await execute(
        "UPDATE core_job SET attempts = $1 WHERE key = $2 AND attempts = $3", after, key, before
    )
    return changed == 1


async def keys() -> set[str]:
    return {row["key"] for row in await fetch("SELECT key FROM core_job")}


class Undone(Exception):
    """Raised to roll back."""


@asynccontextmanager
async def undone(scope: Callable[[], AbstractAsyncContextManager[object]]) -> AsyncGenerator[None]:
    """Run the block in a transaction or savepoint that is rolled back at its end."""
    try:
        async with scope():
            yield
            raise Undone
    except Undone:
        pass
