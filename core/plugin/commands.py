"""Application commands on Discord follow the plugins: once for a burst of changes.

The sync is a job: one that was put while it runs runs once more, and one process carries it out.
A plugin that failed to load keeps its commands, as it had them when it last loaded, because
deleting a command loses the permission overrides that servers made for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from disnake.ext import commands
from loguru import logger

from core.db import forbid_in_transaction
from core.jobs import JobHandler, JobQueue, JobRunner, OwedJob, Priority
from core.models import PluginCommands

if TYPE_CHECKING:
    from core.bot import LadderBot

__all__ = ["CommandSync"]

Json = dict[str, "Json"] | list["Json"] | str | float | bool | None

DISCORDS_OWN = frozenset({"id", "application_id", "guild_id", "version", "handler"})

SYNC = "sync_commands"
BURST_SECONDS = 0.3
"""Changes within so long of each other make one request."""


class CommandSync:
    """Keeps Discord's list of our global commands equal to what the enabled plugins have."""

    def __init__(self, bot: LadderBot, jobs: JobQueue, runner: JobRunner) -> None:
        self._bot = bot
        self._jobs = jobs
        runner.register("core", SYNC, JobHandler(self._sync))

    async def loaded(self, plugin: str, cogs: Sequence[commands.Cog]) -> None:
        """Note the commands that a plugin has now."""
        # Disnake still sends default_permission, which Discord has dropped.
        bodies = [
            {k: v for k, v in command.body.to_dict().items() if k != "default_permission"}
            for command in self._bot.application_commands
            if command.cog in cogs
        ]
        await PluginCommands.update_or_create(  # pyright: ignore[reportUnknownMemberType]
            defaults={"commands": bodies}, plugin=plugin
        )
        await self.changed()

    async def keep_only(self, enabled: Collection[str]) -> None:
        """Drop the commands of plugins that are no longer enabled."""
        await PluginCommands.exclude(plugin__in=list(enabled)).delete()
        await self.changed()

    async def changed(self) -> None:
        """Owe a sync."""
        await self._jobs.put("core", SYNC, "", after=BURST_SECONDS, priority=Priority.PANEL)

    async def _sync(self, job: OwedJob) -> None:
        del job
        forbid_in_transaction("a command sync")
        wanted = [body for row in await PluginCommands.all() for body in row.commands]
        application_id = self._bot.application_id
        existing: list[Any] = list(await self._bot.http.get_global_commands(application_id))
        if _same_commands(wanted, existing):
            return
        await self._bot.http.bulk_upsert_global_commands(application_id, wanted)  # type: ignore[arg-type]
        logger.info("commands on Discord: {}", ", ".join(f"/{c['name']}" for c in wanted) or "none")


def _same_commands(wanted: list[dict[str, Any]], existing: list[dict[str, Any]]) -> bool:
    by_name = {(command.get("type", 1), command["name"]): command for command in existing}
    return len(wanted) == len(by_name) and all(
        _same(command, by_name.get((command.get("type", 1), command["name"]))) for command in wanted
    )


def _same(wanted: Json, existing: Json) -> bool:
    """Whether Discord's form of a command says what ours does, no more and no less. What is empty
    may be left out; what only Discord says does not count."""
    if isinstance(wanted, dict) and isinstance(existing, dict):
        keys = (wanted.keys() | existing.keys()) - DISCORDS_OWN
        return all(_same(wanted.get(key), existing.get(key)) for key in keys)
    if isinstance(wanted, list) and isinstance(existing, list):
        return len(wanted) == len(existing) and all(map(_same, wanted, existing))
    return (not wanted and not existing) or str(wanted) == str(existing)
