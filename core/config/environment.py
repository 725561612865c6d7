"""Settings from the environment: LADDERKEEPER_SECTION__KEY, and the same names in a .env file.

pydantic-settings reads such variables too, but ignores misspelt ones and cannot tell afterwards
which variable a wrong value came from.
"""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from dotenv.parser import parse_stream
from pydantic import BaseModel

from core.config.models import Config, PluginsConfig
from core.config.toml_file import read_text

__all__ = ["ORIGINAL", "PREFIX", "SECTIONS", "apply_variables", "read_env_file"]

PREFIX = "LADDERKEEPER_"
ORIGINAL = "LADDERKEEPER_CONFIG_ORIGINAL"
"""Names the file that config.toml is a copy of: the one that its owner knows, and can mend."""

NOT_SETTINGS = ("LADDERKEEPER_OPENAPI", "LADDERKEEPER_CONFIG", "LADDERKEEPER_PROGRAM", ORIGINAL)
NOT_SETTINGS_PREFIX = "LADDERKEEPER_TEST_"

SECTIONS: Mapping[str, type[BaseModel]] = {
    name: cast("type[BaseModel]", field.annotation) for name, field in Config.model_fields.items()
}
NOT_FROM_THE_ENVIRONMENT = {("discord", "token"), ("plugins", "sections")}

Variables = dict[str, tuple[str, str]]
"""By name: the value, and where it stands, in words."""


def read_env_file(path: Path, problems: list[str]) -> Variables:
    """The variables of a .env file, none when there is no such file.

    Raises:
        ConfigError: when there is one but it cannot be read.
    """
    if not path.exists():
        return {}
    variables: Variables = {}
    for line in parse_stream(io.StringIO(read_text(path))):
        if line.error or (line.key is not None and line.value is None):
            # The line itself may hold the token.
            problems.append(
                f"{path}: line {_line_number(line.original.string, line.original.line)}"
                ": must be NAME=value"
            )
        elif line.key is not None:
            variables[line.key] = (line.value or "", f"{line.key} in {path}")
    return variables


def apply_variables(
    raw: dict[str, object], variables: Variables, problems: list[str]
) -> dict[tuple[str, ...], str]:
    """Write the settings among `variables` over `raw`, as text; an empty one counts as not set.

    Returns:
        Where each overridden key came from, in words.
    """
    origins: dict[tuple[str, ...], str] = {}
    for name, (value, origin) in sorted(variables.items()):
        if not name.startswith(PREFIX) or name.startswith(NOT_SETTINGS_PREFIX):
            continue
        if name in NOT_SETTINGS:
            continue
        key = tuple(part.lower() for part in name.removeprefix(PREFIX).split("__"))
        if not _is_setting(key):
            problems.append(f"{origin}: {_unknown(name, key)}")
        elif value and not _put(raw, _place(key), value):
            problems.append(
                f"{origin}: {'.'.join(key[:-1])} is not a table in the file, so nothing in it can "
                "be set"
            )
        elif value:
            origins[key] = origin
    return origins


def _is_setting(key: tuple[str, ...]) -> bool:
    if len(key) < 2 or not all(key) or key[0] not in SECTIONS or key in NOT_FROM_THE_ENVIRONMENT:
        return False
    if key[1] in SECTIONS[key[0]].model_fields:
        return len(key) == 2
    return key[0] == "plugins" and len(key) > 2


def _place(key: tuple[str, ...]) -> tuple[str, ...]:
    if key[0] == "plugins" and key[1] not in PluginsConfig.model_fields:
        return ("plugins", "sections", *key[1:])
    return key


def _put(raw: dict[str, object], key: tuple[str, ...], value: str) -> bool:
    table = raw
    for part in key[:-1]:
        inner = table.setdefault(part, {})
        if not isinstance(inner, dict):
            return False
        table = cast("dict[str, object]", inner)
    table[key[-1]] = value
    return True


def _unknown(name: str, key: tuple[str, ...]) -> str:
    if key in (("token",), ("discord", "token"), ("discord_token",)):
        return "the token is read from the variable DISCORD_TOKEN"
    close = difflib.get_close_matches(name, list(_names()), n=1)
    return (
        "there is no such setting. "
        + (f"Did you mean {close[0]}? " if close else "")
        + f"Names are {PREFIX}SECTION__KEY and, for a plugin, {PREFIX}PLUGINS__NAME__KEY"
    )


def _names() -> Iterator[str]:
    for section, model in SECTIONS.items():
        for key in model.model_fields:
            if (section, key) not in NOT_FROM_THE_ENVIRONMENT:
                yield f"{PREFIX}{section}__{key}".upper()


def _line_number(text: str, first: int) -> int:
    return first + len(text) - len(text.lstrip("\n"))
