"""The notice itself: what the bug is, what helps, and a button for whoever it is addressed to."""

from __future__ import annotations

from disnake import ButtonStyle

from core.plugin import PluginContext
from core.views import DurableView, Press, Rendering, action
from plugins.shield_battery.acknowledgements import acknowledge, is_acknowledged
from plugins.shield_battery.config import ShieldBatteryConfig
from plugins.shield_battery.keys import NoticeKey

__all__ = ["ShieldBatteryBugView"]


class ShieldBatteryBugView(DurableView):
    """One a match, player and notice, see :class:`NoticeKey`. It is that player's to press."""

    name = "notice"

    def __init__(self, context: PluginContext[ShieldBatteryConfig]) -> None:
        self._context = context

    async def render(self, key: str, locale: str) -> Rendering | None:
        _, player_id, name = NoticeKey.parse(key)
        notice = self._context.config.notice(name)
        record = await self._context.views.record(self, key)
        if notice is None or record is None or record.user_id is None:
            return None
        lines = [f"<@{record.user_id}>", notice.text, notice.link]
        if await is_acknowledged(name, player_id):
            lines.append(self._context.text("notice.understood", locale))
            return Rendering(_joined(lines))
        button = self.button("understood", key, notice.button, ButtonStyle.primary)
        return Rendering(_joined(lines), rows=[[button]], mentions=[record.user_id])

    @action
    async def understood(self, press: Press) -> None:
        """Never again. That it is the player who presses has been seen to: the view was opened for
        a user."""
        _, player_id, name = NoticeKey.parse(press.key)
        await acknowledge(name, player_id, self._context.clock.now())
        await press.refresh(self)


def _joined(lines: list[str]) -> str:
    return "\n".join(line for line in lines if line)
