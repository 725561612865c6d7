"""Databases with the tables of every plugin that ships, as a bot's first start leaves them.

Applying all migrations takes longer than most tests. Each process does it once on each kind of
server, and tests that are not about it begin with a copy.
"""

from pathlib import Path

from core.db import Database
from core.db.database import CORE_MODELS
from core.plugin import app_models, discover
from tests.postgres import PostgresServer

__all__ = ["Tables"]


class Tables:
    """Makes the originals, when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "tables.sqlite3"
        self._original: tuple[PostgresServer, str] | None = None

    async def file(self) -> Path:
        """A SQLite file, to be copied."""
        if not self._file.exists():
            await make_tables(f"sqlite://{self._file}")
        return self._file

    async def template(self, server: PostgresServer) -> str:
        """The URL of a database on that server, to be a template of others."""
        if self._original is None:
            url = await server.create_database()
            await make_tables(url)
            self._original = server, url
        return self._original[1]

    async def drop(self) -> None:
        """Leave nothing on the server."""
        if self._original is not None:
            server, url = self._original
            await server.drop_database(url)


async def make_tables(url: str) -> None:
    apps = [CORE_MODELS, *app_models(discover()).values()]
    database = Database(url, apps)
    await database.open()
    try:
        await database.migrate(app.label for app in apps)
    finally:
        await database.close()
