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
        bodies = [
            command.body.to_dict()
            for command in self._bot.application_commands
            if command.cog in cogs
        ]
        await PluginCommands.update_or_create(  # pyright: ignore[reportUnknownMemberType]
            defaults={"commands": [dict(body) for body in bodies]}, plugin=plugin
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
        if _same(wanted, existing):
            return
        await self._bot.http.bulk_upsert_global_commands(application_id, wanted)  # type: ignore[arg-type]
        logger.info("commands on Discord: {}", ", ".join(f"/{c['name']}" for c in wanted) or "none")


def _same(wanted: list[dict[str, Any]], existing: list[dict[str, Any]]) -> bool:
    by_name = {(command.get("type", 1), command["name"]): command for command in existing}
    return len(wanted) == len(by_name) and all(
        _covers(by_name.get((command.get("type", 1), command["name"])), command)
        for command in wanted
    )


def _covers(existing: Json, wanted: Json) -> bool:
    """Whether Discord's form of a command says all that ours does. Discord adds keys of its own,
    and leaves out some that are empty."""
    if isinstance(wanted, dict):
        return isinstance(existing, dict) and all(
            _covers(existing.get(key), value) for key, value in wanted.items() if value
        )
    if isinstance(wanted, list):
        return (
            isinstance(existing, list)
            and len(existing) == len(wanted)
            and all(map(_covers, existing, wanted))
        )
    return str(existing) == str(wanted)
