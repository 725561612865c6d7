"""The hooks of Ladderkeeper: the whole contract between the core and its plugins.

A plugin implements the ones it needs as methods marked with :data:`hookimpl`, taking any subset of
the arguments by name. Hooks are ``async``. Each call is bounded in time and isolated: what one
implementation raises is logged with its plugin's name and does not reach the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from core.plugin import PluginContext

__all__ = ["PROJECT", "MatchFacts", "ParticipantFacts", "hookimpl", "hookspec"]

PROJECT = "ladderkeeper"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class ParticipantFacts(BaseModel):
    """One player in a match.

    Attributes:
        player_id: the player's id in this ladder, stable for ever.
        discord_id: the player's Discord user id.
        side: 0 or 1.
        faction: the code of the faction played.
    """

    model_config = ConfigDict(frozen=True)

    player_id: int
    discord_id: int
    side: int
    faction: str


class MatchFacts(BaseModel):
    """A match, as every plugin may know it.

    Attributes:
        id: the match's number. Its views have the scope ``match:<id>``.
        ladder: the ladder's name.
        guild_id: the ladder's home guild.
        channel_id: the match's room, None while it has none.
        participants: who plays.
        outcome: how it ended ("completed", "aborted", ...), None while it has not.
    """

    model_config = ConfigDict(frozen=True)

    id: int
    ladder: str
    guild_id: int
    channel_id: int | None
    participants: tuple[ParticipantFacts, ...]
    outcome: str | None = None


@hookspec
async def load(context: PluginContext[Any]) -> None:
    """Acquire through the context all that the plugin needs; called on the plugin that loads."""


@hookspec
async def unload(context: PluginContext[Any]) -> None:
    """Called on the plugin that unloads, before what it acquired is released."""


@hookspec
async def match_found(match: MatchFacts) -> None:
    """Two players were paired. At least once a match, before its other hooks."""


@hookspec
async def match_started(match: MatchFacts) -> None:
    """Both players have confirmed. At least once a match that starts."""


@hookspec
async def match_ended(match: MatchFacts) -> None:
    """A match ended, in whatever way (see ``match.outcome``). At least once a match."""
