"""A notice to players of a match, once each: the shield battery bug."""

from __future__ import annotations

from core.plugin import Plugin

__all__ = ["ShieldBatteryPlugin", "plugin"]


class ShieldBatteryPlugin(Plugin):
    """Loads, and does nothing yet."""

    name = "shield_battery"
    summary = "A notice about the shield battery bug (none yet)"


plugin = ShieldBatteryPlugin
