"""What every test may ask for: a database of its own, on each kind of server; and a clean end."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings
from loguru import logger

from tests import postgres
from tests.tables import Tables

__all__ = ["database_url", "has_tables", "postgres_server", "tables"]


class WorkerNode(Protocol):
    """What pytest-xdist shows of one of its worker processes."""

    config: pytest.Config
    workerinput: dict[str, str]


class ServerOfTheRun:
    """The one PostgreSQL of a test run, started when first asked for.

    With several processes the controller starts it and hands its URL to the workers.
    """

    def __init__(self, config: pytest.Config) -> None:
        given: dict[str, str] = getattr(config, "workerinput", {})
        self._server: postgres.PostgresServer | None = None
        self._problem = given.get("postgres_problem", "")
        if "postgres_url" in given:
            self._server = postgres.PostgresServer(given["postgres_url"])

    def start(self) -> dict[str, str]:
        """Start it unless that was tried before; return what a worker is to be told."""
        if self._server is None and not self._problem:
            try:
                self._server = postgres.start()
            except (postgres.PostgresError, OSError) as error:
                self._problem = str(error)
        if self._server is None:
            return {"postgres_problem": self._problem}
        return {"postgres_url": self._server.url}

    def get(self) -> postgres.PostgresServer:
        self.start()
        if self._server is None:
            pytest.fail(self._problem, pytrace=False)
        return self._server

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()


SERVER = pytest.StashKey[ServerOfTheRun]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="also run the tests that take long")


# Machines are shared: how long an example took says nothing.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


def pytest_configure(config: pytest.Config) -> None:
    logger.remove()  # loguru's own shows the values of variables, at length
    logger.add(sys.stderr, format="{level} {name}: {message}", diagnose=False, backtrace=False)
    server = ServerOfTheRun(config)
    config.stash[SERVER] = server
    config.add_cleanup(server.stop)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerNode) -> None:
    """Called by pytest-xdist in the controller, for each worker."""
    node.workerinput.update(node.config.stash[SERVER].start())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--full"):
        return
    skip = pytest.mark.skip(reason="takes long; runs with ./test --full")
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(skip)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the server before the first test, lest one be held to have left it over."""
    if session.config.getoption("--collect-only"):
        return
    if any(needs_postgres(item) for item in session.items):
        session.config.stash[SERVER].start()


def needs_postgres(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function) or item.get_closest_marker("skip"):
        return False
    chosen = item.callspec.params if hasattr(item, "callspec") else {}
    return chosen.get("database_url") == "postgres" or "postgres_server" in item.fixturenames


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> postgres.PostgresServer:
    """The PostgreSQL of this test run; fails the test, saying why, when there can be none."""
    return pytestconfig.stash[SERVER].get()


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    """Makes databases that have the tables of every plugin."""
    tables = Tables(tmp_path_factory.mktemp("tables"))
    yield tables
    asyncio.run(tables.drop())


@pytest.fixture
def has_tables() -> bool:
    """Override this to begin with the tables of every plugin, as after a bot's first start."""
    return False


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, tables: Tables, has_tables: bool
) -> AsyncIterator[str]:
    """The URL of a database of the test's own, once on SQLite and once on PostgreSQL. It is empty;
    see ``has_tables``.

    The PostgreSQL one is dropped after the test, which fails if connections to it are still open.
    """
    if request.param == "sqlite":
        file = tmp_path / "ladder.sqlite3"
        if has_tables:
            shutil.copyfile(await tables.file(), file)
        yield f"sqlite://{file}"
        return
    server = request.config.stash[SERVER].get()
    url = await server.create_database(*([await tables.template(server)] if has_tables else []))
    yield url
    if left := await server.drop_database(url):
        pytest.fail(f"left over: {left} connections to the test's database", pytrace=False)
