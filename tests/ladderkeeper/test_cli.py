"""The command line: what an owner types, and what they are told when something is wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

CONFIG = """\
[plugins]
# The plugins of this server.
enabled = ["queue", "telemetry"]  # two of them

[[plugins.queue.ladders]]
name = "Ladder"
guild_id = 1
room_channel_id = 2
"""

TORN = """
from ladderkeeper.api import Plugin

class Torn(Plugin):
    name = "torn"
    summary = "Has tables, and no way to them"
    has_models = True

plugin = Torn
"""


def ladderkeeper(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`, with nothing of ours in its environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LADDERKEEPER_", "DISCORD_"))}
    return subprocess.run(
        [sys.executable, "-m", "ladderkeeper", *arguments],
        cwd=folder,
        env={**kept, "COLUMNS": "200", **(environment or {})},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    ["", "run", "sandbox", "demo", "soak", "migrate", "plugins", "ladder recompute"],
)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    told = ladderkeeper(tmp_path, *command.split(), "--help")

    assert told.returncode == 0
    assert "Usage" in told.stdout


def test_the_usage_says_what_was_typed(tmp_path: Path) -> None:
    assert "Usage: ladderkeeper run " in ladderkeeper(tmp_path, "run", "--help").stdout

    told = ladderkeeper(tmp_path, "run", "--help", environment={"LADDERKEEPER_PROGRAM": "./run"})

    assert "Usage: ./run run " in told.stdout


def test_a_missing_config_is_one_sentence(tmp_path: Path) -> None:
    told = ladderkeeper(tmp_path, "run")

    assert told.returncode == 2
    assert "config.toml" in told.stderr
    assert "ladderkeeper init" in told.stderr
    assert "Traceback" not in told.stderr


def test_nothing_is_started_with_a_config_that_is_missing(tmp_path: Path) -> None:
    told = ladderkeeper(tmp_path, "--config", "other.toml", "demo")

    assert told.returncode == 2
    assert told.stdout == ""
    assert "other.toml: there is no such file" in told.stderr


def test_a_token_alone_runs_no_bot(tmp_path: Path) -> None:
    told = ladderkeeper(tmp_path, environment={"DISCORD_TOKEN": "a-token"})

    assert told.returncode == 2
    assert "config.toml: there is no such file" in told.stderr


def test_a_config_is_written_once(tmp_path: Path) -> None:
    written = ladderkeeper(tmp_path, "init")

    assert written.returncode == 0
    assert "ladderkeeper sandbox" in written.stdout
    shipped = (REPOSITORY / "config.toml").read_bytes()
    assert (tmp_path / "config.toml").read_bytes() == shipped
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    refused = ladderkeeper(tmp_path, "init")
    assert refused.returncode == 2
    assert "there is one already" in refused.stderr
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == CONFIG


def test_a_missing_token_says_where_it_belongs(folder: Path) -> None:
    told = ladderkeeper(folder, "run")

    assert told.returncode == 2
    assert "DISCORD_TOKEN" in told.stderr
    assert ".env" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_server_that_is_not_there(folder: Path) -> None:
    told = ladderkeeper(
        folder,
        "run",
        environment={
            "DISCORD_TOKEN": "a-token",
            "LADDERKEEPER_DISCORD__API_URL": "http://127.0.0.1:9",
        },
    )

    assert told.returncode == 2
    assert "[discord] api_url: http://127.0.0.1:9/api/v10 cannot be reached" in told.stderr
    assert "Traceback" not in told.stderr
    assert "a-token" not in told.stderr


def test_a_database_that_is_not_there_keeps_its_password(folder: Path) -> None:
    told = ladderkeeper(
        folder,
        "migrate",
        environment={"LADDERKEEPER_DATABASE__URL": "postgres://me:hunter22@127.0.0.1:9/ladder"},
    )

    assert told.returncode == 2
    assert "[database] url" in told.stderr
    assert "hunter22" not in told.stderr + told.stdout
    assert "Traceback" not in told.stderr


def test_every_mistake_is_told_at_once(folder: Path) -> None:
    (folder / "config.toml").write_text(
        "[discord]\napi_urll = 3\n[plugins]\nenabled = 5\n", encoding="utf-8"
    )

    told = ladderkeeper(folder, "plugins", "list")

    assert told.returncode == 2
    assert "api_urll" in told.stderr
    assert "api_url" in told.stderr
    assert "plugins.enabled" in told.stderr


def test_migrating_twice(folder: Path) -> None:
    first = ladderkeeper(folder, "migrate")
    second = ladderkeeper(folder, "migrate")

    assert "applied core.0001_initial" in first.stdout
    assert "applied queue.0001_initial" in first.stdout
    assert second.stdout.strip() == "nothing to do"


def test_migrating_without_a_plugin_that_cannot_be_used(folder: Path) -> None:
    (folder / "mine" / "torn" / "migrations").mkdir(parents=True)
    for file, code in (("__init__", TORN), ("models", ""), ("migrations/__init__", "")):
        (folder / "mine" / "torn" / f"{file}.py").write_text(code)
    config = folder / "config.toml"
    config.write_text('[plugins]\nenabled = ["torn"]\nfolders = ["mine"]\n')

    told = ladderkeeper(folder, "migrate")

    assert "applied core.0001_initial" in told.stdout
    assert "plugin torn is left out: has_models is set, but no migration" in told.stdout
    assert told.returncode == 1


def test_a_plugin_that_is_one_folder_further_down(folder: Path) -> None:
    (folder / "mine" / "poll" / "poll").mkdir(parents=True)
    (folder / "mine" / "poll" / "poll" / "__init__.py").write_text("")
    config = folder / "config.toml"
    config.write_text('[plugins]\nenabled = ["poll"]\nfolders = ["mine"]\n')

    told = ladderkeeper(folder, "migrate")

    assert "there is no plugin poll. It is one folder further down: put " in told.stderr
    assert "/mine/poll into plugins.folders." in told.stderr


def test_plugins_are_listed(folder: Path) -> None:
    told = ladderkeeper(folder, "plugins", "list")

    assert told.returncode == 0
    for name in ("admin", "queue", "shield_battery", "telemetry"):
        assert name in told.stdout


def test_enabling_and_disabling_keeps_comments(folder: Path) -> None:
    assert "admin is enabled" in ladderkeeper(folder, "plugins", "enable", "admin").stdout
    assert "enabled already" in ladderkeeper(folder, "plugins", "enable", "admin").stdout
    assert "queue is disabled" in ladderkeeper(folder, "plugins", "disable", "queue").stdout

    text = (folder / "config.toml").read_text(encoding="utf-8")
    assert 'enabled = ["telemetry", "admin"]' in text
    assert "# The plugins of this server." in text


def test_enabling_what_is_not_there(folder: Path) -> None:
    told = ladderkeeper(folder, "plugins", "enable", "quue")

    assert told.returncode == 2
    assert "queue" in told.stderr, "did you mean"


@pytest.mark.parametrize("shipped", [REPOSITORY / "config.toml"])
def test_the_demo_ends_as_it_should(tmp_path: Path, shipped: Path) -> None:
    report = tmp_path / "demo.json"

    told = ladderkeeper(tmp_path, "--config", str(shipped), "demo", "--json", str(report))

    assert told.returncode == 0, told.stdout + told.stderr
    figures = json.loads(report.read_text(encoding="utf-8"))
    assert figures["matches"] == {"completed": 1, "aborted": 1, "conflict": 1}
    assert figures["views"]["open"] == figures["views"]["leaked"] == figures["hook_failures"] == 0
    # Of each match two choices, two waits and the match; and an are-you-sure for each of 4 reports.
    assert figures["views"]["opened"] == figures["views"]["closed"] == 3 * 5 + 4
    assert "Ann won against Ben." in told.stdout


def test_the_sandbox_plays_for_a_while(tmp_path: Path) -> None:
    told = ladderkeeper(
        tmp_path,
        "--config",
        str(REPOSITORY / "config.toml"),
        "sandbox",
        "--players=6",
        "--seconds=8",
    )

    assert told.returncode == 0, told.stderr
    assert "/queue join, Join → Searching for an opponent" in told.stdout
