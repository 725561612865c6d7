"""Make docs/plugins/reference.md from the docstrings: ``python -m ladderkeeper.reference``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from core import hookspecs
from core.examination import Examination
from core.hookspecs import MatchFacts, ParticipantFacts
from core.jobs import JobQueue
from core.plugin import Plugin, PluginContext
from core.plugin.context import PluginJobs, PluginViews
from core.views import DurableView, Press, Rendering, ShortView
from core.views.opening import Opener
from ladderkeeper import api

__all__ = ["FILE", "SECTION", "hooks", "reference", "undocumented"]

FILE = Path(__file__).parents[1] / "docs" / "plugins" / "reference.md"

INTRODUCTION = """\
# Reference for authors of plugins

Made from the docstrings by `python -m ladderkeeper.reference`; a test holds it to them. How a
plugin is built, step by step: [tutorial.md](tutorial.md). Views at length: [views.md](views.md).

## What is promised

- A plugin needs to import nothing but `ladderkeeper.api`, and `ladderkeeper.testing` in its tests.
- Those names, the hooks and their arguments keep working for as long as the **plugin interface**
  has the same version, which is {version}. A plugin says for which it was written (`api_version`);
  one written for another is not loaded, and its owner reads why.
- Within a version hooks, arguments, attributes and parameters with a default may be added: take
  arguments by name, and ignore what you do not know. Nothing is taken away or made to mean
  something else.
- A new version of the interface comes with a new minor version of Ladderkeeper before 1.0, a new
  major one after it, and CHANGELOG.md says what to change.
- What a plugin has stored stays its own: the core never touches a plugin's tables, and keeps its
  commands, views and jobs while it cannot be loaded.
- Everything else (`core`, other plugins' modules but their `api`) may change at any time.
"""

SECTION = re.compile(r"^(Args|Attributes|Class attributes|Returns|Raises):$", re.MULTILINE)
ROLE = re.compile(r":(?:class|func|meth|data|attr):`(?:[\w.]+\.)?(\w+)`")

CLASSES: tuple[tuple[str, type, tuple[str, ...] | None], ...] = (
    ("Plugin", Plugin, ()),
    ("PluginContext", PluginContext, None),
    ("context.views", PluginViews, None),
    ("context.jobs", PluginJobs, None),
    ("DurableView", DurableView, None),
    ("Press", Press, None),
    ("ShortView", ShortView, ("on_close",)),
    ("Rendering", Rendering, ("ended",)),
    ("MatchFacts", MatchFacts, ()),
    ("ParticipantFacts", ParticipantFacts, ()),
    ("Examination", Examination, None),
)
"""What is shown: its heading, and which of its methods; None for all that are public."""

BEHIND: dict[type, dict[str, Callable[..., Any]]] = {
    PluginViews: {"open": Opener.open, "post": Opener.post},
    PluginJobs: {"put": JobQueue.put, "cancel": JobQueue.cancel},
}
"""Methods that hand on what they are given: what takes it documents it."""

INTERNAL = {PluginContext: {"release", "failed"}}


def hooks() -> dict[str, Callable[..., Any]]:
    """Every hook, in the order of core/hookspecs.py."""
    marked = f"{hookspecs.PROJECT}_spec"
    return {n: f for n, f in vars(hookspecs).items() if callable(f) and hasattr(f, marked)}


def reference() -> str:
    """The whole page."""
    parts = [INTRODUCTION.format(version=Plugin.api_version), "## Hooks\n"]
    parts.append(_text(inspect.getdoc(hookspecs) or ""))
    for name, hook in hooks().items():
        parts += [f"### `{name}`\n", f"```python\nasync def {name}{_signature(hook)}\n```\n"]
        parts.append(_text(inspect.getdoc(hook) or ""))
    for heading, cls, names in CLASSES:
        parts += [f"## `{heading}`\n", _text(inspect.getdoc(cls) or "")]
        for name, method in _methods(cls, names):
            shown: Callable[..., Any] = _behind(cls).get(name) or method
            prefix = "await " if inspect.iscoroutinefunction(shown) else ""
            parts += [f"### `{prefix}{name}`\n", f"```python\n{name}{_signature(shown)}\n```\n"]
            parts.append(_text(inspect.getdoc(shown) or ""))
    parts.append("## All of `ladderkeeper.api`\n")
    parts.append("\n".join(_row(name) for name in sorted(api.__all__)) + "\n")
    return "\n".join(parts)


def undocumented() -> list[str]:
    """Each hook without a docstring, and each argument of one that its docstring does not name."""
    missing: list[str] = []
    for name, hook in hooks().items():
        text = inspect.getdoc(hook) or ""
        if not text:
            missing.append(name)
        told = _entries(text, "Args")
        missing += [f"{name}({a})" for a in inspect.signature(hook).parameters if a not in told]
    return missing


def _behind(cls: type) -> dict[str, Callable[..., Any]]:
    return BEHIND.get(cls, {})


def _methods(cls: type, names: tuple[str, ...] | None) -> Iterator[tuple[str, Any]]:
    behind = _behind(cls)
    there: dict[str, Any] = {**vars(cls), **behind}
    for name, member in there.items():
        public = not name.startswith("_") and name not in INTERNAL.get(cls, ())
        if inspect.isfunction(member) and public and (names is None or name in names):
            yield name, member


def _signature(function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    parameters = [p for p in signature.parameters.values() if p.name != "self"]
    # `open` and `cancel` are told the plugin by the context.
    if function in BEHIND[PluginJobs].values():
        parameters = [p for p in parameters if p.name != "plugin"]
    result = _Verbatim(signature.return_annotation)
    shown = str(
        signature.replace(parameters=[_readable(p) for p in parameters], return_annotation=result)
    )
    return shown if len(shown) < 80 else _broken(shown)


class _Verbatim(str):
    """Shown in a signature as it stands, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _readable(parameter: inspect.Parameter) -> inspect.Parameter:
    default = parameter.default
    if isinstance(default, Enum):
        parameter = parameter.replace(default=_Verbatim(f"{type(default).__name__}.{default.name}"))
    return parameter.replace(annotation=_Verbatim(parameter.annotation))


def _broken(signature: str) -> str:
    """One parameter a line."""
    inside, _, result = signature.rpartition(")")
    depth, parts = 0, [""]
    for character in inside[1:]:
        depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return "(\n" + "".join(f"    {part.strip()},\n" for part in parts) + f"){result}"


def _text(docstring: str) -> str:
    """A docstring as Markdown: its sections become lists."""
    first, *rest = SECTION.split(ROLE.sub(r"`\1`", docstring).replace("``", "`"))
    lines = [first.strip(), ""]
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        entries = _entries(f"{title}:{body}", title)
        listed, _, after = inspect.cleandoc("\n" + body).partition("\n\n")
        lines += [f"{title}:", ""]
        lines += [f"- `{name}`: {told}" for name, told in entries.items()] or [listed]
        lines += ["", after.strip(), ""] if after else [""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _entries(docstring: str, title: str) -> dict[str, str]:
    """The names that a section of a docstring explains, with what it says of each."""
    parts = SECTION.split(docstring)
    bodies = [body for name, body in zip(parts[1::2], parts[2::2], strict=True) if name == title]
    entries: dict[str, str] = {}
    for body in bodies:
        listed = inspect.cleandoc("\n" + body).partition("\n\n")[0]
        for match in re.finditer(r"^([\w., ]+): (.*(?:\n[ \t]+.*)*)", listed, re.MULTILINE):
            told = " ".join(match[2].split())
            entries |= {name.strip(): told for name in match[1].split(",")}
    return entries


def _row(name: str) -> str:
    member = getattr(api, name)
    text = (inspect.getdoc(member) or "").partition("\n\n")[0]
    documented = inspect.isclass(member) or inspect.isfunction(member)
    told = " ".join(ROLE.sub(r"`\1`", text).replace("``", "`").split()) if documented else ""
    return f"- `{name}`" + (f": {told}" if told else "")


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
