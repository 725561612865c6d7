"""Has a command that another plugin has too."""

from typing import Any

import disnake
from disnake.ext import commands

from ladderkeeper.api import Plugin, PluginContext, hookimpl


class ClashingCog(commands.Cog, name="Clashing"):
    @commands.slash_command(name="flaky")
    async def flaky(self, inter: disnake.ApplicationCommandInteraction[Any]) -> None:
        """Clash."""


class Clashing(Plugin):
    name = "clashing"
    summary = "Has somebody else's command"

    @hookimpl
    async def load(self, context: PluginContext[Any]) -> None:
        context.add_cog(ClashingCog())


plugin = Clashing
