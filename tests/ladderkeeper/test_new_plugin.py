"""``ladderkeeper new-plugin`` writes a plugin that works: as a folder, and as a package."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.errors import LadderkeeperError
from ladderkeeper.cli import app
from ladderkeeper.new_plugin import new_plugin

ROOT = Path(__file__).parents[2]


def run(*command: object, cwd: Path | None = None) -> str:
    """What a command says; fails with that when it fails."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LADDERKEEPER_", "PYTEST_"))}
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("package", [False, True])
def test_it_is_found_and_its_config_can_be_used(tmp_path: Path, package: bool) -> None:
    options = ["--package"] if package else []
    name = "signup_packaged" if package else "signup_plain"  # a process imports a name once
    told = CliRunner().invoke(app, ["new-plugin", name, "--into", str(tmp_path), *options])

    assert told.exit_code == 0, told.output
    made = tmp_path / name
    assert str(made) in told.output.replace("\n", "")
    text = (made / "pyproject.toml").read_text()
    assert ("[project.entry-points" in text) == package
    assert not [path for path in made.rglob("*") if "NAME" in path.name or path.suffix == ".txt"]
    assert "$name" not in "".join(p.read_text() for p in made.rglob("*") if p.is_file())
    assert f"directly contains the package folder `{name}`" in (made / "README.md").read_text()
    found = CliRunner().invoke(app, ["-c", str(made / "config.toml"), "plugins", "list"])
    assert "Lists on which people" in " ".join(found.output.split())


def test_its_code_is_as_tidy_as_ours(tmp_path: Path) -> None:
    new_plugin("signup_list", tmp_path, package=True)

    settings = ["--config", ROOT / "pyproject.toml", "--no-cache"]
    run(sys.executable, "-m", "ruff", "format", "--check", *settings, tmp_path)
    run(sys.executable, "-m", "ruff", "check", *settings, "--ignore", "TID252,RUF012,S", tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Sign-Up", "Perhaps sign_up?"),
        ("core", "none of the core's own"),
        ("queue", "there is a plugin queue already: package plugins.queue"),
        ("../etc", "Perhaps etc?"),
        ("x" * 33, "at most 32"),
    ],
)
def test_a_name_that_no_plugin_can_have(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(LadderkeeperError, match=said.replace("?", r"\?")):
        new_plugin(name, tmp_path, package=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["disnake", "json", "class"])
def test_a_package_takes_no_name_that_python_knows(tmp_path: Path, name: str) -> None:
    with pytest.raises(LadderkeeperError, match=f"{name} is the name of another Python package"):
        new_plugin(name, tmp_path, package=True)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    refused = CliRunner().invoke(app, ["new-plugin", "signup_x", "--into", str(tmp_path / "file")])

    assert refused.exit_code == 2
    assert "cannot be written (Not a directory)" in refused.output.replace("\n", " ")


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "signup").mkdir()

    refused = CliRunner().invoke(app, ["new-plugin", "signup", "--into", str(tmp_path)])

    assert refused.exit_code == 2
    assert list((tmp_path / "signup").iterdir()) == []


LOAD = """
import asyncio, sys
from pathlib import Path
from ladderkeeper.testing import Stage

async def main(folder):
    url = f"sqlite://{folder / 'ladder.sqlite3'}"
    async with Stage.set_up(folder, url, enabled=["signup"]) as stage:
        print("loaded", stage.app.host.loaded, "commands", await stage.commands())

asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.mark.full
@pytest.mark.timeout(900)
def test_from_nothing_to_an_empty_environment(tmp_path: Path) -> None:
    """Its tests pass; installed beside Ladderkeeper and nothing else, it is found and loads."""
    made = new_plugin("signup", tmp_path, package=True)
    assert "3 passed" in run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", cwd=made)

    run(sys.executable, "-m", "venv", tmp_path / "env")
    binaries = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    run(binaries / "python", "-m", "pip", "install", "--quiet", ROOT, made)

    empty = tmp_path / "empty"
    empty.mkdir()
    assert "Ann won against Ben." in run(binaries / "ladderkeeper", "demo", cwd=empty)
    assert list(empty.iterdir()) == []
    run(binaries / "ladderkeeper", "init", cwd=tmp_path)
    assert "ladders" in (tmp_path / "config.toml").read_text()
    (tmp_path / "config.toml").write_text('[plugins]\nenabled = ["signup"]\n')
    listed = run(binaries / "ladderkeeper", "-c", tmp_path / "config.toml", "plugins", "list")
    assert "installed package" in " ".join(listed.split())
    assert "ladderkeeper-signup" in "".join(listed.split())
    run(binaries / "ladderkeeper", "new-plugin", "another", "--into", tmp_path, cwd=tmp_path)
    assert (tmp_path / "another" / "another" / "cog.py").is_file()
    loaded = run(binaries / "python", "-c", LOAD, tmp_path, cwd=tmp_path)
    assert "loaded ['signup'] commands {'signup'}" in loaded
