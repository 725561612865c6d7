"""Administration of the ladder: conflicts, corrections, bans, and a record of who did what."""

from __future__ import annotations

from core.examination import Examination
from core.hookspecs import MatchFacts, hookimpl
from core.plugin import Plugin, PluginContext
from plugins.admin.cogs import AdminCog, OwnerCog
from plugins.admin.cogs.looking import Looking
from plugins.admin.config import AdminConfig
from plugins.admin.service.cases import FOLLOW_CASES, CaseService
from plugins.admin.service.office import Office
from plugins.admin.service.rights import Rights
from plugins.admin.service.snapshot import SnapshotService
from plugins.admin.service.telling import TELL, TELL_ATTEMPTS, Telling
from plugins.admin.service.wording import Wording
from plugins.admin.views.case import CaseView
from plugins.admin.views.confirmation import Asking
from plugins.admin.views.notice import AdminDismissView
from plugins.queue.api import QueueApi

__all__ = ["AdminPlugin", "plugin"]


class AdminPlugin(Plugin):
    """What admins and owners do."""

    name = "admin"
    summary = "Commands for admins: conflicts, corrections, bans, and the record of all that"
    requires = ("queue",)
    config = AdminConfig
    has_models = True

    _cases: CaseService

    @hookimpl
    async def load(self, context: PluginContext[AdminConfig]) -> None:
        """Open the office."""
        queue = context.service(QueueApi)
        rights = Rights(context, queue)
        wording = Wording(context)
        telling = Telling(context, queue)
        office = Office(context, queue, telling)
        notice = AdminDismissView(context, wording)
        asking = Asking(context, rights, office, wording, notice)
        case_view = CaseView(context, queue, wording)
        case_view.asking = asking
        cases = self._cases = CaseService(context, queue, case_view)
        looking = Looking(context, queue, wording, SnapshotService(context, queue))

        context.views.register(notice, case_view)
        context.jobs.handle(TELL, telling.tell, max_attempts=TELL_ATTEMPTS)
        context.jobs.handle(FOLLOW_CASES, cases.follow_all)
        context.add_cog(AdminCog(context, queue, rights, asking, looking))
        context.add_cog(OwnerCog(context, queue, rights, asking))
        await office.check()
        await context.jobs.put(FOLLOW_CASES, "")

    @hookimpl
    async def match_conflicted(self, match: MatchFacts) -> None:
        """Show it to the admins."""
        await self._cases.follow(match.id)

    @hookimpl
    async def match_resolved(self, match: MatchFacts) -> None:
        """Close it everywhere."""
        await self._cases.follow(match.id)

    @hookimpl
    async def check(self, examination: Examination[AdminConfig]) -> None:
        """Look at the admins' channel."""
        if examination.config.channel_id is not None:
            await examination.channel("channel_id", examination.config.channel_id, "send_messages")


plugin = AdminPlugin
