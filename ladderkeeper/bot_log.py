"""The log of a bot that is a process of its own: a JSON object a line, shown to people."""

from __future__ import annotations

import json
from typing import Any

from core.log import printable

__all__ = ["readable", "readable_output"]


def readable(line: dict[str, Any]) -> str:
    """Level, plugin, logger and message; below them the traceback, if there is one."""
    plugin = f"[{line['plugin']}] " if "plugin" in line else ""
    text = f"{line['level']} {plugin}{line['logger']}: {line['message']}"
    return printable(text + (f"\n{line['exception']}" if "exception" in line else ""))


def readable_output(text: str) -> str:
    """The same for all that the process wrote, which need not be of its log."""
    return "\n".join(
        readable(json.loads(line)) if line.startswith("{") else line for line in text.splitlines()
    )
