"""A third party's cog as a plugin: all that it takes is these lines."""

from typing import Any

from ladderkeeper.api import Plugin, PluginContext, hookimpl

# A folder's own modules have no name by which they could be imported absolutely.
from .cog import StockyCog  # noqa: TID252


class Stocky(Plugin):
    name = "stocky"
    summary = "Knows disnake, and nothing of Ladderkeeper"

    @hookimpl
    async def load(self, context: PluginContext[Any]) -> None:
        context.add_cog(StockyCog(context.bot))


plugin = Stocky
