"""Application commands on Discord follow the plugins: once for a burst of changes.

The sync is a job: one that was put while it runs runs once more, and one process carries it out.
A plugin that failed to load keeps its commands, as it had them when it last loaded, because
deleting a command loses the permission overrides that servers made for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import disnake
from disnake.ext import commands
from loguru import logger

from core.db import forbid_in_transaction
from core.jobs import JobHandler, JobQueue, JobRunner, OwedJob, Priority
from core.models import PluginCommands

if TYPE_CHECKING:
    from core.bot import LadderBot

__all__ = ["CommandSync"]

Body = dict[str, Any]
"""One command, as the API has it."""
Owned = tuple[str, Body]
"""A command, and the name of the plugin whose it is."""
Json = dict[str, "Json"] | list["Json"] | str | float | bool | None

DISCORDS_OWN = frozenset({"id", "application_id", "guild_id", "version", "handler"})

BAD_REQUEST = 400
_REFUSED = re.compile(r"^In (\d+)(?:\.(\S+))?: (.*)$", re.MULTILINE)
"""A line of what disnake makes of Discord's complaint: which of the commands, where in it, why."""

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
        application_id = self._bot.application_id
        existing: list[Body] = list(await self._bot.http.get_global_commands(application_id))  # type: ignore[arg-type]
        owned = [(row.plugin, body) for row in await PluginCommands.all() for body in row.commands]
        while not _same_commands(wanted := [body for _, body in owned], existing):
            try:
                await self._bot.http.bulk_upsert_global_commands(application_id, wanted)  # type: ignore[arg-type]
            except disnake.HTTPException as error:
                owned = _without_refused(owned, existing, error)
            else:
                names = ", ".join(map(_shown, wanted))
                logger.info("commands on Discord: {}", names or "none")
                return


def _without_refused(
    owned: list[Owned], existing: list[Body], error: disnake.HTTPException
) -> list[Owned]:
    """What is left without the plugins whose commands Discord refuses, which are named in the log:
    one mistake must not hold up everybody's commands. Of those plugins' commands Discord keeps
    what it has.

    Raises:
        disnake.HTTPException: the same, when it names no command.
    """
    reasons: dict[str, list[str]] = {}
    for index, where, reason in _REFUSED.findall(error.text):
        plugin, body = owned[int(index)]
        place = f"{_shown(body)} ({where})" if where else _shown(body)
        reasons.setdefault(plugin, []).append(f"{place}: {reason}")
    # One that was left as Discord has it, and is refused even so, would be refused for ever.
    if error.status != BAD_REQUEST or not reasons or "" in reasons:
        raise error
    for plugin, mistakes in reasons.items():
        logger.bind(plugin=plugin).error(
            "plugin {}: Discord refuses its commands, which stay as Discord has them until the"
            " plugin is put right: {}",
            plugin,
            "; ".join(mistakes),
        )
    left = [(plugin, body) for plugin, body in owned if plugin not in reasons]
    refused = {_name(body) for plugin, body in owned if plugin in reasons}
    refused -= {_name(body) for _, body in left}
    return left + [("", _ours(body)) for body in existing if _name(body) in refused]


def _shown(body: Body) -> str:
    return f"/{body['name']}" if _name(body)[0] == 1 else str(body["name"])


def _name(body: Body) -> tuple[int, str]:
    """What Discord knows a command by."""
    return body.get("type", 1), body["name"]


def _ours(body: Body) -> Body:
    """A command of Discord's list, as it is sent there."""
    return {key: value for key, value in body.items() if key not in DISCORDS_OWN}


def _same_commands(wanted: list[Body], existing: list[Body]) -> bool:
    by_name = {_name(command): _current(command) for command in existing}
    return len(wanted) == len(by_name) and all(
        _same(_current(command), by_name.get(_name(command))) for command in wanted
    )


def _current(body: Body) -> Body:
    """Without `dm_permission` where there is what took its place: Discord returns both."""
    if body.get("contexts") is None:
        return body
    return {key: value for key, value in body.items() if key != "dm_permission"}


def _same(wanted: Json, existing: Json) -> bool:
    """Whether Discord's form of a command says what ours does, no more and no less. What is empty
    may be left out; what only Discord says does not count."""
    if isinstance(wanted, dict) and isinstance(existing, dict):
        keys = (wanted.keys() | existing.keys()) - DISCORDS_OWN
        return all(_same(wanted.get(key), existing.get(key)) for key in keys)
    if isinstance(wanted, list) and isinstance(existing, list):
        return len(wanted) == len(existing) and all(map(_same, wanted, existing))
    return (not wanted and not existing) or str(wanted) == str(existing)
