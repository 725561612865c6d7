"""``ladderkeeper new-plugin``: a small plugin that works, to be changed into another."""

from __future__ import annotations

import keyword
from importlib.util import find_spec
from pathlib import Path
from string import Template

from core.errors import LadderkeeperError
from core.plugin import discover
from core.plugin.discovery import is_plugin_name

__all__ = ["new_plugin"]

TEMPLATE = Path(__file__).parent / "template"
SUFFIX = ".txt"
"""Of the template's files: what they hold is code only once the names are put in."""

NAME = "NAME"
ONLY_PACKAGED = "pyproject.package.toml"
ONLY_PLAIN = "pyproject.toml"


def new_plugin(name: str, folder: Path, *, package: bool) -> Path:
    """Write a plugin of that name, with its test and a config.toml to try it with.

    Args:
        folder: where the plugin's own folder is made.
        package: whether it can be installed, with an entry point by which the bot finds it.

    Returns:
        The folder that was made.

    Raises:
        LadderkeeperError: when the name cannot be a plugin's, or something is in the way.
    """
    if not is_plugin_name(name):
        close = "".join(c if c.isalnum() else "_" for c in name.lower()).strip("_0123456789")
        hint = f" Perhaps {close}?" if is_plugin_name(close) else ""
        raise LadderkeeperError(
            f"{name!r} cannot be the name of a plugin: it must be a lower-case word of letters,"
            f" digits and underscores, at most 32 characters, and none of the core's own.{hint}"
        )
    if name in (found := discover()):
        raise LadderkeeperError(f"there is a plugin {name} already: {found[name].source}")
    if package and (keyword.iskeyword(name) or find_spec(name) is not None):
        raise LadderkeeperError(f"{name} is the name of another Python package or module already")
    made = folder / name
    try:
        if made.exists():
            raise LadderkeeperError(f"{made} is there already: nothing was written")
        _write(made, name, package=package)
    except OSError as error:
        raise LadderkeeperError(
            f"{made} cannot be written ({error.strerror or type(error).__name__})"
        ) from None
    return made


def _write(made: Path, name: str, *, package: bool) -> None:
    names = {"name": name, "cls": _class_name(name), "dashed": name.replace("_", "-")}
    for source in sorted(TEMPLATE.rglob(f"*{SUFFIX}")):
        path = str(source.relative_to(TEMPLATE)).removesuffix(SUFFIX).replace(NAME, name)
        if path == (ONLY_PLAIN if package else ONLY_PACKAGED):
            continue
        target = made / path.replace(ONLY_PACKAGED, ONLY_PLAIN)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Template(source.read_text(encoding="utf-8")).safe_substitute(names)
        target.write_text(text, encoding="utf-8")


def _class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
