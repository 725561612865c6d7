"""``ladderkeeper sandbox`` for whoever writes a plugin: what goes wrong is seen, what changes is
taken over, and nobody needs a config.toml of their own."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox import SandboxClient
from tests.ladderkeeper.test_cli import ladderkeeper

PATIENCE_SECONDS = 40.0

LONELY = """
from ladderkeeper.api import Plugin

class Lonely(Plugin):
    name = "lonely_one"
    summary = "Requires what nobody has"
    requires = ("nobody",)

plugin = Lonely
"""

FAILING = """
from ladderkeeper.api import Plugin, hookimpl

class Failing(Plugin):
    name = "failing"
    summary = "Cannot be unloaded in peace"

    @hookimpl
    async def unload(self, context):
        1 / 0

plugin = Failing
"""

SLEEPY = """
import asyncio

from ladderkeeper.api import Plugin, hookimpl

class Sleepy(Plugin):
    name = "sleepy"
    summary = "Is never done with loading"

    @hookimpl
    async def load(self, context):
        await asyncio.sleep(600)

plugin = Sleepy
"""

CONFIG = """
[plugins]
enabled = {enabled}
folders = ["mine"]

[plugins.telemetry]
interval_seconds = {seconds}
"""


@contextmanager
def sandbox(folder: Path, *arguments: str) -> Generator[Path]:
    """It runs in `folder`; yields the file of what it says."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LADDERKEEPER", "DISCORD"))}
    said = folder / "said.txt"
    with said.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "ladderkeeper", "sandbox", "--no-browser", *arguments],
            cwd=folder,
            env={**kept, "COLUMNS": "300", "PYTHONUNBUFFERED": "1"},
            stdout=stream,
            stderr=stream,
        )
    try:
        yield said
    finally:
        process.terminate()
        process.wait()


def says(said: Path, *words: str) -> str:
    """Wait until it has said all of them."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not all(word in (text := said.read_text(encoding="utf-8")) for word in words):
        assert time.monotonic() < until, text
        time.sleep(0.1)
    return text


def test_what_goes_wrong_is_seen_and_what_changes_is_taken_over(tmp_path: Path) -> None:
    for name, code in (("lonely_one", LONELY), ("failing", FAILING)):
        (tmp_path / "mine" / name).mkdir(parents=True)
        (tmp_path / "mine" / name / "__init__.py").write_text(code)
    config = tmp_path / "config.toml"
    enabled = '["lonely_one", "telemetry", "failing"]'
    config.write_text(CONFIG.format(enabled=enabled, seconds='"often"'))
    with sandbox(tmp_path) as said:
        text = says(
            said,
            "plugin lonely_one is not loaded: it requires the plugin nobody",
            "loaded: config.toml: plugins.telemetry.interval_seconds: found the text",
            "NOT loaded: lonely_one, telemetry",
        )
        assert "The bot's log is " in text

        config.write_text("[plugins\n")
        says(said, "The change is not taken over:", "line 1")
        config.write_text(CONFIG.format(enabled='["lonely_one", "shield"]', seconds=300))
        says(
            said, "\nconfig.toml: plugins.enabled: there is no plugin shield. Did you mean shield_"
        )

        config.write_text(CONFIG.format(enabled='["failing"]', seconds=300))
        ladderkeeper(tmp_path, "plugins", "disable", "failing")
        says(said, "ERROR [failing] ", "Traceback (most recent call last):", "ZeroDivisionError")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[plugins]\nenabled = ["quue"]', "the bot ended at once: config.toml: plugins.enabled: "),
        (
            '[plugins]\nenabled = ["telemetry"]\n[plugins.queue]\nladders = [1]',
            "not be loaded: config.toml: plugins.queue.ladders[0]: ",
        ),
    ],
)
def test_what_is_wrong_from_the_start(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(text)

    told = ladderkeeper(tmp_path, "sandbox", "--no-browser", "--seconds=1")

    assert said in told.stdout + told.stderr
    assert "Traceback" not in told.stderr


def test_its_owner_may_do_what_owners_do(tmp_path: Path) -> None:
    async def tried(url: str) -> str:
        async with SandboxClient(url) as client:
            people = [person["name"] for person in (await client.state())["personas"]]
            assert people == ["Alice", "Bob", "Olga"], "the page shows the first two"
            olga = await client.find_persona("Olga")
            await olga.slash("panel post")
            await olga.sees("in the queue")
            return (await olga.slash("owner admin list")).text

    with sandbox(tmp_path) as said:
        url = re.search(r"http://\S+:\d+", says(said, "Ctrl-C ends it"))
        assert url is not None
        assert "admin" in asyncio.run(tried(url[0]))


@pytest.mark.full
def test_a_plugin_that_hangs_as_it_is_loaded_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "mine" / "sleepy").mkdir(parents=True)
    (tmp_path / "mine" / "sleepy" / "__init__.py").write_text(SLEEPY)
    (tmp_path / "config.toml").write_text(CONFIG.format(enabled='["sleepy"]', seconds=300))
    with sandbox(tmp_path) as said:
        says(said, "plugin sleepy", "NOT loaded: sleepy")


def test_without_a_config_of_ones_own(tmp_path: Path) -> None:
    with sandbox(tmp_path) as said:
        says(said, "There is no config.toml here", "The sandbox is at http://127.0.0.1:")
