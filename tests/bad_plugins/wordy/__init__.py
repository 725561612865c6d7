"""Has commands that disnake takes and Discord does not, when its environment says so."""

import os
from typing import Any

import disnake
from disnake.ext import commands

from ladderkeeper.api import Plugin, PluginContext, hookimpl


class WordyCog(commands.Cog, name="Wordy"):
    @commands.slash_command(name="brief")
    async def brief(self, inter: disnake.ApplicationCommandInteraction[Any]) -> None:
        """Say little."""

    @commands.slash_command(name="wordy")
    async def wordy(self, inter: disnake.ApplicationCommandInteraction[Any]) -> None:
        """Say much."""


class Wordy(Plugin):
    name = "wordy"
    summary = "Says too much of its command"

    @hookimpl
    async def load(self, context: PluginContext[Any]) -> None:
        cog = WordyCog()
        for command in cog.get_slash_commands():
            if command.name == "wordy" and "WORDY" in os.environ:
                command.body.description = "much " * 21
                command.body.options = [
                    disnake.Option("late"),
                    disnake.Option("early", required=True),
                ]
        context.add_cog(cog)


plugin = Wordy
