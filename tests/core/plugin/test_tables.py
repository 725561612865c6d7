"""What is wrong with a plugin's models and migrations is said of it, and hurts no other."""

from pathlib import Path

import pytest

from core.plugin import discover
from tests.core.plugin.packages import found_in, manifest, package

MODEL = """
from tortoise import fields
from tortoise.models import Model

class Cup(Model):
    id = fields.IntField(primary_key=True)
    {more}
"""

MIGRATION = """
from tortoise import migrations

class Migration(migrations.Migration):
    {more}
"""

PAIRS = 'must be pairs, as in [("queue", "0001_initial")]'


def tables(folder: Path, name: str, *, models: str = "", more: str = "", **migrations: str) -> Path:
    """A plugin with tables; of each migration, the lines in its class."""
    head = manifest(name, f"has_models = True; {more}")
    path = package(folder, name, head, models=MODEL.format(more=models))
    written = {module: MIGRATION.format(more=lines) for module, lines in migrations.items()}
    package(path, "migrations", "", **written)
    return path


@pytest.mark.parametrize("file", [True, False])
def test_tables_without_a_migrations_folder(tmp_path: Path, file: bool) -> None:
    modules = {"models": ""} | ({"migrations": ""} if file else {})
    path = package(tmp_path, "tourney", manifest("tourney", "has_models = True"), **modules)
    assert found_in(tmp_path, "tourney").error == (
        f"has_models is set, but there is no migrations folder ({path / 'migrations'})"
    )


def test_an_error_in_its_migrations_is_its_own(tmp_path: Path) -> None:
    """Else it would be met when another plugin's are applied."""
    path = package(tmp_path, "tourney", manifest("tourney", "has_models = True"), models="")
    package(path, "migrations", "", m0001_initial="1 / 0")
    assert found_in(tmp_path, "tourney").error == (
        "it cannot be imported: ZeroDivisionError: division by zero"
        f" ({path / 'migrations' / 'm0001_initial.py'}, line 1)"
    )


def test_without_a_migration(tmp_path: Path) -> None:
    path = tables(tmp_path, "tourney")
    assert found_in(tmp_path, "tourney").error == (
        f"has_models is set, but no migration is in {path / 'migrations'}"
    )


@pytest.mark.parametrize("code", ["", "Migration = 1", "class Migration: ..."])
def test_a_migration_without_its_class(tmp_path: Path, code: str) -> None:
    path = tables(tmp_path, "tourney", m0001_initial="initial = True")
    (path / "migrations" / "m0002_more.py").write_text(code)
    assert found_in(tmp_path, "tourney").error == "its migration m0002_more has no class Migration"


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        (
            'dependencies = [("tourney", "m0001_initil")]',
            "its migration m0002_more depends on tourney.m0001_initil, which is not there",
        ),
        (
            'dependencies = [("tourney", "m0003_last")]',
            "its migrations depend on one another in a circle: m0002_more, m0003_last",
        ),
        (
            'dependencies = [("quue", "0001_initial")]',
            "its migration m0002_more needs quue.0001_initial, which is not there",
        ),
        (
            'run_before = [("queue", "0009_never")]',
            "its migration m0002_more needs queue.0009_never, which is not there",
        ),
        (
            'dependencies = ["m0001_initial"]',
            f"`dependencies` of its migration m0002_more {PAIRS}",
        ),
        (
            "run_before = None",
            f"`run_before` of its migration m0002_more {PAIRS}",
        ),
    ],
)
def test_a_migration_that_does_not_fit(tmp_path: Path, lines: str, error: str) -> None:
    tables(
        tmp_path,
        "tourney",
        m0001_initial="initial = True",
        m0002_more=lines,
        m0003_last='dependencies = [("tourney", "m0002_more")]',
    )
    assert found_in(tmp_path, "tourney").error == error


@pytest.mark.parametrize("reference", ["queue.Mtch", "quue.Match", "tourney.Final"])
def test_a_model_that_refers_to_none(tmp_path: Path, reference: str) -> None:
    line = f'other = fields.ForeignKeyField("{reference}", related_name=False)'
    tables(tmp_path, "tourney", models=line, m0001_initial="initial = True")
    assert found_in(tmp_path, "tourney").error == (
        f"its model Cup needs {reference}, which is not there"
    )


def test_what_is_there_may_be_needed(tmp_path: Path) -> None:
    line = 'other = fields.ForeignKeyField("queue.Match", related_name=False)'
    needs = 'dependencies = [("queue", "__latest__"), ("core", "0001_initial")]'
    tables(tmp_path, "tourney", models=line, m0001_initial=needs)
    assert found_in(tmp_path, "tourney").error is None


def test_whoever_needs_one_that_is_left_out_is_left_out(tmp_path: Path) -> None:
    tables(tmp_path, "first", m0001_initial='dependencies = [("second", "m0001_initial")]')
    tables(tmp_path, "second", m0001_initial='dependencies = [("third", "m0001_initial")]')
    tables(tmp_path, "third", m0001_initial="1 / 0")
    found = discover([tmp_path])
    assert found["first"].error == (
        "its migration m0001_initial needs second.m0001_initial, which is not there"
    )
    assert found["second"].error == (
        "its migration m0001_initial needs third.m0001_initial, which is not there"
    )
    assert found["queue"].error is None
