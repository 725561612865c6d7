"""Find plugins: in the project's own ``plugins`` package, in folders, among installed packages."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from loguru import logger
from pydantic import BaseModel

from core.config.models import PluginsConfig
from core.db import AppModels
from core.db.database import CORE_MODELS
from core.plugin.manifest import API_VERSION, Plugin
from core.plugin.tables import Tables, TablesError, read_tables, unmet

__all__ = ["ENTRY_POINTS", "Found", "app_models", "discover", "is_plugin_name"]

ENTRY_POINTS = "ladderkeeper.plugins"
"""The entry point group of plugins that are installed as packages."""

BUNDLED = "plugins"
FOLDER_PACKAGE = "ladderkeeper_folder_plugins"
"""Plugins of a folder are imported below this name; the folder itself is never importable."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
RESERVED = frozenset({"core", *PluginsConfig.model_fields})
"""What stands beside the plugins: in their section of config.toml, and in the database."""

Load = Callable[[], ModuleType]
Candidate = tuple[str, str, str, Load]
"""What may be a plugin: its name, where it is for the owner, its package, and what imports that."""


@dataclass(frozen=True, slots=True)
class Found:
    """A plugin that is there, or the reason why it cannot be used.

    Attributes:
        source: where it was found, for the owner: a folder or a package.
        plugin: its class, None when it cannot be used.
        error: why not, in one sentence.
        tables: what the database will know of it; None when it has none.
    """

    name: str
    source: str
    plugin: type[Plugin] | None = None
    error: str | None = None
    folder: Path | None = None
    tables: Tables | None = None


def discover(folders: Iterable[Path] = ()) -> dict[str, Found]:
    """Every plugin there is, by name. A plugin that cannot be imported is found too, with why.

    Of two with one name the first counts: bundled, then `folders` in order, then packages. The
    other is not imported, and a warning names both.
    """
    found: dict[str, Found] = {}
    for name, source, package, load in (*_bundled(), *_in_folders(folders), *_installed()):
        if name in found:
            logger.warning(
                "two plugins are called {}: {} is used, not {}", name, found[name].source, source
            )
        else:
            found[name] = _checked(name, source, package, load)
    _leave_out_unmet(found)
    return found


def app_models(found: Mapping[str, Found]) -> dict[str, AppModels]:
    """The tables of every plugin that can be used and has some, by name: enabled or not, the
    database must know them all."""
    return {
        name: models
        for name, one in found.items()
        if one.plugin is not None and (models := one.plugin.app_models()) is not None
    }


def is_plugin_name(name: str) -> bool:
    """Whether a plugin may be called so."""
    return _NAME.fullmatch(name) is not None and name not in RESERVED


def _bundled() -> Iterator[Candidate]:
    package = importlib.import_module(BUNDLED)
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg:
            name = f"{BUNDLED}.{module.name}"
            yield module.name, f"package {name}", name, partial(importlib.import_module, name)


def _in_folders(folders: Iterable[Path]) -> Iterator[Candidate]:
    for folder in folders:
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            if (path / "__init__.py").is_file():
                package = f"{FOLDER_PACKAGE}.{path.name}"
                yield path.name, f"folder {path}", package, partial(_import_folder, path, package)


def _installed() -> Iterator[Candidate]:
    for entry in entry_points(group=ENTRY_POINTS):
        source = f"installed package {entry.dist.name if entry.dist else entry.value}"
        load = partial(importlib.import_module, entry.module)
        yield entry.name, source, entry.module, load


def _import_folder(path: Path, name: str) -> ModuleType:
    if FOLDER_PACKAGE not in sys.modules:
        package = ModuleType(FOLDER_PACKAGE)
        package.__path__ = []
        sys.modules[FOLDER_PACKAGE] = package
    if (known := sys.modules.get(name)) is not None:
        if known.__file__ != str(path / "__init__.py"):
            raise ImportError(f"{known.__file__} has this name already; restart to use another")
        return known
    spec = spec_from_file_location(
        name, path / "__init__.py", submodule_search_locations=[str(path)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no package")
    module = module_from_spec(spec)
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


def _checked(name: str, source: str, package: str, load: Load) -> Found:
    if not is_plugin_name(name):
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
            folder = Path(module.__file__).parent if module.__file__ else None
            app = plugin.app_models()
            tables = read_tables(app, folder) if app is not None else None
            return Found(name, source, plugin, folder=folder, tables=tables)
    except TablesError as raised:
        error = str(raised)
    except (Exception, SystemExit) as raised:  # its modules run here: anything can come
        error = f"it cannot be imported: {type(raised).__name__}: {_told(raised, package)}"
    return Found(name, source, error=error)


def _told(raised: BaseException, package: str) -> str:
    """What was raised, and where in the package."""
    if isinstance(raised, SyntaxError) and raised.filename:
        return f"{raised.msg} ({raised.filename}, line {raised.lineno})"
    place = ""
    for frame, line in traceback.walk_tb(raised.__traceback__):
        if f"{frame.f_globals.get('__name__')}.".startswith(f"{package}."):
            place = f" ({frame.f_code.co_filename}, line {line})"
    return f"{raised}{place}"


def _complaint(name: str, module: ModuleType, plugin: object) -> str | None:
    if isinstance(plugin, Plugin):
        return "its `plugin` must be the class, not an instance of it"
    if not (isinstance(plugin, type) and issubclass(plugin, Plugin) and plugin is not Plugin):
        return "its package has no `plugin` that is a subclass of Plugin"
    # As its author wrote it, whatever the types should be.
    said: Any = plugin
    if (called := getattr(said, "name", None)) != name:
        return f"its `name` is {called!r}, but its package is called {name}"
    if not isinstance(getattr(said, "summary", None), str):
        return "it has no `summary`, one sentence for the server owner"
    if plugin.__module__ != module.__name__:
        return f"its class stands in {plugin.__module__}, not in its package's __init__.py"
    if said.api_version != API_VERSION:
        return f"it was written for plugin interface {said.api_version!r}, this is {API_VERSION}"
    if not _are_names(said.requires):
        return '`requires` must be a tuple of names, as in ("queue",)'
    if not (isinstance(said.config, type) and issubclass(said.config, BaseModel)):
        return "its `config` must be a pydantic model, a subclass of BaseModel"
    return None


def _are_names(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(name, str) for name in cast("tuple[object, ...]", value)
    )


def _leave_out_unmet(found: dict[str, Found]) -> None:
    """Of plugins whose tables need others that are not there, and of those that need them."""
    core = read_tables(CORE_MODELS, None)
    while missing := unmet({CORE_MODELS.label: core} | _tables(found)):
        for name, error in missing.items():
            found[name] = replace(found[name], plugin=None, tables=None, error=error)


def _tables(found: dict[str, Found]) -> dict[str, Tables]:
    return {name: one.tables for name, one in found.items() if one.tables is not None}
