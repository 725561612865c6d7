"""The countries of ISO 3166-1: found by name or code, completed while somebody types."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from functools import cache

__all__ = ["CHOICES", "Country", "complete", "find", "flag", "name", "near"]

CHOICES = 25
"""Discord offers so many at most."""

NEAR = 5

ALIKE = 0.7
"""How alike two spellings are that may be meant for each other, of 1."""

_EVERYDAY = {
    "AE": ("UAE",),
    "BN": ("Brunei",),
    "CD": ("DR Congo", "Congo-Kinshasa"),
    "CG": ("Congo-Brazzaville",),
    "CI": ("Ivory Coast",),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "FM": ("Micronesia",),
    "GB": ("UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"),
    "LA": ("Laos",),
    "MK": ("Macedonia",),
    "MM": ("Burma",),
    "MO": ("Macau",),
    "NL": ("Holland", "The Netherlands"),
    "PS": ("Palestine",),
    "RU": ("Russia",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "US": ("America",),
    "VA": ("Vatican",),
}
"""What people call them and the standard does not."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country.

    Attributes:
        code: ISO 3166-1 alpha-2.
        name: its common English name where the standard knows one, else its name there.
    """

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class _Entry:
    country: Country
    codes: tuple[str, ...]
    names: tuple[str, ...]


@cache
def _entries() -> tuple[_Entry, ...]:
    """By name. Read when first asked for: most of a bot's life nobody types a country."""
    import pycountry

    found: list[_Entry] = []
    for raw in pycountry.countries:
        fields: dict[str, str] = dict(raw)
        code = fields["alpha_2"]
        names = [fields[key] for key in ("common_name", "name", "official_name") if key in fields]
        found.append(
            _Entry(
                Country(code, names[0]),
                (_folded(code), _folded(fields["alpha_3"])),
                tuple(map(_folded, (*names, *_EVERYDAY.get(code, ())))),
            )
        )
    return tuple(sorted(found, key=lambda entry: _folded(entry.country.name)))


@cache
def _by_text() -> dict[str, Country]:
    return {text: entry.country for entry in _entries() for text in (*entry.codes, *entry.names)}


@cache
def _names() -> dict[str, str]:
    return {entry.country.code: entry.country.name for entry in _entries()}


def find(text: str) -> Country | None:
    """The country of that name, alpha-2 or alpha-3 code, whatever the case and the accents.

    The beginning of a name is not enough: see :func:`near`.
    """
    return _by_text().get(_folded(text))


def name(code: str) -> str:
    """The name of the country of that alpha-2 code; the code itself when there is none."""
    return _names().get(code, code)


def flag(code: str) -> str:
    """The flag of an alpha-2 code, as an emoji: two regional indicator letters."""
    return "".join(chr(ord("🇦") + ord(letter) - ord("A")) for letter in code.upper())


def complete(typed: str) -> list[Country]:
    """The countries that somebody may mean who has typed so much, best first, at most 25."""
    text = _folded(typed)
    ranked = ((_rank(entry, text), entry.country) for entry in _entries())
    matching = sorted(
        ((rank, country) for rank, country in ranked if rank is not None), key=lambda pair: pair[0]
    )
    return [country for _, country in matching][:CHOICES]


def near(text: str) -> list[Country]:
    """The few countries that somebody may have meant with a text that names none, best first."""
    if not _folded(text):
        return []
    found = complete(text)[:NEAR]
    if found:
        return found
    spelt = {spelling: entry.country for entry in _entries() for spelling in entry.names}
    close = difflib.get_close_matches(_folded(text), spelt, n=NEAR, cutoff=ALIKE)
    return list(dict.fromkeys(spelt[spelling] for spelling in close))


def _rank(entry: _Entry, text: str) -> int | None:
    """How well an entry fits, 0 best: exactly; at the beginning of the name that is shown, of a
    word of it, of a code, of another name; anywhere in a name."""
    shown = entry.names[0]
    fits = (
        text in entry.codes or text in entry.names,
        shown.startswith(text),
        f" {text}" in shown,
        any(code.startswith(text) for code in entry.codes),
        any(other.startswith(text) for other in entry.names),
        any(text in other for other in entry.names),
    )
    return fits.index(True) if any(fits) else None


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    plain = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
