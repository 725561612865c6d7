"""What the queue does, in transactions."""

from plugins.queue.service.entries import QueueService
from plugins.queue.service.matches import MatchService
from plugins.queue.service.reading import MatchPage, Seat, read_match
from plugins.queue.service.rooms import RoomService
from plugins.queue.service.waves import WaveService

__all__ = [
    "MatchPage",
    "MatchService",
    "QueueService",
    "RoomService",
    "Seat",
    "WaveService",
    "read_match",
]
