"""The core's database, opened and with its tables, on each kind of server."""

from collections.abc import AsyncIterator

import pytest

from core.db import Database
from core.db.database import CORE_MODELS


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The open database of the test's process, with the core's tables."""
    opened = Database(database_url, [CORE_MODELS])
    await opened.open()
    try:
        await opened.migrate(["core"])
        yield opened
    finally:
        await opened.close()
