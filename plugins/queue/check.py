"""What ``ladderkeeper doctor`` looks at for the queue: each ladder's server and channels."""

from __future__ import annotations

from core.examination import Examination
from plugins.queue.config import QueueConfig

__all__ = ["check_ladders"]

ROOMS = ("create_private_threads", "send_messages_in_threads", "manage_threads")


async def check_ladders(examination: Examination[QueueConfig]) -> None:
    """Whether the rooms of each ladder can be made where they are to be."""
    for ladder in examination.config.ladders:
        where = f"ladder {ladder.name}"
        if not await examination.guild(f"{where}: guild_id", ladder.guild_id):
            continue
        await examination.channel(
            f"{where}: room_channel_id", ladder.room_channel_id, *ROOMS, guild_id=ladder.guild_id
        )
        if ladder.announcements_channel_id is not None:
            await examination.channel(
                f"{where}: announcements_channel_id",
                ladder.announcements_channel_id,
                "send_messages",
            )
