"""The custom_id of a durable view's component: it names the row, and nothing is trusted from it.

``lk1:<plugin>.<view>:<key>:<action>``, where ``lk1`` is the version of this form.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["CustomId"]

LONGEST = 100
"""Discord's limit, in characters."""

_WORD = r"[a-z][a-z0-9_]*"
_FORM = re.compile(rf"lk1:({_WORD})\.({_WORD}):([A-Za-z0-9._-]+):({_WORD})")


class CustomId(NamedTuple):
    """What a press names."""

    plugin: str
    view: str
    key: str
    action: str

    def __str__(self) -> str:
        """Raises ValueError when a part has a character it may not have, or the whole is too
        long."""
        text = f"lk1:{self.plugin}.{self.view}:{self.key}:{self.action}"
        if len(text) > LONGEST:
            raise ValueError(f"custom_id {text!r} has {len(text)} characters, {LONGEST} at most")
        if not _FORM.fullmatch(text):
            raise ValueError(
                f"custom_id {text!r}: plugin, view and action are lower-case words, the key has"
                " letters, digits, dot, dash and underscore only"
            )
        return text

    @staticmethod
    def check_word(word: str, what: str) -> None:
        """Raises ValueError when `word` cannot be the name of a view or an action."""
        if not re.fullmatch(_WORD, word):
            raise ValueError(f"{what} is {word!r}: it must be a lower-case word, such as `poll`")

    @classmethod
    def parse(cls, text: str) -> CustomId | None:
        """What `text` names, or None when it is not of this form (a stock view's, say)."""
        match = _FORM.fullmatch(text)
        return cls(*match.groups()) if match else None
