"""The ladder: players wait in a queue, are paired in waves, play, and report."""

from __future__ import annotations

from core.hookspecs import hookimpl
from core.plugin import Plugin, PluginContext
from plugins.queue.cog import QueueCog
from plugins.queue.config import QueueConfig
from plugins.queue.service import MatchService, QueueService, RoomService, WaveService
from plugins.queue.service.matches import CLOSE_ROOM, CONFIRM_DEADLINE, REPORT_DEADLINE
from plugins.queue.service.rooms import MAKE_ROOM, ROOM_ATTEMPTS
from plugins.queue.service.waves import WAVE
from plugins.queue.views import MatchView, SearchingView

__all__ = ["QueuePlugin", "plugin"]


class QueuePlugin(Plugin):
    """The queue and its matches."""

    name = "queue"
    summary = "A queue, matches between players of like rating, and their results"
    config = QueueConfig
    has_models = True

    @hookimpl
    async def load(self, context: PluginContext[QueueConfig]) -> None:
        """Open the queue."""
        queue = QueueService(context)
        matches = MatchService(context)
        waves = WaveService(context)
        searching = SearchingView(context, queue)
        match_view = MatchView(context, matches)
        rooms = RoomService(context, matches, match_view)

        context.views.register(searching, match_view)
        context.jobs.handle(WAVE, waves.wave)
        context.jobs.handle(
            MAKE_ROOM, rooms.make, on_give_up=rooms.failed, max_attempts=ROOM_ATTEMPTS
        )
        context.jobs.handle(CONFIRM_DEADLINE, matches.confirm_deadline)
        context.jobs.handle(REPORT_DEADLINE, matches.report_deadline)
        context.jobs.handle(CLOSE_ROOM, rooms.close)
        context.add_cog(QueueCog(context, queue, searching))
        await waves.schedule()


plugin = QueuePlugin
