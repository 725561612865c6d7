"""What an admin may change: each says beforehand what will, and does it by compare-and-set."""

from plugins.admin.service.deeds.bans import BanPlayer, UnbanPlayer
from plugins.admin.service.deeds.deed import By, Change, Deed, Facts, Told
from plugins.admin.service.deeds.grants import GrantAdmin, RevokeAdmin
from plugins.admin.service.deeds.matches import OUTCOMES, Decide, ReopenConflict
from plugins.admin.service.deeds.queue import (
    ClearQueue,
    RemoveFromQueue,
    Unblock,
    repair_facts,
)
from plugins.admin.service.deeds.ratings import Adjust, CountAborts, ForgiveAborts
from plugins.admin.service.deeds.undo import Undo, undo_of

__all__ = [
    "OUTCOMES",
    "Adjust",
    "BanPlayer",
    "By",
    "Change",
    "ClearQueue",
    "CountAborts",
    "Decide",
    "Deed",
    "Facts",
    "ForgiveAborts",
    "GrantAdmin",
    "RemoveFromQueue",
    "ReopenConflict",
    "RevokeAdmin",
    "Told",
    "UnbanPlayer",
    "Unblock",
    "Undo",
    "repair_facts",
    "undo_of",
]
