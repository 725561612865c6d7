"""Panels: posted by an owner, kept true while the queue changes, and posted anew in time."""

from __future__ import annotations

import disnake
from tortoise.exceptions import IntegrityError

from core.db import execute, savepoint, transaction
from core.jobs import OwedJob, Priority
from core.plugin import PluginContext
from core.views import DurableView
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.models import Panel

__all__ = ["POST_ANEW", "PanelService"]

POST_ANEW = "post_panel_anew"

ANEW_AFTER_SECONDS = 50 * 60.0
"""Discord limits the edits of messages that are older than an hour (its error 30046)."""


class PanelService:
    """Posts panels, and has them edited."""

    def __init__(self, context: PluginContext[QueueConfig], view: DurableView) -> None:
        self._context = context
        self._view = view

    async def post(self, ladder: LadderConfig, channel_id: int) -> None:
        """Post a ladder's panel in a channel; one that is there already moves to the end."""
        async with transaction():
            panel = None
            while panel is None or not await self._post(panel):  # lest it be removed meanwhile
                panel = await self._panel(ladder, channel_id)

    async def remove(self, ladder: LadderConfig, channel_id: int) -> bool:
        """Take a ladder's panel out of a channel. False when there is none."""
        panel = await Panel.get_or_none(ladder=ladder.name, channel_id=channel_id)
        if panel is None:
            return False
        async with transaction():
            await Panel.filter(id=panel.id).delete()
            await self._context.jobs.cancel(POST_ANEW, str(panel.id))
            await self._context.views.owe_scope_end(_scope(panel.id))
        return True

    async def show_change(self, job: OwedJob) -> None:
        """Job: a ladder's queue has changed. One edit of each of its panels shows all of it."""
        panels = await Panel.filter(ladder=job.key)
        if panels:
            keys = [str(panel.id) for panel in panels]
            await self._context.views.redraw(self._view, *keys, by_bot=True)

    async def post_anew(self, job: OwedJob) -> None:
        """Job: the message will soon be too old to be edited as often as it has to be."""
        async with transaction():
            panel = await Panel.get_or_none(id=int(job.key))
            if panel is not None and self._context.config.ladder(panel.ladder) is not None:
                await self._post(panel)

    async def _panel(self, ladder: LadderConfig, channel_id: int) -> Panel | None:
        try:
            async with savepoint():
                return await Panel.create(
                    ladder=ladder.name, guild_id=ladder.guild_id, channel_id=channel_id
                )
        except IntegrityError:
            return await Panel.get_or_none(ladder=ladder.name, channel_id=channel_id)

    async def _post(self, panel: Panel) -> bool:
        """False when it has been removed. From here on nobody removes it before the commit, so that
        no message of it stays behind."""
        if not await execute("UPDATE queue_panel SET id = id WHERE id = $1", panel.id):
            return False
        channel = self._context.bot.get_channel(panel.channel_id)
        await self._context.views.post(
            self._view,
            str(panel.id),
            panel.channel_id,
            scope=_scope(panel.id),
            guild_id=panel.guild_id,
            parent_channel_id=channel.parent_id if isinstance(channel, disnake.Thread) else None,
            locale=self._context.guild_locale(panel.guild_id),
        )
        await self._context.jobs.put(
            POST_ANEW, str(panel.id), after=ANEW_AFTER_SECONDS, priority=Priority.PANEL
        )
        return True


def _scope(panel_id: int) -> str:
    return f"queue:panel:{panel_id}"
