"""Find plugins: in the project's own ``plugins`` package, in folders, among installed packages."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from core.plugin.manifest import API_VERSION, Plugin

__all__ = ["ENTRY_POINTS", "Found", "discover"]

ENTRY_POINTS = "ladderkeeper.plugins"
"""The entry point group of plugins that are installed as packages."""

BUNDLED = "plugins"
FOLDER_PACKAGE = "ladderkeeper_folder_plugins"
"""Plugins of a folder are imported below this name; the folder itself is never importable."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = frozenset({"core", "enabled", "folders"})


@dataclass(frozen=True, slots=True)
class Found:
    """A plugin that is there, or the reason why it cannot be used.

    Attributes:
        source: where it was found, for the owner: a folder or a package.
        plugin: its class, None when it cannot be used.
        error: why not, in one sentence.
    """

    name: str
    source: str
    plugin: type[Plugin] | None = None
    error: str | None = None
    folder: Path | None = None


def discover(folders: Iterable[Path] = ()) -> dict[str, Found]:
    """Every plugin there is, by name. A plugin that cannot be imported is found too, with why.

    Of two with one name the first counts: bundled, then `folders` in order, then packages.
    """
    found: dict[str, Found] = {}
    for candidate in (*_bundled(), *_in_folders(folders), *_installed()):
        found.setdefault(candidate.name, candidate)
    return found


def _bundled() -> Iterator[Found]:
    package = importlib.import_module(BUNDLED)
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            name = f"{BUNDLED}.{module.name}"
            yield _checked(
                module.name, f"package {name}", lambda n=name: importlib.import_module(n)
            )


def _in_folders(folders: Iterable[Path]) -> Iterator[Found]:
    for folder in folders:
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            if (path / "__init__.py").is_file():
                yield _checked(path.name, f"folder {path}", lambda p=path: _import_folder(p))


def _installed() -> Iterator[Found]:
    for entry in entry_points(group=ENTRY_POINTS):
        source = f"installed package {entry.dist.name if entry.dist else entry.value}"
        yield _checked(entry.name, source, lambda e=entry: importlib.import_module(e.module))


def _import_folder(path: Path) -> ModuleType:
    name = f"{FOLDER_PACKAGE}.{path.name}"
    if FOLDER_PACKAGE not in sys.modules:
        parent = ModuleType(FOLDER_PACKAGE)
        parent.__path__ = []
        sys.modules[FOLDER_PACKAGE] = parent
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(
        name, path / "__init__.py", submodule_search_locations=[str(path)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _checked(name: str, source: str, load: Callable[[], ModuleType]) -> Found:
    if not _NAME.fullmatch(name) or name in RESERVED:
        return Found(name, source, error="a plugin's name is a lower-case word, and not reserved")
    try:
        module = load()
    except Exception as error:  # its module runs here: anything can come
        return Found(name, source, error=f"it cannot be imported: {type(error).__name__}: {error}")
    plugin = getattr(module, "plugin", None)
    if not (isinstance(plugin, type) and issubclass(plugin, Plugin)):
        return Found(name, source, error="its package has no `plugin` that is a subclass of Plugin")
    if plugin.name != name:
        return Found(name, source, error=f"it calls itself {plugin.name!r}, unlike its package")
    if plugin.api_version != API_VERSION:
        return Found(
            name,
            source,
            error=f"it was written for plugin interface {plugin.api_version}, this is {API_VERSION}",
        )
    folder = Path(module.__file__).parent if module.__file__ else None
    return Found(name, source, plugin, folder=folder)
