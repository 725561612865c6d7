"""Load and unload plugins while the bot runs, and keep a bad one from taking others down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from loguru import logger

from core.config import Config, section_of
from core.context import acting_for
from core.db import Database
from core.db.database import MigrationFailed
from core.errors import ConfigError, PluginError
from core.plugin.commands import CommandSync
from core.plugin.context import Host, PluginContext
from core.plugin.discovery import Found
from core.plugin.hooks import HookCaller
from core.plugin.ordering import load_order
from core.tasks import spawn

__all__ = ["PluginHost", "PluginState"]

LOAD_SECONDS = 30.0


class PluginState(StrEnum):
    """Where a plugin is in its life."""

    DISABLED = "disabled"
    LOADING = "loading"
    LOADED = "loaded"
    UNLOADING = "unloading"
    FAILED = "failed"
    """It is enabled and could not be loaded; its commands answer that they are unavailable."""
    QUARANTINED = "quarantined"
    """It failed too often while it was loaded, and was unloaded."""


class PluginHost:
    """The plugins of this process.

    Loading and unloading are serialised; each is idempotent, and unloading goes on past errors.
    """

    def __init__(
        self,
        found: Mapping[str, Found],
        *,
        database: Database,
        hooks: HookCaller,
        commands: CommandSync,
        parts: Host,
        tell_owner: Callable[[str], object],
    ) -> None:
        self._found = found
        self._database = database
        self._hooks = hooks
        self._commands = commands
        self._parts = parts
        self._tell_owner = tell_owner
        self._contexts: dict[str, PluginContext[Any]] = {}
        self._lock = asyncio.Lock()
        self.states: dict[str, PluginState] = dict.fromkeys(found, PluginState.DISABLED)
        self.reasons: dict[str, str] = {}
        """Why a plugin is not loaded though it is enabled, by name."""

    @property
    def found(self) -> Mapping[str, Found]:
        """Every plugin that was found when the bot started."""
        return self._found

    @property
    def parts(self) -> Host:
        """What contexts are made of."""
        return self._parts

    @property
    def loaded(self) -> list[str]:
        """The names of the loaded plugins, in the order in which they were loaded."""
        return list(self._contexts)

    async def apply(self, config: Config) -> None:
        """Make the loaded plugins those that `config` enables."""
        async with self._lock:
            enabled = config.plugins.enabled
            order, refused = load_order(enabled, self._requirements())
            for name in reversed(self.loaded):
                if name not in order:
                    await self._unload(name, PluginState.DISABLED)
            for name, state in self.states.items():
                if name not in enabled and state is not PluginState.DISABLED:
                    self.states[name] = PluginState.DISABLED
            for name, reason in refused.items():
                self._failed(name, reason)
            for name in order:
                if self.states[name] is PluginState.QUARANTINED:
                    continue
                if self.states[name] is PluginState.LOADED:
                    self._look_ahead(name, config)
                    continue
                missing = self._not_loaded(name)
                if missing is not None:
                    self._failed(name, f"it requires the plugin {missing}, which is not loaded")
                else:
                    await self._load(name, config)
            await self._commands.keep_only(enabled)

    async def quarantine(self, name: str) -> None:
        """Unload a plugin that fails too often, with those that require it, and say so."""
        async with self._lock:
            if self.states.get(name) is not PluginState.LOADED:
                return
            for other in reversed(self.loaded):
                if name in self._requirements().get(other, ()):
                    await self._unload(other, PluginState.FAILED)
                    self._failed(other, f"it requires the plugin {name}, which is quarantined")
            await self._unload(name, PluginState.QUARANTINED)
        self._tell_owner(
            f"Plugin {name} failed too often and was unloaded. The log says what failed. To try it"
            f" again: `ladderkeeper plugins disable {name}`, then `enable {name}`."
        )

    async def shutdown(self) -> None:
        """Release every plugin for the end of the process. Durable views stay open."""
        async with self._lock:
            for name in reversed(self.loaded):
                await self._unload(name, PluginState.DISABLED, for_good=False)

    def _look_ahead(self, name: str, config: Config) -> None:
        """Say now what the next load of a loaded plugin would say of its settings."""
        plugin = self._found[name].plugin
        try:
            if plugin is not None:
                section_of(config, name, plugin.config)
        except ConfigError as error:
            logger.bind(plugin=name).error(
                "plugin {} goes on with the settings it was loaded with; as they stand now it"
                " could not be loaded again: {}",
                name,
                error,
            )

    def _requirements(self) -> dict[str, tuple[str, ...]]:
        return {name: found.plugin.requires for name, found in self._found.items() if found.plugin}

    def _not_loaded(self, name: str) -> str | None:
        """A requirement of the plugin that is not loaded, if there is one."""
        requires = self._requirements().get(name, ())
        return next((r for r in requires if self.states.get(r) is not PluginState.LOADED), None)

    async def _load(self, name: str, config: Config) -> None:
        found = self._found[name]
        if found.plugin is None:
            self._failed(name, found.error or "it cannot be used")
            return
        self.states[name] = PluginState.LOADING
        context: PluginContext[Any] | None = None
        try:
            section = section_of(config, name, found.plugin.config)
            if found.plugin.has_models:
                await self._database.migrate([name])
            if found.folder is not None:
                self._parts.catalogue.add(name, found.folder / "sentences")
            context = PluginContext(name, section, self._parts)
            with acting_for(name):
                plugin = found.plugin()
            self._hooks.register(name, plugin)
            await self._hooks.call_on(name, "load", LOAD_SECONDS, context=context)
        except (Exception, BaseExceptionGroup) as error:
            if context is not None:
                await self._dismantle(name, context)
            known = isinstance(error, ConfigError | PluginError | MigrationFailed)
            logger.bind(plugin=name).opt(exception=None if known else error).error(
                "plugin {} ({}) could not be loaded: {}", name, found.source, error
            )
            self._failed(name, str(error) or type(error).__name__, log=False)
            return
        except BaseException:
            if context is not None:
                await asyncio.shield(spawn(self._dismantle(name, context), name=f"unload {name}"))
            raise
        self._hooks.loaded(name)
        self._contexts[name] = context
        self.states[name] = PluginState.LOADED
        self.reasons.pop(name, None)
        await self._commands.loaded(name, context.cogs)
        await self._parts.views.reopen(name)
        logger.bind(plugin=name).info("plugin {} loaded from {}", name, found.source)

    async def _unload(self, name: str, state: PluginState, *, for_good: bool = True) -> None:
        """Unload a plugin, going on past whatever fails on the way."""
        context = self._contexts.pop(name)
        self.states[name] = PluginState.UNLOADING
        self._hooks.unloading(name)
        try:
            await self._hooks.call_on(name, "unload", LOAD_SECONDS, context=context)
        except Exception as error:
            context.failed("hook unload", error)
        try:
            await self._parts.bot.finish_commands(name)
            await self._dismantle(name, context, close_views=for_good)
        except Exception as error:
            context.failed("unloading", error)
        finally:
            self.states[name] = state
        if for_good:
            await self._commands.changed()
        logger.bind(plugin=name).info("plugin {} unloaded", name)

    async def _dismantle(
        self, name: str, context: PluginContext[Any], *, close_views: bool = True
    ) -> None:
        """Take a plugin apart: first all that could still open a view, then its views, then what
        their ends need."""
        try:
            await context.release()
            if close_views:
                await self._parts.views.close_plugin(name)
        finally:
            self._hooks.unregister(name)
            await self._parts.views.forget_plugin(name)

    def _failed(self, name: str, reason: str, *, log: bool = True) -> None:
        if log and self.reasons.get(name) != reason:
            logger.bind(plugin=name).error("plugin {} is not loaded: {}", name, reason)
        self.states[name] = PluginState.FAILED
        self.reasons[name] = reason
