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
    from core.examination import Examination
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
        channel_id: where the match is played with them: its room, or their direct messages. None
            while there is neither.
    """

    model_config = ConfigDict(frozen=True)

    player_id: int
    discord_id: int
    side: int
    faction: str
    channel_id: int | None = None


class MatchFacts(BaseModel):
    """A match, as every plugin may know it.

    Attributes:
        id: the match's number. Its views have the scope ``match:<id>``.
        ladder: the ladder's name.
        guild_id: the ladder's home guild.
        channel_id: the match's room, None while it has none or is played by direct messages.
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
    """Acquire through the context all that the plugin needs; called on the plugin that loads.

    What it raises is the reason why the plugin is not loaded; what it acquired is released.

    Args:
        context: the plugin's hold on the core until it is unloaded.
    """


@hookspec
async def unload(context: PluginContext[Any]) -> None:
    """Called on the plugin that unloads, before what it acquired is released.

    Few need it: views, tasks, cogs, listeners and jobs end by themselves.

    Args:
        context: the one that :func:`load` was given.
    """


@hookspec
async def match_found(match: MatchFacts) -> None:
    """Two players were paired. At least once a match, before its other hooks.

    Args:
        match: the match, which may have no room yet.
    """


@hookspec
async def match_started(match: MatchFacts) -> None:
    """Both players have confirmed. At least once a match that starts.

    Args:
        match: the match as it starts.
    """


@hookspec
async def match_conflicted(match: MatchFacts) -> None:
    """The reports of the two sides disagree: somebody has to decide. At least once a conflict.

    Args:
        match: the match, which is over for its players.
    """


@hookspec
async def match_resolved(match: MatchFacts) -> None:
    """An admin decided a match, or decided it anew; it may have ended long ago. At least once.

    Args:
        match: the match as it was decided.
    """


@hookspec
async def match_ended(match: MatchFacts) -> None:
    """A match ended, in whatever way. At least once a match.

    Args:
        match: the match; its ``outcome`` says how it ended.
    """


@hookspec
async def check(examination: Examination[Any]) -> None:
    """Say what is wrong with the plugin's settings, or with what they need on Discord. Called by
    ``ladderkeeper doctor`` on a plugin that is not loaded.

    Args:
        examination: the settings, a view of Discord, and where to say what was found.
    """
