"""All that a plugin needs to import. What stands here changes only with the plugin interface's
version (``Plugin.api_version``)."""

from __future__ import annotations

from core.db import UtcDatetimeField, execute, fetch, savepoint, transaction
from core.errors import LadderkeeperError, Refused
from core.examination import Examination
from core.hookspecs import MatchFacts, ParticipantFacts, hookimpl
from core.interactions import reply
from core.jobs import GiveUp, Later, OwedJob, Priority
from core.plugin import Plugin, PluginContext
from core.text import Markup
from core.views import (
    CloseReason,
    Closing,
    DeleteMessage,
    DurableView,
    Press,
    Rendering,
    ShortView,
    ViewStatistics,
    action,
)

__all__ = [
    "CloseReason",
    "Closing",
    "DeleteMessage",
    "DurableView",
    "Examination",
    "GiveUp",
    "LadderkeeperError",
    "Later",
    "Markup",
    "MatchFacts",
    "OwedJob",
    "ParticipantFacts",
    "Plugin",
    "PluginContext",
    "Press",
    "Priority",
    "Refused",
    "Rendering",
    "ShortView",
    "UtcDatetimeField",
    "ViewStatistics",
    "action",
    "execute",
    "fetch",
    "hookimpl",
    "reply",
    "savepoint",
    "transaction",
]
