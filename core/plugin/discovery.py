"""Find plugins: in the project's own ``plugins`` package, in folders, among installed packages."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from loguru import logger

from core.config.models import PluginsConfig
from core.plugin.manifest import API_VERSION, Plugin

__all__ = ["ENTRY_POINTS", "Found", "discover"]

ENTRY_POINTS = "ladderkeeper.plugins"
"""The entry point group of plugins that are installed as packages."""

BUNDLED = "plugins"
FOLDER_PACKAGE = "ladderkeeper_folder_plugins"
"""Plugins of a folder are imported below this name; the folder itself is never importable."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
RESERVED = frozenset({"core", *PluginsConfig.model_fields})
"""What stands beside the plugins: in their section of config.toml, and in the database."""


Load = Callable[[], ModuleType]


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

    Of two with one name the first counts: bundled, then `folders` in order, then packages. The
    other is not imported, and a warning names both.
    """
    found: dict[str, Found] = {}
    for name, source, load in (*_bundled(), *_in_folders(folders), *_installed()):
        if name in found:
            logger.warning(
                "two plugins are called {}: {} is used, not {}", name, found[name].source, source
            )
        else:
            found[name] = _checked(name, source, load)
    return found


def _bundled() -> Iterator[tuple[str, str, Load]]:
    package = importlib.import_module(BUNDLED)
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            name = f"{BUNDLED}.{module.name}"
            yield module.name, f"package {name}", partial(importlib.import_module, name)


def _in_folders(folders: Iterable[Path]) -> Iterator[tuple[str, str, Load]]:
    for folder in folders:
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            if (path / "__init__.py").is_file():
                yield path.name, f"folder {path}", partial(_import_folder, path)


def _installed() -> Iterator[tuple[str, str, Load]]:
    for entry in entry_points(group=ENTRY_POINTS):
        source = f"installed package {entry.dist.name if entry.dist else entry.value}"
        yield entry.name, source, partial(importlib.import_module, entry.module)


def _import_folder(path: Path) -> ModuleType:
    name = f"{FOLDER_PACKAGE}.{path.name}"
    if FOLDER_PACKAGE not in sys.modules:
        package = ModuleType(FOLDER_PACKAGE)
        package.__path__ = []
        sys.modules[FOLDER_PACKAGE] = package
    if (known := sys.modules.get(name)) is not None:
        if known.__file__ != str(path / "__init__.py"):
            raise ImportError(f"{known.__file__} has this name already; restart to use another")
        return known
    spec = importlib.util.spec_from_file_location(
        name, path / "__init__.py", submodule_search_locations=[str(path)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no package")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    setattr(sys.modules[FOLDER_PACKAGE], path.name, module)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        delattr(sys.modules[FOLDER_PACKAGE], path.name)
        for loaded in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
            del sys.modules[loaded]
        raise
    return module


def _checked(name: str, source: str, load: Load) -> Found:
    if not _NAME.fullmatch(name) or name in RESERVED:
        return Found(
            name,
            source,
            error="a plugin's name is a lower-case word of at most 32 characters, and not reserved",
        )
    try:
        module = load()
        plugin: object = getattr(module, "plugin", None)
        error = _complaint(name, module, plugin)
        if error is None and isinstance(plugin, type) and issubclass(plugin, Plugin):
            _import_tables(plugin)
            folder = Path(module.__file__).parent if module.__file__ else None
            return Found(name, source, plugin, folder=folder)
    except (Exception, SystemExit) as raised:  # its modules run here: anything can come
        error = f"it cannot be imported: {type(raised).__name__}: {raised}"
    return Found(name, source, error=error)


def _complaint(name: str, module: ModuleType, plugin: object) -> str | None:
    if not (isinstance(plugin, type) and issubclass(plugin, Plugin) and plugin is not Plugin):
        return "its package has no `plugin` that is a subclass of Plugin"
    called: object = getattr(plugin, "name", None)
    if called != name:
        return f"it calls itself {called!r}, unlike its package"
    if not isinstance(getattr(plugin, "summary", None), str):
        return "it has no `summary`, one sentence for the server owner"
    if plugin.__module__ != module.__name__:
        return f"its class stands in {plugin.__module__}, not in its package's __init__.py"
    if plugin.api_version != API_VERSION:
        return f"it was written for plugin interface {plugin.api_version}, this is {API_VERSION}"
    return None


def _import_tables(plugin: type[Plugin]) -> None:
    """Import its models and migrations now: an error in them would be everybody's later."""
    tables = plugin.app_models()
    if tables is None:
        return
    importlib.import_module(tables.models)
    package = importlib.import_module(tables.migrations)
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{tables.migrations}.{module.name}")
