"""Which player an admin means."""

from __future__ import annotations

from core.errors import Refused
from core.plugin import PluginContext
from core.text import Markup
from plugins.admin.config import AdminConfig
from plugins.admin.service.wording import whole
from plugins.queue.api import PlayerFacts, find_players, suggest_players

__all__ = ["label_of", "named_player"]

NEAR = 5


async def named_player(
    context: PluginContext[AdminConfig], called: str, locale: object
) -> PlayerFacts:
    """The player of that mention, id, Discord name or ladder name.

    Raises:
        Refused: when there is none, or more than one, naming who may be meant.
    """
    found = await find_players(called)
    if len(found) == 1:
        return found[0]
    if found:
        among = _listed(found)
        raise Refused(context.text("refused.ambiguous", locale, name=called, players=among))
    near = await suggest_players(called, limit=NEAR) if called.strip() else []
    if near:
        raise Refused(
            context.text("refused.unknown_near", locale, name=called, players=_listed(near))
        )
    raise Refused(context.text("refused.unknown", locale, name=called))


def label_of(player: PlayerFacts) -> str:
    """How a player is offered in a list: both names."""
    if player.discord_name.casefold() in ("", player.name.casefold()):
        return player.name
    return f"{player.name} (@{player.discord_name})"


def _listed(players: list[PlayerFacts]) -> Markup:
    return Markup(", ".join(f"<@{p.discord_id}> {whole(label_of(p))}" for p in players[:NEAR]))
