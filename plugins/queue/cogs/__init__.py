"""The commands."""

from plugins.queue.cogs.pages import PagesCog
from plugins.queue.cogs.players import PlayersCog
from plugins.queue.cogs.queue import QueueCog

__all__ = ["PagesCog", "PlayersCog", "QueueCog"]
