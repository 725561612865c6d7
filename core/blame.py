"""Whose fault a failure is: a plugin is not put away because Discord or the database was."""

from __future__ import annotations

import aiohttp
import asyncpg
import disnake
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError

from core.tasks import StillRunning

__all__ = ["is_the_plugins"]

RATE_LIMITED = 429
SERVERS_FAULT = 500


def is_the_plugins(error: BaseException) -> bool:
    """Whether `error` speaks against the plugin in whose code it surfaced, not against the
    network, Discord's servers or the database, which come back by themselves."""
    if isinstance(error, StillRunning | IntegrityError):
        return True
    if isinstance(error, disnake.HTTPException):
        return error.status < SERVERS_FAULT and error.status != RATE_LIMITED
    return not isinstance(
        error,
        OSError
        | aiohttp.ClientError
        | OperationalError
        | DBConnectionError
        | asyncpg.PostgresConnectionError
        | asyncpg.InterfaceError,
    )
