"""Conflicts that wait for an admin, each a view in the admins' channel."""

from __future__ import annotations

from core.db import transaction
from core.jobs import OwedJob
from core.models import ViewRecord, ViewState
from core.plugin import PluginContext
from core.views import DurableView
from plugins.admin.config import AdminConfig
from plugins.queue.api import MatchPage, MatchState, QueueApi, read_match

__all__ = ["FOLLOW_CASES", "CaseService", "case_scope"]

FOLLOW_CASES = "follow_cases"


def case_scope(match_id: int) -> str:
    """The scope of all that is moot once a match is decided."""
    return f"admin:case:{match_id}"


class CaseService:
    """Opens cases, and ends them with what they were about."""

    def __init__(
        self, context: PluginContext[AdminConfig], queue: QueueApi, view: DurableView
    ) -> None:
        self._context = context
        self._queue = queue
        self._view = view

    async def follow(self, match_id: int) -> None:
        """Have the case of a match open while, and only while, its players disagree."""
        page = await read_match(match_id)
        if page is not None and page.snapshot.state is MatchState.CONFLICT:
            await self._open(page)
        else:
            await self._context.views.owe_scope_end(case_scope(match_id))

    async def follow_all(self, job: OwedJob) -> None:
        """Job: as :meth:`follow` for what happened while nobody listened."""
        del job
        for ladder in self._queue.ladders:
            for match in await self._queue.conflicts(ladder):
                await self.follow(match.number)
        for record in await ViewRecord.filter(
            plugin=self._context.name, view=self._view.name, state=ViewState.OPEN
        ):
            page = await read_match(int(record.key))
            if page is None or page.snapshot.state is not MatchState.CONFLICT:
                await self._context.views.owe_scope_end(case_scope(int(record.key)))

    async def _open(self, page: MatchPage) -> None:
        channel_id = self._context.config.channel_id
        if channel_id is None:
            return
        match = page.match
        async with transaction():
            if await ViewRecord.filter(
                plugin=self._context.name,
                view=self._view.name,
                key=str(match.id),
                channel_id=channel_id,
                state__in=(ViewState.OPEN, ViewState.PAUSED),
            ).exists():
                return
            await self._context.views.post(
                self._view,
                str(match.id),
                channel_id,
                scope=case_scope(match.id),
                guild_id=match.guild_id,
                locale=self._context.guild_locale(match.guild_id),
            )
