"""Plugins are found in the bundled package, in folders, and among installed packages."""

import re
import sys
from pathlib import Path

import pytest

from core.plugin import discovery
from core.plugin.discovery import FOLDER_PACKAGE, discover
from core.plugin.manifest import API_VERSION
from tests.core.plugin.packages import found_in, manifest, package


def test_the_bundled_ones_are_found_and_can_be_used() -> None:
    found = discover()
    assert {"admin", "queue", "shield_battery", "telemetry"} <= set(found)
    for name in ("admin", "queue", "shield_battery", "telemetry"):
        assert found[name].error is None
        assert found[name].source == f"package plugins.{name}"


def test_one_in_a_folder_imports_its_own_modules_either_way(tmp_path: Path) -> None:
    path = package(
        tmp_path,
        "tourney",
        manifest("tourney")
        + "from . import domain\n"
        + f"import {FOLDER_PACKAGE}.tourney.service\n"
        + f"from {FOLDER_PACKAGE}.tourney.service import answer\n"
        + f"plugin.answers = ({FOLDER_PACKAGE}.tourney.service.answer, answer, domain.answer)\n",
        domain="answer = 42\n",
        service="from .domain import answer\n",
    )
    found = found_in(tmp_path, "tourney")
    assert found.error is None
    assert found.plugin is not None
    assert vars(found.plugin)["answers"] == (42, 42, 42)
    assert found.folder == path
    assert found.source == f"folder {path}"
    assert str(tmp_path) not in sys.path
    again = found_in(tmp_path, "tourney")
    assert again.plugin is found.plugin, "changed code is picked up by restarting"


def test_what_is_no_package_and_folders_that_are_not_there_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "notes.py").write_text("raise KeyError")
    (tmp_path / "empty").mkdir()
    bundled = set(discover())
    assert set(discover([tmp_path, tmp_path / "nowhere"])) == bundled


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("raise SystemExit(3)", "it cannot be imported: SystemExit: 3"),
        ("", "no `plugin` that is a subclass of Plugin"),
        ("plugin = 3", "no `plugin` that is a subclass of Plugin"),
        ("class plugin: pass", "no `plugin` that is a subclass of Plugin"),
        ("from core.plugin.manifest import Plugin as plugin", "no `plugin` that is a subclass"),
        (manifest("tourney") + "plugin = plugin()", "must be the class, not an instance of it"),
        (manifest("other"), "its `name` is 'other', but its package is called tourney"),
        (
            "from core.plugin.manifest import Plugin\nclass plugin(Plugin): pass",
            "its `name` is None, but its package is called tourney",
        ),
        (manifest("tourney", "summary = None"), "it has no `summary`, one sentence for"),
        (
            manifest("tourney", f"api_version = {API_VERSION + 1}"),
            f"written for plugin interface {API_VERSION + 1}, this is {API_VERSION}",
        ),
        (manifest("tourney", "api_version = '1'"), "for plugin interface '1', this is 1"),
        (
            manifest("tourney", 'requires = ("queue")'),
            r'`requires` must be a tuple of names, as in \("queue",\)',
        ),
        (manifest("tourney", "requires = (1,)"), "`requires` must be a tuple of names"),
        (manifest("tourney", "config = dict"), "its `config` must be a pydantic model"),
        ("from .inner import plugin", "its class stands in .*inner, not in its package's"),
        (
            manifest("tourney", "has_models = True"),
            r"has_models is set, but there is no module models \(.*/tourney/models.py\)",
        ),
    ],
)
def test_one_that_cannot_be_used_is_found_with_the_reason(
    tmp_path: Path, code: str, complaint: str
) -> None:
    package(tmp_path, "tourney", code, inner=manifest("tourney"))
    found = found_in(tmp_path, "tourney")
    assert found.plugin is None
    assert found.error is not None
    assert re.search(complaint, found.error)


@pytest.mark.parametrize(
    ("inner", "line", "complaint"),
    [
        ("import nothing_of_that_name", 1, "ModuleNotFoundError: No module named 'nothing_of.*'"),
        ("import json\njson.loads('{')", 2, "JSONDecodeError: Expecting property name.*"),
        ("def f():\n  return 1 / 0\nf()", 2, "ZeroDivisionError: division by zero"),
        ("\n\n1 +", 3, "SyntaxError: invalid syntax"),
    ],
)
def test_an_import_that_fails_says_in_which_of_its_lines(
    tmp_path: Path, inner: str, line: int, complaint: str
) -> None:
    path = package(tmp_path, "tourney", "from . import inner", inner=inner)
    place = re.escape(f" ({path / 'inner.py'}, line {line})")
    error = found_in(tmp_path, "tourney").error or ""
    assert re.fullmatch(f"it cannot be imported: {complaint}{place}", error), error


def test_a_failed_import_leaves_no_half_of_it(tmp_path: Path) -> None:
    path = package(tmp_path, "tourney", "from . import domain\n1 / 0\n", domain="answer = 42\n")
    assert found_in(tmp_path, "tourney").error is not None
    assert not [name for name in sys.modules if name.startswith(f"{FOLDER_PACKAGE}.tourney")]
    (path / "__init__.py").write_text(manifest("tourney") + "# and now longer\n")
    assert found_in(tmp_path, "tourney").error is None


@pytest.mark.parametrize(
    "name", ["core", "enabled", "folders", "hook_timeout_seconds", "Tourney", "my-plugin", "x" * 33]
)
def test_a_name_that_stands_for_something_else_is_refused_unimported(
    tmp_path: Path, name: str
) -> None:
    package(tmp_path, name, "raise KeyError('imported')")
    found = found_in(tmp_path, name)
    assert found.plugin is None
    assert "not reserved" in (found.error or "")


def test_of_two_with_one_name_the_first_is_used_and_the_other_not_imported(
    tmp_path: Path,
) -> None:
    first = package(tmp_path / "first", "tourney", manifest("tourney"))
    package(tmp_path / "second", "tourney", "raise KeyError")
    package(tmp_path / "second", "queue", "raise KeyError")
    found = discover([tmp_path / "first", tmp_path / "second"])
    assert found["tourney"].error is None
    assert found["tourney"].folder == first
    assert found["queue"].source == "package plugins.queue"
    assert found["queue"].error is None


def test_another_folders_plugin_of_the_same_name_needs_a_restart(tmp_path: Path) -> None:
    package(tmp_path / "first", "tourney", manifest("tourney"))
    package(tmp_path / "second", "tourney", manifest("tourney"))
    assert found_in(tmp_path / "first", "tourney").error is None
    assert "restart" in (found_in(tmp_path / "second", "tourney").error or "")


def test_installed_packages_are_found_by_their_entry_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, "installed_ladder", manifest("tourney"), inner="")
    metadata = tmp_path / "ladder_tourney-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: ladder-tourney\nVersion: 1.0\n"
    )
    (metadata / "entry_points.txt").write_text(
        f"[{discovery.ENTRY_POINTS}]\n"
        "tourney = installed_ladder:plugin\n"
        "broken = installed_ladder_missing\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    found = discover()
    assert found["tourney"].error is None
    assert found["tourney"].source == "installed package ladder-tourney"
    assert found["tourney"].folder == tmp_path / "installed_ladder"
    assert "ModuleNotFoundError" in (found["broken"].error or "")
