"""The ladder: players wait in a queue, are paired in waves, play, and report."""

from __future__ import annotations

from core.examination import Examination
from core.hookspecs import hookimpl
from core.jobs import OwedJob
from core.plugin import Plugin, PluginContext
from plugins.queue.api import QueueApi
from plugins.queue.check import check_ladders
from plugins.queue.cogs import PagesCog, PlayersCog, QueueCog
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.matchmaker import Matchmaker
from plugins.queue.pictures import Pictures
from plugins.queue.service.board import SHOW_CHANGE, Boards
from plugins.queue.service.entries import QueueService
from plugins.queue.service.keys import MatchKey
from plugins.queue.service.matches import (
    CLOSE_ROOM,
    CONFIRM_DEADLINE,
    REDRAW,
    REPORT_DEADLINE,
    MatchService,
)
from plugins.queue.service.notices import REMIND, Notices
from plugins.queue.service.panels import POST_ANEW, PanelService
from plugins.queue.service.players import PlayerService
from plugins.queue.service.ratings import RatingService
from plugins.queue.service.rooms import MAKE_ROOM, ROOM_ATTEMPTS, RoomService
from plugins.queue.service.waves import WAVE, WaveService
from plugins.queue.views import Joining, MatchView, PanelView, Requirements, SearchingView

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
        boards = Boards(context)
        players = PlayerService(context)
        queue = QueueService(context, players, boards)
        notices = Notices(context)
        ratings = RatingService()
        matches = MatchService(context, ratings, notices, boards)
        searching = SearchingView(context, players, queue, boards)
        match_view = MatchView(context, matches)
        rooms = match_view.rooms = RoomService(context, matches, notices, match_view)
        joining = Joining(context, players, queue, Requirements(context, players), searching)
        panel_view = PanelView(context, boards, queue, joining)
        panels = PanelService(context, panel_view)
        matchmaker = Matchmaker()
        context.on_release("matchmaker", matchmaker.close)
        pictures = Pictures()
        context.on_release("pictures", pictures.close)

        async def redraw_match(job: OwedJob) -> None:
            await context.views.redraw(match_view, *MatchKey.all_of(int(job.key)))

        async def redraw_waiting(ladder: LadderConfig) -> None:
            board = await boards.of(ladder)
            keys = [str(candidate.entry_id) for candidate in board.waiting]
            await context.views.redraw(searching, *keys)

        waves = WaveService(
            context,
            queue,
            matchmaker,
            boards=boards,
            after_wave=lambda ladder: context.start(
                redraw_waiting(ladder), name=f"show the wave of {ladder.name}"
            ),
        )

        context.views.register(searching, match_view, panel_view)
        context.jobs.handle(WAVE, waves.wave)
        context.jobs.handle(
            MAKE_ROOM, rooms.make, on_give_up=rooms.failed, max_attempts=ROOM_ATTEMPTS
        )
        context.jobs.handle(CONFIRM_DEADLINE, matches.confirm_deadline)
        context.jobs.handle(REPORT_DEADLINE, matches.report_deadline)
        context.jobs.handle(REMIND, notices.remind)
        context.jobs.handle(REDRAW, redraw_match)
        context.jobs.handle(CLOSE_ROOM, rooms.close)
        context.jobs.handle(SHOW_CHANGE, panels.show_change)
        context.jobs.handle(POST_ANEW, panels.post_anew)
        context.add_cog(QueueCog(context, queue, joining, panels))
        context.add_cog(PlayersCog(context, players, queue.leave_all))
        context.add_cog(PagesCog(context, pictures))
        context.provide(QueueApi(context, queue, matches, ratings, boards))
        await waves.schedule()

    @hookimpl
    async def check(self, examination: Examination[QueueConfig]) -> None:
        """Look at the servers and channels of the ladders."""
        await check_ladders(examination)


plugin = QueuePlugin
