"""The databases of the tests are real, separate, and gone afterwards."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import aiosqlite
import asyncpg
import psutil
import pytest

from tests.postgres import PostgresServer

STARTER = """
import time
from tests import postgres
server = postgres.start()
print(server.url, flush=True)
time.sleep(60)
"""


async def test_each_database_answers(database_url: str) -> None:
    if database_url.startswith("sqlite://"):
        async with aiosqlite.connect(database_url.removeprefix("sqlite://")) as connection:
            cursor = await connection.execute("SELECT sqlite_version()")
            assert await cursor.fetchone()
        return
    connection = await asyncpg.connect(database_url)
    try:
        version = await connection.fetchval("SELECT version()")
        name = await connection.fetchval("SELECT current_database()")
    finally:
        await connection.close()
    assert version.startswith("PostgreSQL")
    assert name == urlsplit(database_url).path.lstrip("/")


async def test_a_database_can_be_a_copy(postgres_server: PostgresServer) -> None:
    original = await postgres_server.create_database()
    await run_sql(original, "CREATE TABLE faction AS SELECT 'seraphim' AS name")

    copy = await postgres_server.create_database(template=original)

    assert await run_sql(copy, "SELECT name FROM faction") == "seraphim"
    assert await postgres_server.drop_database(copy) == 0
    assert await postgres_server.drop_database(original) == 0


async def test_an_open_connection_is_counted_and_ended(postgres_server: PostgresServer) -> None:
    url = await postgres_server.create_database()
    connection = await asyncpg.connect(url)

    assert await postgres_server.drop_database(url) == 1

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.fetchval("SELECT 1")
    connection.terminate()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_the_server_ends_with_the_tests_even_when_they_are_killed() -> None:
    tests = subprocess.Popen(
        [sys.executable, "-c", STARTER],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={name: value for name, value in os.environ.items() if "POSTGRES_URL" not in name},
    )
    assert tests.stdout is not None
    with tests.stdout as output:
        assert output.readline().startswith("postgres://")
    servers = psutil.Process(tests.pid).children(recursive=True)
    assert any("postgres" in server.name() for server in servers)

    tests.send_signal(signal.SIGKILL)
    tests.wait()

    _, alive = psutil.wait_procs(servers, timeout=20)
    assert alive == []


async def run_sql(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()
