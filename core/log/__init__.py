"""Logging: loguru for our own lines, the standard library's routed in, no secret let out.

Bind what belongs to a line: ``logger.bind(reference=code).error(f"{name} failed")``. Keyword
arguments would make loguru format the message, which fails on a brace in a player's name.
"""

from __future__ import annotations

from core.log.lines import printable
from core.log.redaction import add_secret, redact
from core.log.setup import configure, plugin_logger, reset

__all__ = ["add_secret", "configure", "plugin_logger", "printable", "redact", "reset"]
