"""The plugins' part of config.toml: check their sections, and turn them on and off."""

from __future__ import annotations

import difflib
import json
import os
import tempfile
import tomllib
from collections.abc import (
    Collection,
    Iterable,
    Mapping,
    MutableMapping,
    MutableSequence,
    Sequence,
)
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar, cast

import tomlkit
from pydantic import BaseModel
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from core.config.checking import Source, checked
from core.config.models import Config
from core.config.toml_file import parse_toml, read_text
from core.errors import ConfigError

__all__ = ["check_plugins", "set_enabled", "validate_section"]

Model = TypeVar("Model", bound=BaseModel)


def validate_section(
    config_path: Path,
    plugin_name: str,
    model: type[Model],
    raw: Mapping[str, object],
    *,
    variables: Mapping[tuple[str, ...], str] = MappingProxyType({}),
) -> Model:
    """Check the section of one plugin against the plugin's own model.

    Args:
        config_path: the file to name in errors; relative paths of the model may start at its
            folder, which is in the validation context as ``folder``.
        variables: ``Config.variables``, so that values from the environment are read as such.

    Raises:
        ConfigError: with every problem in the section.
    """
    source = Source(str(config_path), variables, ("plugins", plugin_name))
    result = checked(model, raw, source, context={"folder": config_path.absolute().parent})
    if isinstance(result, list):
        raise ConfigError(*result)
    return result


def check_plugins(config: Config, found: Collection[str]) -> None:
    """Hold what config.toml says of plugins against those that exist.

    Raises:
        ConfigError: when a plugin that is enabled, or has a section, is not among `found`.
    """
    problems: list[str] = []
    wrong = [(("plugins", "enabled"), name) for name in config.plugins.enabled if name not in found]
    wrong += [(("plugins", name), name) for name in config.plugins.sections if name not in found]
    for key, name in wrong:
        close = difflib.get_close_matches(name, found, n=1)
        origin = next((o for k, o in config.variables.items() if k[:2] == key), None)
        problems.append(
            f"{origin or f'{config.original}: ' + '.'.join(key)}: there is no plugin {name}."
            + _hint(name, close, config.plugins.folders)
            + f" Found: {', '.join(sorted(found)) or 'none'}"
        )
    if problems:
        raise ConfigError(*dict.fromkeys(problems))


def _hint(name: str, close: Sequence[str], folders: Iterable[Path]) -> str:
    for folder in folders:
        for above in sorted(path.parent.parent for path in folder.glob(f"*/{name}/__init__.py")):
            return f" It is one folder further down: put {above} into plugins.folders."
    return f" Did you mean {close[0]}?" if close else ""


def set_enabled(path: Path, name: str, enabled: bool) -> bool:
    """Add a plugin to, or take it from, the list `enabled` in config.toml.

    Comments and layout stay as they are; the file is replaced at once or not at all.

    Returns:
        Whether the file had to be changed.

    Raises:
        ConfigError: when the file cannot be read, is wrong there, or cannot be written.
    """
    path = path.resolve()
    text = read_text(path)
    before = parse_toml(text, path)
    listed = _enabled_names(before, path)
    if (name in listed) == enabled:
        return False
    wished = [*listed, name] if enabled else [other for other in listed if other != name]
    changed = _with_enabled(text, wished)
    if not _says(changed, before, wished):
        raise ConfigError(
            f"{path}: plugins.enabled: cannot be rewritten in this layout; please change it by "
            f"hand to {json.dumps(wished)}"
        )
    _replace(path, changed)
    return True


def _enabled_names(tables: Mapping[str, object], path: Path) -> list[str]:
    plugins = tables.get("plugins", {})
    names: object = None
    if isinstance(plugins, dict):
        names = cast("dict[str, object]", plugins).get("enabled", [])
    if isinstance(names, list):
        entries = cast("list[object]", names)
        if all(isinstance(name, str) for name in entries):
            return cast("list[str]", entries)
    raise ConfigError(f"{path}: plugins.enabled: must be a list, each text")


def _with_enabled(text: str, wished: list[str]) -> str:
    """`text` with the list changed, or empty when it cannot be."""
    try:
        document = tomlkit.parse(text)
        if "plugins" not in document:
            document["plugins"] = tomlkit.table()
        plugins = cast("MutableMapping[str, object]", document["plugins"])
        array = plugins.get("enabled")
        if isinstance(array, Array):
            names = cast("MutableSequence[str]", array)
            for index in reversed(range(len(names))):
                if names[index] not in wished:
                    del names[index]
            names.extend(wished[len(names) :])
        else:
            plugins["enabled"] = wished
        return document.as_string()
    except (TOMLKitError, TypeError, ValueError, AttributeError):
        return ""


def _says(text: str, before: Mapping[str, object], wished: list[str]) -> bool:
    """Whether `text` enables what is wished, and else says what was said before."""
    try:
        after = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    plugins = cast("dict[str, object]", before.get("plugins", {}))
    return after == {**before, "plugins": {**plugins, "enabled": wished}}


def _replace(path: Path, text: str) -> None:
    """Write `text` beside `path`, then put it in its place with the same permissions."""
    bom = "\ufeff" if path.read_bytes().startswith(b"\xef\xbb\xbf") else ""
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(bom + text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode & 0o7777)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"{path}: cannot be rewritten ({reason})") from None


def section_of(config: Config, plugin_name: str, model: type[Model]) -> Model:
    """The plugin's section of `config`, checked.

    Raises:
        ConfigError: with every problem in it.
    """
    raw = config.plugins.sections.get(plugin_name, {})
    return validate_section(config.original, plugin_name, model, raw, variables=config.variables)
