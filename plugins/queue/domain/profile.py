"""What players say of themselves in `/setup`, as they type it and as it is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from plugins.queue.domain import countries

__all__ = [
    "LONGEST_ACCOUNT",
    "LONGEST_NAME",
    "Mistake",
    "Typed",
    "checked",
    "clean_name",
    "numbered",
    "one_line",
]

LONGEST_NAME = 32
LONGEST_ACCOUNT = 64

JOINER = "\N{ZERO WIDTH JOINER}"
"""Holds emoji together; other characters without a shape are dropped."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into each field; None for what was left out and stays as it is.

    `country` is a name or a code, `region` too.
    """

    name: str | None = None
    account: str | None = None
    country: str | None = None
    region: str | None = None
    room: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed at all."""
        return self == Typed()


class Mistake(Exception):
    """What was typed cannot be kept.

    Attributes:
        kind: the key of the sentence that says why.
        values: what stands in it.
    """

    def __init__(self, kind: str, **values: str | int | tuple[str, ...]) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


def checked(typed: Typed, regions: Mapping[str, str]) -> dict[str, str]:
    """The columns of the player that change, and to what.

    Args:
        regions: the names of the regions there are, by code.

    Raises:
        Mistake: when something cannot be kept; the first that was found.
    """
    changes: dict[str, str] = {}
    if typed.name is not None:
        changes["name"] = clean_name(typed.name)
    if typed.account is not None:
        changes["account"] = _bounded(typed.account, "account", LONGEST_ACCOUNT)
    if typed.country is not None:
        changes["country"] = _country(typed.country)
    if typed.region is not None:
        changes["region"] = _region(typed.region, regions)
    if typed.room is not None:
        changes["room"] = typed.room
    return changes


def clean_name(text: str) -> str:
    """A ladder name: of one line, 1 to 32 characters, and to be seen.

    Raises:
        Mistake: when it is not.
    """
    return _bounded(text, "name", LONGEST_NAME)


def numbered(name: str, number: int) -> str:
    """A name like `name` for whoever comes after its owner."""
    suffix = f" {number}"
    return name[: LONGEST_NAME - len(suffix)].rstrip() + suffix


def one_line(text: str) -> str:
    """The text without line breaks and without characters that only move others about."""
    shown = (
        c
        for c in unicodedata.normalize("NFC", text)
        if c.isspace() or c == JOINER or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )
    return " ".join("".join(shown).split())


def _bounded(text: str, field: str, longest: int) -> str:
    value = one_line(text)
    if not any(unicodedata.category(c)[0] in "LNPS" for c in value):
        raise Mistake(f"{field}_empty")
    if len(value) > longest:
        raise Mistake(f"{field}_long", length=len(value), longest=longest)
    return value


def _country(text: str) -> str:
    country = countries.find(text)
    if country is not None:
        return country.code
    near = countries.near(text)
    if not near:
        raise Mistake("country_unknown", typed=text)
    raise Mistake("country_near", typed=text, near=tuple(country.name for country in near))


def _region(text: str, regions: Mapping[str, str]) -> str:
    wanted = one_line(text).casefold()
    for code, name in regions.items():
        if wanted in (code.casefold(), name.casefold()):
            return code
    if not regions:
        raise Mistake("region_none")
    raise Mistake("region_unknown", typed=text, regions=tuple(regions.values()))
