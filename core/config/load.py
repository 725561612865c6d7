"""Read config.toml, the .env file and the environment into one ``Config``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from core.config.checking import Source, checked, problems_found
from core.config.environment import ORIGINAL, SECTIONS, apply_variables, read_env_file
from core.config.models import Config, PluginsConfig
from core.config.toml_file import read_toml
from core.errors import ConfigError

__all__ = ["load_config"]

TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the variable's name
TOKEN_BELONGS = (
    f"a bot's token does not belong in this file, which gets shared and committed. Put it into "
    f"the environment variable {TOKEN}, or write {TOKEN}=... into a file named .env beside this one"
)


def load_config(
    path: Path, *, environ: Mapping[str, str] | None = None, env_file: Path | None
) -> Config:
    """Read the configuration. The environment wins over the .env file, and that over config.toml.

    Args:
        path: config.toml. Relative paths in it start at its folder.
        environ: the environment variables; those of this process unless given.
        env_file: the .env file, read if it exists; None for no such file.

    Raises:
        ConfigError: with every problem that could be found.
    """
    raw = read_toml(path)
    problems: list[str] = []
    _refuse_token(raw, path, problems)
    variables = read_env_file(env_file, problems) if env_file else {}
    variables |= {
        name: (value, f"environment variable {name}")
        for name, value in (os.environ if environ is None else environ).items()
    }
    _separate_sections(raw)
    for section in SECTIONS:
        raw.setdefault(section, {})  # so that its defaults are completed like anything else
    origins = apply_variables(raw, variables, problems)
    _insert_token(raw, variables, origins, problems)

    original = Path(variables[ORIGINAL][0]) if ORIGINAL in variables else path
    source = Source(str(original), origins)
    result = checked(Config, raw, source, context={"folder": original.absolute().parent})
    problems += problems_found(result)
    if problems or isinstance(result, list):
        raise ConfigError(*dict.fromkeys(problems))
    result.read_from(path, original, origins)
    return result


def _refuse_token(raw: dict[str, object], path: Path, problems: list[str]) -> None:
    places = [((), raw)] + [
        ((name,), cast("dict[str, object]", raw[name]))
        for name in SECTIONS
        if isinstance(raw.get(name), dict) and name != "plugins"
    ]
    for section, table in places:
        for key in [key for key in table if key.lower() in ("token", TOKEN.lower(), "bot_token")]:
            del table[key]
            problems.append(f"{path}: {'.'.join((*section, key))}: {TOKEN_BELONGS}")


def _separate_sections(raw: dict[str, object]) -> None:
    """Move every [plugins.NAME] into ``plugins.sections``, where the model keeps them."""
    if not isinstance(plugins := raw.get("plugins"), dict):
        return
    table = cast("dict[str, object]", plugins)
    settings = set(PluginsConfig.model_fields) - {"sections"}
    sections: dict[str, object] = {
        name: value
        for name, value in table.items()
        if isinstance(value, dict) and name not in settings
    }
    raw["plugins"] = {"sections": sections} | {
        key: value for key, value in table.items() if key not in sections
    }


def _insert_token(
    raw: dict[str, object],
    variables: Mapping[str, tuple[str, str]],
    origins: dict[tuple[str, ...], str],
    problems: list[str],
) -> None:
    value, origin = variables.get(TOKEN, ("", ""))
    token = value.strip()
    if not token:
        return
    if any(character.isspace() for character in token) or not token.isascii():
        problems.append(
            f"{origin}: is not a token: it has a space or a special character in it. Copy it from "
            "the Bot page of your application, without the word Bot in front"
        )
        return
    if isinstance(discord := raw["discord"], dict):
        discord["token"] = token
        origins["discord", "token"] = origin
