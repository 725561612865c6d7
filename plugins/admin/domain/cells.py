"""Cells of a table that a spreadsheet opens."""

from __future__ import annotations

__all__ = ["cell"]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, whatever quotes stand around the cell
(https://owasp.org/www-community/attacks/CSV_Injection)."""


def cell(value: object) -> str:
    """The value as text that no spreadsheet executes. Numbers of ours stay numbers."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and text.startswith(FORMULA):
        return f"'{text}"
    return text
