"""The author of a plugin writes `async def test_x(stage, alice)`, and nothing to set it up."""

import pytest

SETTINGS = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""

PLUGIN = '''
import disnake
from disnake.ext import commands
from ladderkeeper.api import Plugin, hookimpl


class HelloCog(commands.Cog, name="Hello"):
    @commands.slash_command(name="hello")
    async def hello(self, inter: disnake.ApplicationCommandInteraction) -> None:
        """Greet."""
        await inter.response.send_message("Hello!", ephemeral=True)


class Hello(Plugin):
    name = "hello"
    summary = "Greets"

    @hookimpl
    async def load(self, context) -> None:
        context.log.info("greeting")
        context.add_cog(HelloCog())


plugin = Hello
'''

CONFTEST = """
from pathlib import Path
import pytest

@pytest.fixture
def stage_options():
    return {"enabled": ["hello"], "folders": [Path(__file__).parent / "plugins"]}
"""

TESTS = """
import asyncio

async def test_greeting(stage, alice, bob):
    for persona in (alice, bob):
        assert (await persona.slash("hello")).text == "Hello!"

async def test_the_log(bot_log, stage):
    assert "[hello] greeting\\n" in bot_log

async def test_a_leak(stage):
    asyncio.get_running_loop().create_task(asyncio.sleep(60), name="forgotten")

async def test_that_asks_for_nothing_is_held_to_nothing():
    pass
"""


def test_a_stage_and_people_are_there_unasked(pytester: pytest.Pytester) -> None:
    pytester.makeini(SETTINGS)
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)
    folder = pytester.mkdir("plugins") / "hello"
    folder.mkdir()
    (folder / "__init__.py").write_text(PLUGIN)

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines(["*left over: task 'forgotten'*"])


def test_the_queue_is_what_runs_when_nothing_is_chosen(pytester: pytest.Pytester) -> None:
    pytester.makeini(SETTINGS)
    pytester.makepyfile("""
        async def test_queue(stage, alice):
            assert "Searching" in (await alice.slash("queue join", faction="BW Zerg")).text
    """)

    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_where_nothing_of_it_is_asked_for_nothing_is_imported(pytester: pytest.Pytester) -> None:
    """pytest loads it in every project beside which Ladderkeeper is installed."""
    pytester.makepyfile("""
        import sys

        def test_light():
            assert not {"disnake", "core", "sandbox", "tortoise"} & set(sys.modules)
    """)

    pytester.runpytest_subprocess().assert_outcomes(passed=1)
