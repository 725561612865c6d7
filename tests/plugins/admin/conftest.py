"""The tables of the queue and of admins in a database of the test's own, without a bot."""

from collections.abc import AsyncIterator

import pytest

from core.db import AppModels, Database
from core.db.database import CORE_MODELS
from tests.plugins.queue.conftest import QUEUE_MODELS

ADMIN_MODELS = AppModels("admin", "plugins.admin.models", "plugins.admin.migrations")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The open database, on each kind of server."""
    database = Database(database_url, [CORE_MODELS, QUEUE_MODELS, ADMIN_MODELS])
    await database.open()
    try:
        await database.migrate(["core", "queue", "admin"])
        yield database
    finally:
        await database.close()
