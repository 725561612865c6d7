"""Plugins that cannot be loaded, and what their own checks say."""

from pathlib import Path

import pytest

from core.config import load_config
from core.examination import DiscordReader, Findings
from core.plugin import discover
from ladderkeeper.doctor.plugins import usable
from ladderkeeper.testing import Stage
from tests.ladderkeeper.doctor.looking import changed, examine, wrong

PLUGIN = """
from pydantic import BaseModel
from ladderkeeper.api import Plugin, hookimpl

class Settings(BaseModel):
    guild: int = 0
    role: int = 0

class It(Plugin):
    name = "{name}"
    summary = "For a test"
    config = Settings
    {more}

plugin = It
"""

NOSY = """
    @hookimpl
    async def check(self, examination):
        config = examination.config
        await examination.role("[plugins.nosy] role", config.guild, config.role, gives=True)
"""

CLUMSY = """
    @hookimpl
    async def check(self, examination):
        raise KeyError("oh")
"""


async def test_settings_of_a_plugin(stage: Stage) -> None:
    changed(stage, plugins__queue__ladders=[{"name": "Ladder", "guild_id": 1}])

    assert "room_channel_id" in wrong(await examine(stage), "queue")


def test_settings_of_a_plugin_in_a_variable(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[plugins]\nenabled = ["telemetry"]\n')
    environ = {"LADDERKEEPER_PLUGINS__TELEMETRY__METRICS_PORT": "abc"}
    config = load_config(tmp_path / "config.toml", environ=environ, env_file=None)
    findings = Findings()

    usable(config, discover(), findings)

    (problem,) = findings.problems
    assert "LADDERKEEPER_PLUGINS__TELEMETRY__METRICS_PORT" in problem.text
    assert problem.remedy == "Change that variable."


async def test_what_requires_a_plugin_that_is_not_ready(stage: Stage) -> None:
    changed(
        stage,
        plugins__enabled=["queue", "admin"],
        plugins__queue__ladders=[{"name": "Ladder", "guild_id": stage.guild_id}],
    )

    findings = await examine(stage)

    assert [found.about for found in findings.problems] == ["queue", "admin"]
    assert findings.problems[1].text == "it requires the plugin queue"


async def test_plugins_that_cannot_be_loaded(stage: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    for name, code in {
        "shredded": "import nothing_of_that_name",
        "leaning": PLUGIN.format(name="leaning", more='requires = ("shredded",)'),
        "stumbling": PLUGIN.format(name="stumbling", more=CLUMSY),
    }.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(code)
    changed(
        stage,
        plugins__enabled=["shredded", "leaning", "stumbling", "gone"],
        plugins__folders=[str(folder)],
    )

    findings = await examine(stage)

    said = {(found.about, found.text.partition(":")[0]) for found in findings.problems}
    assert ("plugins", f"{stage.config_path}") in said
    assert ("shredded", f"folder {folder / 'shredded'} cannot be used") in said
    assert any(
        about == "leaning" and "requires the plugin shredded" in text for about, text in said
    )
    assert any(about == "stumbling" and "its check failed" in text for about, text in said)
    assert all(found.remedy for found in findings.problems)


@pytest.mark.parametrize(
    ("role", "said"),
    [("above", "stands below Other, which it is to give"), ("none", "no role with this id")],
)
async def test_a_role_that_a_plugin_gives(
    stage: Stage, tmp_path: Path, role: str, said: str
) -> None:
    """Another bot's role stands above ours when it was invited later."""
    name = f"nosy_{role}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text(PLUGIN.format(name=name, more=NOSY))
    role_id = 1
    if role == "above":
        await stage.client.add_bot("Other")
        async with DiscordReader(stage.sandbox.api_url, stage.token) as reader:
            guild = await reader.get(f"/guilds/{stage.guild_id}")
        role_id = int(next(role["id"] for role in guild["roles"] if role["name"] == "Other"))
    changed(
        stage,
        plugins__enabled=[name],
        plugins__folders=[str(tmp_path)],
        **{f"plugins__{name}": {"guild": stage.guild_id, "role": role_id}},
    )

    assert said in wrong(await examine(stage), name)
