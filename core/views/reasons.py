"""Why a view ended."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CloseReason"]


class CloseReason(StrEnum):
    """Why a view ended. It stands in the log line of each close and in the statistics."""

    UNLOAD = "unload"
    """Its plugin was unloaded. A durable view opens again when the plugin is loaded."""
    SCOPE_END = "scope_end"
    """What it belonged to has ended: the match, the wait in the queue."""
    TIMEOUT = "timeout"
    DISMISSED = "dismissed"
    """Whoever it was for is done with it."""
    REPLACED = "replaced"
    """The same view was opened again elsewhere, or another took its message."""
    MESSAGE_DELETED = "message_deleted"
    UNREACHABLE = "unreachable"
    """Its message can be edited by nobody any more."""
    ERROR = "error"
    SHUTDOWN = "shutdown"
    """The process ends. Short and adopted views only; durable ones stay open."""
