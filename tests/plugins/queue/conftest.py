"""The tables of the queue in a database of the test's own, without a bot."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest

from core.db import AppModels, Database
from core.db.database import CORE_MODELS

QUEUE_MODELS = AppModels("queue", "plugins.queue.models", "plugins.queue.migrations")


@asynccontextmanager
async def opened(database_url: str) -> AsyncGenerator[Database]:
    """A database with the tables of the queue."""
    database = Database(database_url, [CORE_MODELS, QUEUE_MODELS])
    await database.open()
    try:
        await database.migrate(["core", "queue"])
        yield database
    finally:
        await database.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The open database, on each kind of server."""
    async with opened(database_url) as database:
        yield database
