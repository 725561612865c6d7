"""The examples in the documentation are run as they stand there."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

from core import hookspecs
from core.hookspecs import hookimpl
from core.plugin import discover
from ladderkeeper import reference
from ladderkeeper.playing import confirm
from ladderkeeper.testing import Stage, eventually

DOCS = Path(__file__).parents[1] / "docs" / "plugins"
VIEWS = DOCS / "views.md"
TUTORIAL = DOCS / "tutorial.md"
SANDBOX = DOCS.parent / "sandbox.md"


def write_examples(folder: Path) -> None:
    """Each example is a plugin; it says its own name."""
    for code in re.findall(r"```python\n(.*?)```", VIEWS.read_text(encoding="utf-8"), re.DOTALL):
        name = re.search(r'    name = "(\w+)"\n    summary', code)
        assert name is not None
        (folder / name[1]).mkdir()
        (folder / name[1] / "__init__.py").write_text(code, encoding="utf-8")


async def test_the_examples_of_views(tmp_path: Path) -> None:
    examples = tmp_path / "examples"
    examples.mkdir()
    write_examples(examples)
    url = f"sqlite://{tmp_path / 'ladder.sqlite3'}"
    async with Stage.set_up(tmp_path, url, enabled=["poll", "reset"], folders=[examples]) as stage:
        ann, ben = await stage.persona("Ann"), await stage.persona("Ben")

        await ann.slash("poll")
        await ben.press("Yes")
        assert (await ben.press("No")).text == "You have voted already."
        await ann.press("No")
        await ann.sees("yes 1, no 1")
        await ann.slash("endpoll")
        await eventually(lambda: stage.app.views.stats().open_total == 0)
        await stage.settled()
        assert not (await ben.sees("yes 1, no 1")).buttons

        await ann.slash("reset")
        await ann.press("Yes, reset it")
        await ann.sees("It is reset.")
        await eventually(lambda: stage.app.views.stats().open_total == 0)
        await stage.settled()
        assert not (await ann.sees("It is reset.")).buttons


def files_of_the_tutorial() -> list[tuple[str, str]]:
    """Each file and what stands in it, in the order of the steps: a later one replaces another."""
    text = TUTORIAL.read_text(encoding="utf-8")
    return re.findall(r"^`([\w./]+)`\n\n```\w+\n(.*?)```", text, re.DOTALL | re.MULTILINE)


def test_the_tutorial_leads_to_a_plugin_that_works(tmp_path: Path) -> None:
    """Its tests are run as its reader runs them."""
    files = files_of_the_tutorial()
    assert len(files) == len(re.findall(r"^```\w+$", TUTORIAL.read_text(), re.MULTILINE))
    for name, code in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LADDERKEEPER_", "PYTEST_"))}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        check=False,
        cwd=tmp_path,
        env=kept,
        capture_output=True,
        text=True,
    )

    assert "4 passed" in done.stdout, done.stdout + done.stderr


async def test_the_first_step_of_the_tutorial(tmp_path: Path, bot_log: list[str]) -> None:
    name, code = files_of_the_tutorial()[0]
    path = tmp_path / "steps" / name
    path.parent.mkdir(parents=True)
    path.write_text(code, encoding="utf-8")
    async with Stage.set_up(
        tmp_path,
        f"sqlite://{tmp_path / 'ladder.sqlite3'}",
        enabled=["queue", "bug_notice"],
        folders=[tmp_path / "steps"],
        sections={"queue": {"wave_seconds": 60}},
    ) as stage:
        alice, bob = await stage.player("Alice"), await stage.player("Bob")
        await alice.slash("queue join", faction="BW Protoss")
        await bob.slash("queue join", faction="SC2 Zerg")
        await stage.advance(60)
        await alice.sees("Both of you: confirm")
        await confirm(alice, bob)

        await eventually(lambda: "[bug_notice] match 1 has started\n" in bot_log)


def test_the_example_of_the_sandbox(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", SANDBOX.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "example.py").write_text(code, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "example.py"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=50,
    )

    assert (done.stdout, done.returncode) == ("Ben is ready.\n", 0), done.stderr


def test_the_reference_is_what_the_docstrings_say() -> None:
    shown = reference.FILE.read_text(encoding="utf-8")

    assert shown == reference.reference(), "run `python -m ladderkeeper.reference`"


def test_every_hook_and_each_of_its_arguments_is_documented() -> None:
    assert reference.undocumented() == []
    assert "match_started" in reference.hooks()


def test_every_fact_that_hooks_are_told_is_documented() -> None:
    for facts in (hookspecs.MatchFacts, hookspecs.ParticipantFacts):
        text = inspect.getdoc(facts) or ""
        for field in facts.model_fields:
            assert re.search(rf"^    {field}: ", text, re.MULTILINE), f"{facts.__name__}.{field}"


def test_every_hook_has_a_plugin_that_uses_it() -> None:
    """A hook that nobody needs is a promise for nothing."""
    marked = f"{hookimpl.project_name}_impl"
    used = {
        name
        for found in discover().values()
        if found.plugin is not None
        for name, member in inspect.getmembers(found.plugin)
        if hasattr(member, marked)
    }

    assert set(reference.hooks()) - used <= {"unload"}
