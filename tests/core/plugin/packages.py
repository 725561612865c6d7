"""Plugins as files, written by a test."""

from pathlib import Path

from core.plugin.discovery import Found, discover

__all__ = ["found_in", "manifest", "package"]

MANIFEST = """
from core.plugin.manifest import Plugin

class {cls}(Plugin):
    name = "{name}"
    summary = "A plugin."
    {more}

plugin = {cls}
"""


def manifest(name: str, more: str = "") -> str:
    return MANIFEST.format(name=name, cls=name.title().replace("_", ""), more=more)


def package(folder: Path, name: str, code: str, **modules: str) -> Path:
    """Write a package with more modules in it."""
    path = folder / name
    path.mkdir(parents=True)
    for module, text in {"__init__": code, **modules}.items():
        (path / f"{module}.py").write_text(text)
    return path


def found_in(folder: Path, name: str) -> Found:
    return discover([folder])[name]
