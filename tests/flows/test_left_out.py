"""A plugin that cannot be loaded is left out: the bot starts without it, and says why."""

from pathlib import Path

import pytest

from core.plugin import PluginState
from ladderkeeper.testing import Stage, eventually
from tests.flows.conftest import QUEUE_COMMANDS, SLOW_WAVES, set_stage

PLUGIN = """
from pydantic import BaseModel
from ladderkeeper.api import Plugin, hookimpl

class Settings(BaseModel):
    number: int = 0

class It(Plugin):
    name = "{name}"
    summary = "For a test"
    config = Settings
    {more}

plugin = It
"""

WRONG_HOOK = """
    @hookimpl
    async def match_started(self, game):
        pass
"""

UNKNOWN_HOOK = """
    @hookimpl
    async def match_begun(self, match):
        pass
"""

RAISING = """
    @hookimpl
    async def load(self, context):
        raise RuntimeError("not today")
"""

SAME_COG = """
    @hookimpl
    async def load(self, context):
        from disnake.ext import commands

        class Any(commands.Cog, name="Queue"):
            pass

        context.add_cog(Any())
"""

MIGRATION = """
from tortoise import migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    initial = True
    operations = [ops.RunSQL("CREATE TABLE halfway (id int)"), ops.RunSQL("SELECT nonsense")]
"""


def write(folder: Path, name: str, more: str = "", **modules: str) -> None:
    """A plugin with those lines in its class, and those modules beside it."""
    path = folder / name
    (path / "migrations").mkdir(parents=True)
    (path / "__init__.py").write_text(PLUGIN.format(name=name, more=more))
    (path / "migrations" / "__init__.py").write_text("")
    for module, code in modules.items():
        (path / f"{module.replace('__', '/', 1)}.py").write_text(code)


MODELS = """
from tortoise import fields
from tortoise.models import Model

class Row(Model):
    id = fields.IntField(primary_key=True)

    class Meta(Model.Meta):
        table = "halfway_row"
"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of plugin that cannot be loaded, and one that can. A process imports them once."""
    folder = tmp_path_factory.mktemp("mine")
    write(folder, "torn")
    (folder / "torn" / "__init__.py").write_text("import nothing_of_that_name")
    write(folder, "misfit", WRONG_HOOK)
    write(folder, "dreamer", UNKNOWN_HOOK)
    write(folder, "needy", 'requires = ("torn",)')
    write(folder, "lonely", 'requires = ("absent",)')
    write(folder, "sleepy", RAISING)
    write(folder, "lookalike", SAME_COG)
    write(
        folder, "halfway", "has_models = True", models=MODELS, migrations__m0001_initial=MIGRATION
    )
    stray = "from tortoise import migrations\n\nclass Migration(migrations.Migration):\n"
    stray += '    dependencies = [("stray", "m0000_before")]'
    write(folder, "stray", "has_models = True", models=MODELS, migrations__m0001_initial=stray)
    write(folder, "bare", "has_models = True", models=MODELS, migrations__m0001_initial="")
    write(folder, "picky")
    write(folder, "sound")
    return folder


REASONS = {
    "torn": "No module named 'nothing_of_that_name' (",
    "misfit": "the hook match_started takes no argument game: it offers match",
    "dreamer": "there is no hook match_begun. Did you mean match_",
    "needy": "it requires the plugin torn",
    "lonely": "it requires the plugin absent, which is not enabled",
    "sleepy": "not today",
    "lookalike": "its cog Queue is refused: plugin queue has a cog of that name already",
    "halfway": "migration halfway.m0001_initial failed: ",
    "stray": "its migration m0001_initial depends on stray.m0000_before, which is not there",
    "bare": "its migration m0001_initial has no class Migration",
    "picky": 'plugins.picky.number: found the text "many"',
}


async def test_the_bot_starts_without_them(
    tmp_path: Path, database_url: str, folder: Path, bot_log: list[str]
) -> None:
    async with set_stage(
        tmp_path,
        database_url,
        enabled=["queue", *REASONS, "sound"],
        sections={"queue": SLOW_WAVES, "picky": {"number": "many"}},
        folders=[folder],
    ) as stage:
        host = stage.app.host

        assert sorted(host.loaded) == ["queue", "sound"]
        for name, why in REASONS.items():
            assert host.states[name] is PluginState.FAILED
            assert why in host.reasons[name], name
            lines = [line for line in bot_log if f"plugin {name}" in line and why in line]
            assert lines, f"the log does not say why {name} is left out"
        assert await stage.commands() == QUEUE_COMMANDS
        assert any("NOT loaded: bare, dreamer, halfway, lonely" in line for line in bot_log)
        alice = await stage.player("Alice")
        assert "Searching" in (await alice.slash("queue join", faction="BW Zerg")).text


async def test_settings_that_do_not_fit_a_running_bot(
    tmp_path: Path, database_url: str, folder: Path, bot_log: list[str]
) -> None:
    async with set_stage(
        tmp_path, database_url, enabled=["queue"], sections={"queue": SLOW_WAVES}, folders=[folder]
    ) as stage:
        enable_sound(stage, number="many")

        await eventually(lambda: stage.app.host.states["sound"] is PluginState.FAILED)
        assert "number" in stage.app.host.reasons["sound"]
        assert stage.app.host.loaded == ["queue"]
        assert any("plugin sound" in line and "could not be loaded" in line for line in bot_log)

        enable_sound(stage, number=7)

        await eventually(lambda: stage.app.host.states["sound"] is PluginState.LOADED)


async def test_settings_that_would_not_fit_the_next_start(
    tmp_path: Path, database_url: str, bot_log: list[str]
) -> None:
    async with set_stage(tmp_path, database_url, sections={"queue": SLOW_WAVES}) as stage:
        tables = stage.config_tables()
        tables["plugins"]["queue"]["ladders"][0]["wave_seconds"] = "soon"
        stage.write_config(tables)

        await eventually(
            lambda: any("goes on with the settings it was loaded with" in line for line in bot_log)
        )
        assert any("wave_seconds: found the text" in line for line in bot_log)
        assert stage.app.host.loaded == ["queue"]


def enable_sound(stage: Stage, *, number: object) -> None:
    tables = stage.config_tables()
    tables["plugins"] |= {"enabled": ["queue", "sound"], "sound": {"number": number}}
    stage.write_config(tables)


@pytest.mark.parametrize("wrong", [{"wave_seconds": "soon"}, {"guild_id": 0}])
async def test_a_mistake_in_a_section_is_mended_while_the_bot_runs(
    tmp_path: Path, database_url: str, wrong: dict[str, object], bot_log: list[str]
) -> None:
    async with set_stage(tmp_path, database_url, sections={"queue": wrong}) as stage:
        host = stage.app.host
        assert host.states["queue"] is PluginState.FAILED
        assert len(host.reasons["queue"].splitlines()) == 1
        assert next(iter(wrong)) in host.reasons["queue"]
        assert any("ready: 0 of 1 plugins (NOT loaded: queue)" in line for line in bot_log)

        tables = stage.config_tables()
        ladder = tables["plugins"]["queue"]["ladders"][0]
        ladder |= SLOW_WAVES | {"guild_id": int(stage.guild_id)}
        stage.write_config(tables)

        await eventually(lambda: host.states["queue"] is PluginState.LOADED)
        await stage.player("Alice")
