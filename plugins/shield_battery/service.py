"""When a notice is due, and to whom."""

from __future__ import annotations

from core.hookspecs import MatchFacts
from core.plugin import PluginContext
from plugins.shield_battery.acknowledgements import is_acknowledged
from plugins.shield_battery.config import Notice, ShieldBatteryConfig
from plugins.shield_battery.keys import NoticeKey
from plugins.shield_battery.views import ShieldBatteryBugView

__all__ = ["NoticeService"]


class NoticeService:
    """Opens the notices of a match.

    A notice is open from the start of its match, and its message follows after the delay: so the
    end of the match ends it whenever that comes, with this plugin loaded or not.
    """

    def __init__(
        self, context: PluginContext[ShieldBatteryConfig], view: ShieldBatteryBugView
    ) -> None:
        self._context = context
        self._view = view

    async def owe(self, match: MatchFacts) -> None:
        """Open each notice for each player who has not acknowledged it. A second time changes
        nothing."""
        for notice in self._due_in(match):
            for player in match.participants:
                key = NoticeKey(match.id, player.player_id, notice.name)
                if (
                    player.channel_id is None
                    or not player.discord_id
                    or await is_acknowledged(notice.name, player.player_id)
                    or await self._context.views.record(self._view, str(key)) is not None
                ):
                    continue
                await self._context.views.post(
                    self._view,
                    str(key),
                    player.channel_id,
                    after=notice.delay_seconds,
                    scope=_scope(match),
                    user_id=player.discord_id,
                    # Direct messages belong to no server.
                    guild_id=match.guild_id if match.channel_id is not None else None,
                    locale=self._context.guild_locale(match.guild_id),
                )

    async def end(self, match: MatchFacts) -> None:
        """End what was opened for a match that is over: its start may have been told so late that
        the scope had ended by then."""
        if self._due_in(match):
            await self._context.views.owe_scope_end(_scope(match))

    def _due_in(self, match: MatchFacts) -> list[Notice]:
        return [notice for notice in self._context.config.notices if notice.concerns(match)]


def _scope(match: MatchFacts) -> str:
    return f"match:{match.id}"
