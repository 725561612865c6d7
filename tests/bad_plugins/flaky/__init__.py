"""Fails to load when its file says so, and has a command when it loads."""

import os
from typing import Any

import disnake
from disnake.ext import commands

from ladderkeeper.api import Plugin, PluginContext, hookimpl


class FlakyCog(commands.Cog, name="Flaky"):
    @commands.slash_command(name="flaky")
    async def flaky(self, inter: disnake.ApplicationCommandInteraction[Any]) -> None:
        """Say hello."""
        await inter.response.send_message("hello", ephemeral=True)


class Flaky(Plugin):
    name = "flaky"
    summary = "Sometimes fails to load"

    @hookimpl
    async def load(self, context: PluginContext[Any]) -> None:
        if "FLAKY_FAILS" in os.environ:
            raise RuntimeError("failed on purpose")
        context.add_cog(FlakyCog())


plugin = Flaky
