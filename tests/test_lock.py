"""``requirements.lock`` belongs to ``pyproject.toml`` and does not say where packages come from."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_lock_satisfies_every_requirement() -> None:
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", LOCK, re.MULTILINE))
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]

    unmet = [
        text
        for text in wanted
        if (need := Requirement(text))
        and not need.specifier.contains(locked.get(canonicalize_name(need.name), "0"))
    ]

    assert unmet == [], "regenerate requirements.lock (see CONTRIBUTING.md)"


def test_the_lock_names_no_host() -> None:
    assert "://" not in LOCK
    assert "index-url" not in LOCK
