"""Which ladder a command is about."""

from __future__ import annotations

from typing import Any

import disnake

from core.errors import Refused
from core.plugin import PluginContext
from plugins.queue.config import LadderConfig, QueueConfig

__all__ = ["named_ladder"]


def named_ladder(
    context: PluginContext[QueueConfig], inter: disnake.Interaction[Any], name: str
) -> LadderConfig:
    """The ladder of that name on this server; its first for no name.

    Raises:
        Refused: when there is none.
    """
    ladders = context.config.of_guild(inter.guild_id)
    if not ladders:
        raise Refused(context.text("queue.wrong_guild", inter.locale))
    for ladder in ladders:
        if name.casefold() in ("", ladder.name.casefold()):
            return ladder
    raise Refused(context.text("queue.no_ladder", inter.locale, name=name))
