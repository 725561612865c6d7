"""Take secrets out of text: those we know, and whatever looks like one.

Known are the token and the database's password; by their looks, bot tokens, the tokens of
interactions and webhooks, values named token or password, Authorization headers, and names and
passwords in URLs. Every pattern takes time linear in the text, and is only tried when a word that
it needs is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

__all__ = ["MARK", "add_secret", "forget_secrets", "redact"]

MARK = "[redacted]"

SHORTEST_SECRET = 4
"""Characters; a shorter password would black out half of every line. URLs still hide it."""

LONG_SECRET = 16
"""Characters from which a secret is found inside other words too."""


def redact(text: str) -> str:
    """`text` without secrets. The same object when there are none."""
    for secret in _long:
        if secret in text:
            text = text.replace(secret, MARK)
    if _short is not None:
        text = _short.sub(MARK, text)
    lowered = text.lower()
    for rule in _RULES:
        if any(word in lowered for word in rule.words):
            text = rule.pattern.sub(rule.replacement, text)
    return text


def add_secret(value: str) -> None:
    """Take `value` out of all text from now on, also when it is escaped for a URL, JSON or Python.

    For secrets that live as long as the process. The tokens of interactions need none of this.
    """
    if len(value) >= SHORTEST_SECRET:
        _secrets.update(_spellings(value))
        _sort()


def forget_secrets() -> None:
    """Know no secret but by its looks."""
    _secrets.clear()
    _sort()


_secrets: set[str] = set()
_long: tuple[str, ...] = ()
_short: re.Pattern[str] | None = None


def _spellings(value: str) -> Iterable[str]:
    plain = (value, unquote(value))
    for text in plain:
        yield from (text, quote(text), quote(text, safe=""), repr(text)[1:-1])
        yield from (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])


def _sort() -> None:
    global _long, _short
    ordered = sorted(_secrets, key=len, reverse=True)
    _long = tuple(secret for secret in ordered if len(secret) >= LONG_SECRET)
    short = [re.escape(secret) for secret in ordered if len(secret) < LONG_SECRET]
    _short = re.compile(rf"(?<![^\W_])(?:{'|'.join(short)})(?![^\W_])") if short else None


@dataclass(frozen=True)
class _Rule:
    words: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]


def _named_value(match: re.Match[str]) -> str:
    quotes = re.match(r"\\*[\"']?", match["value"])
    mark = f"{quotes[0]}{MARK}{quotes[0]}" if quotes else MARK
    return match["name"] + mark


_RULES = (
    _Rule(
        ("authorization",),
        re.compile(
            r"(authorization\s{0,3}[:=]\s{0,3})(?:(?:bot|bearer|basic)\s{1,3})?[^\s\"',;\\]+",
            re.IGNORECASE,
        ),
        rf"\1{MARK}",
    ),
    _Rule(
        ("token", "passw", "secret", "authorization", "api_key", "apikey"),
        re.compile(
            r"""
            (?P<name>
                (?:token|passw(?:or)?d|secret(?:_key)?|authorization|api_?key)
                \\*["']?\s{0,3}[:=]\s{0,3}b?
            )
            (?P<value>
                "(?:[^"\\]|\\.)+"?
                | '(?:[^'\\]|\\.)+'?
                | \\+["'][^\\]+(?:\\+["'])?
                | (?<==)(?!None\b|null\b|[\[?$%*"'\\])[^\s,;&()\[\]{}<>"'\\]+
            )
            """,
            re.IGNORECASE | re.VERBOSE | re.DOTALL,
        ),
        _named_value,
    ),
    _Rule(
        ("bot ", "bearer ", "basic "),
        re.compile(r"\b((?:bot|bearer|basic) )[\w.~+/=-]{24,}", re.IGNORECASE | re.ASCII),
        rf"\1{MARK}",
    ),
    # base64 of a user id (whose digits make it begin with M, N or O), a time, a signature
    _Rule(
        (".",),
        re.compile(r"(?<![\w-])[MNO][\w-]{20,30}\.[\w-]{5,8}\.[\w-]{25,}", re.ASCII),
        MARK,
    ),
    # base64 of "interaction:"
    _Rule(("aw50zxjhy3rpb246",), re.compile(r"aW50ZXJhY3Rpb246[\w+/=-]*", re.ASCII), MARK),
    _Rule(
        ("/interactions/", "/webhooks/"),
        re.compile(
            r"(/(?:interactions|webhooks)/[^/\s\"']{1,100}/)[^/\s?#\"'<>()\[\]{},;\\]+",
            re.IGNORECASE,
        ),
        rf"\1{MARK}",
    ),
    # An unescaped / or @ may stand in a database's password, so this reaches to the last @.
    _Rule(
        ("://",),
        re.compile(
            r"((?:postgres|postgresql|asyncpg|psycopg)://)(?!NAME:PASSWORD@)"
            r"(?:(?!://)[^\s\"'<>])*@",
            re.IGNORECASE,
        ),
        rf"\1{MARK}@",
    ),
    # NAME:PASSWORD is how our own messages explain what to write.
    _Rule(
        ("://",),
        re.compile(r"://(?!NAME:PASSWORD@)[^\s\"'<>/@]*(?:@[^\s\"'<>/@]*)*@"),
        f"://{MARK}@",
    ),
)
