"""A test that leaves something behind fails, and only that one."""

import textwrap

import pytest

LEAKS = {
    "task 'forgotten'": """
        async def test_leak():
            asyncio.get_running_loop().create_task(asyncio.sleep(60), name="forgotten")
    """,
    "task 'stubborn'": """
        async def stay():
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                await asyncio.sleep(60)

        async def test_leak():
            task = asyncio.create_task(stay(), name="stubborn")
            await asyncio.sleep(0)
            task.cancel()
    """,
    "timer <TimerHandle": """
        async def test_leak():
            asyncio.get_running_loop().call_later(60, print)
    """,
    "thread 'forgotten'": """
        @pytest.fixture(scope="session", autouse=True)
        def release():
            yield
            EVENT.set()

        EVENT = threading.Event()

        def test_leak():
            threading.Thread(target=EVENT.wait, name="forgotten").start()
    """,
    "thread 'Thread-1 (_connection_worker_thread)'": """
        @pytest.fixture(scope="session", autouse=True)
        def release():
            yield
            for connection in KEPT:
                connection.stop()

        KEPT = []

        async def test_leak():
            KEPT.append(await aiosqlite.connect(":memory:"))
    """,
    "process": """
        KEPT = []

        def test_leak():
            KEPT.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
    """,
    "socket": """
        KEPT = []

        def test_leak():
            KEPT.append(socket.create_server(("127.0.0.1", 0)))
    """,
}

CONFTEST = """
from ladderkeeper.testing import left_over
left_over.GRACE_S = 0.2
"""

SETTINGS = """
[pytest]
asyncio_mode = auto
usefixtures = nothing_left_in_loop
asyncio_default_fixture_loop_scope = function
"""

HEAD = """
import asyncio, socket, subprocess, sys, threading
import aiosqlite
import pytest
"""

CLEAN = """
async def test_clean():
    await asyncio.create_task(asyncio.sleep(0))
    async with aiosqlite.connect(":memory:") as connection:
        await connection.execute("SELECT 1")
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await process.wait()
    leaving = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    leaving.cancel()
"""


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_fails_its_test_alone(pytester: pytest.Pytester, leak: str) -> None:
    result = run(pytester, LEAKS[leak])

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines([f"*left over: {leak.replace('[', '[[]')}*"])


def test_clean_tests_pass(pytester: pytest.Pytester) -> None:
    result = run(pytester, "")

    result.assert_outcomes(passed=1)


def run(pytester: pytest.Pytester, leak: str) -> pytest.RunResult:
    """Run the leaking test, then a clean one, as the tests of this project are run."""
    pytester.makeconftest(CONFTEST)
    pytester.makeini(SETTINGS)
    pytester.makepyfile(HEAD + textwrap.dedent(leak) + CLEAN)
    return pytester.runpytest_subprocess()
