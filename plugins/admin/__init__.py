"""Administration of the ladder: conflicts, corrections, bans, and a record of who did what."""

from __future__ import annotations

from core.plugin import Plugin

__all__ = ["AdminPlugin", "plugin"]


class AdminPlugin(Plugin):
    """Loads, and does nothing yet."""

    name = "admin"
    summary = "Commands for admins (none yet)"


plugin = AdminPlugin
