"""Every sentence a player reads, by key and language, from ``sentences/LANGUAGE.toml`` files.

Values put into a sentence are escaped and bounded here, once, so that a player's name can neither
ping, nor format, nor flood.
"""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path
from typing import Any, cast

from disnake.utils import escape_mentions

__all__ = ["Catalogue", "Markup"]

FALLBACK = "en"
LONGEST_VALUE = 100

_MARKUP = re.compile(r"[\\*_~|`<\[\]]|^[#>+-]|:(?=//)")
"""What Discord reads as format, wherever it stands or at the beginning of a line, or as a link."""


class Markup(str):
    """Text that is ours, such as a mention or a timestamp: shown as it is."""

    __slots__ = ()


class Catalogue:
    """The sentences of the core and of every plugin, keyed ``plugin.section.name``."""

    def __init__(self) -> None:
        self._sentences: dict[str, dict[str, str]] = {}

    def add(self, prefix: str, folder: Path) -> None:
        """Read the files of `folder`; their keys are known as ``prefix.key``.

        Raises:
            ValueError: when a file is no TOML of nested tables and sentences, naming it.
        """
        for file in sorted(folder.glob("*.toml")):
            try:
                tables = tomllib.loads(file.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise ValueError(f"{file}: {error}") from None
            self._sentences.setdefault(file.stem.lower(), {}).update(_flat(prefix, tables, file))

    def say(self, key: str, locale: object = FALLBACK, /, **values: Any) -> str:
        """The sentence `key` in the language of `locale`, or in English where it has none.

        Raises:
            KeyError: when no language has it, or a placeholder of it is not in `values`.
        """
        tag = str(locale).lower()
        for language in (tag, tag.partition("-")[0], FALLBACK):
            sentence = self._sentences.get(language, {}).get(key)
            if sentence is None:
                continue
            try:
                return sentence.format_map({name: _shown(v) for name, v in values.items()})
            except KeyError as missing:
                plugin, _, name = key.partition(".")
                raise KeyError(
                    f"plugin {plugin}: the sentence {name!r} ({language}) has the placeholder"
                    f" {{{missing.args[0]}}}, and was given no value for it"
                ) from None
        raise KeyError(f"no sentence {key!r} in any language")

    def keys(self, language: str = FALLBACK) -> frozenset[str]:
        """What `language` can say."""
        return frozenset(self._sentences.get(language, {}))


def _flat(prefix: str, table: dict[str, Any], file: Path) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            flat |= _flat(key, cast("dict[str, Any]", value), file)
        elif isinstance(value, str):
            flat[key] = _parsed(value, key, file)
        else:
            raise ValueError(f"{file}: {key} is not a sentence in quotes")
    return flat


def _parsed(sentence: str, key: str, file: Path) -> str:
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
    except ValueError as error:
        raise ValueError(f"{file}: {key}: {error}") from None
    if not all(name.isidentifier() for name in names):
        raise ValueError(f"{file}: {key}: what stands in {{braces}} must be a plain name")
    return sentence


def _shown(value: Any) -> Any:
    if isinstance(value, int | float | Markup):
        return value
    text = " ".join(str(value).split())
    bounded = text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
    return escape_mentions(_MARKUP.sub(r"\\\g<0>", bounded))
