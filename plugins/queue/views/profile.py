"""`/profile`: who somebody is on a ladder, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence

import disnake

from core.plugin import PluginContext
from core.text import Markup
from plugins.queue.config import LadderConfig, QueueConfig
from plugins.queue.domain import countries
from plugins.queue.models import Player
from plugins.queue.service.aborts import aborts_left
from plugins.queue.service.history import Outcome, matches_of, outcomes_of, streak
from plugins.queue.service.standings import Standing, standings_of
from plugins.queue.views.history import history_line
from plugins.queue.views.paging import embed_of

__all__ = ["profile"]

FACTIONS = 8
"""Shown at most, the highest ratings."""

MATCHES = 5

OUTCOMES = 10
"""Letters of the last results."""


async def profile(
    context: PluginContext[QueueConfig],
    ladder: LadderConfig,
    player: Player,
    *,
    own: bool,
    locale: object,
) -> disnake.Embed:
    """The profile of a player.

    Args:
        own: whether it is shown to the player.
    """

    def say(key: str, **values: object) -> str:
        return context.text(f"profile.{key}", locale, **values)

    heading = say("heading", name=player.name, ladder=ladder.name)
    lines = [_home(context, ladder, player, locale), ""]
    standings = await standings_of(ladder, player.id)
    for faction, standing in list(standings.items())[:FACTIONS]:
        lines.append(_standing(context, ladder, faction, standing, locale))
    if not standings:
        lines.append(say("no_games", rank=ladder.unranked))
    outcomes = await outcomes_of(ladder, player.id)
    if outcomes:
        lines += ["", _outcomes(context, outcomes, locale)]
    played, _ = await matches_of(ladder, player.id, limit=MATCHES)
    if played:
        lines += ["", say("matches")]
        lines += [history_line(context, ladder, one, locale) for one in played]
    left = await aborts_left(ladder, player.id, context.clock.now())
    lines += ["", say("aborts", left=left, most=ladder.aborts_a_month)]
    if own and not player.listed:
        lines.append(say("hidden"))
    return embed_of(heading, lines)


def _home(
    context: PluginContext[QueueConfig], ladder: LadderConfig, player: Player, locale: object
) -> str:
    parts: list[str] = []
    if player.country:
        parts.append(f"{countries.flag(player.country)} {countries.name(player.country)}")
    region = ladder.region_by_code.get(player.region or "")
    if region is not None:
        parts.append(context.text("profile.region", locale, region=region.name))
    return " · ".join(parts) or context.text("profile.not_set_up", locale)


def _standing(
    context: PluginContext[QueueConfig],
    ladder: LadderConfig,
    faction: str,
    standing: Standing,
    locale: object,
) -> str:
    return context.text(
        "profile.standing",
        locale,
        faction=Markup(ladder.faction_label(faction)),
        rank=standing.rank,
        rating=standing.value,
        position=standing.position or 0,
        total=standing.total,
        games=standing.games,
        wins=standing.wins,
        draws=standing.draws,
        losses=standing.losses,
        rate=standing.win_rate,
    )


def _outcomes(
    context: PluginContext[QueueConfig], outcomes: Sequence[Outcome], locale: object
) -> str:
    letters = (context.text(f"history.letter.{one}", locale) for one in outcomes[:OUTCOMES])
    length = streak(outcomes)
    shown = context.text(f"history.streak.{outcomes[0]}", locale, length=length)
    return context.text(
        "profile.outcomes",
        locale,
        outcomes=Markup(" ".join(letters)),
        streak=Markup(shown if length > 1 else ""),
    ).strip()
