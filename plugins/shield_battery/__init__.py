"""A notice to the players of a match, until each has said that they understand it: the shield
battery bug."""

from __future__ import annotations

from core.hookspecs import MatchFacts, hookimpl
from core.plugin import Plugin, PluginContext
from plugins.shield_battery.config import ShieldBatteryConfig
from plugins.shield_battery.service import NoticeService
from plugins.shield_battery.views import ShieldBatteryBugView

__all__ = ["ShieldBatteryPlugin", "plugin"]


class ShieldBatteryPlugin(Plugin):
    """It knows of matches by hooks alone, and so works with any plugin that announces them."""

    name = "shield_battery"
    summary = "Tells the players of a match about a known bug, until they say that they understand"
    config = ShieldBatteryConfig
    has_models = True

    @hookimpl
    async def load(self, context: PluginContext[ShieldBatteryConfig]) -> None:
        """Register the view, so that notices which are open can be pressed."""
        view = ShieldBatteryBugView(context)
        context.views.register(view)
        self._notices = NoticeService(context, view)

    @hookimpl
    async def match_started(self, match: MatchFacts) -> None:
        """Owe the notices."""
        await self._notices.owe(match)

    @hookimpl
    async def match_ended(self, match: MatchFacts) -> None:
        """End them, should this match have ended before they were owed."""
        await self._notices.end(match)


plugin = ShieldBatteryPlugin
