"""Call hooks: each implementation by itself, bounded in time, its failure its own.

pluggy finds and checks the implementations; calling them all is done here, because pluggy calls
synchronously and stops at the first that raises.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pluggy
from loguru import logger

from core import hookspecs
from core.context import acting_for
from core.db import forbid_in_transaction
from core.errors import PluginError
from core.tasks import bounded

__all__ = ["HookCaller"]


class HookCaller:
    """The hook implementations of the loaded plugins.

    Args:
        seconds: how long one call may take.
        on_failure: told of each failed call: (plugin, hook, error).
    """

    def __init__(
        self, *, seconds: float, on_failure: Callable[[str, str, Exception], None]
    ) -> None:
        self._plugins = pluggy.PluginManager(hookspecs.PROJECT)
        self._plugins.add_hookspecs(hookspecs)
        self._loaded: set[str] = set()
        self._seconds = seconds
        self._on_failure = on_failure

    def register(self, name: str, plugin: object) -> None:
        """Know the plugin's implementations, see :meth:`loaded` and :meth:`call_on`.

        Raises:
            PluginError: when one does not fit its specification, naming it.
        """
        try:
            self._plugins.register(plugin, name)
            self._plugins.check_pending()
            self._refuse_wrappers(name, plugin)
        except pluggy.PluginValidationError as error:
            self.unregister(name)
            raise PluginError(f"plugin {name}: {error}") from None
        except BaseException:
            self.unregister(name)
            raise

    def loaded(self, name: str) -> None:
        """The plugin's `load` has ended: :meth:`call` reaches it from now on."""
        self._loaded.add(name)

    def unloading(self, name: str) -> None:
        """Its `unload` is next: :meth:`call` reaches it no more."""
        self._loaded.discard(name)

    def unregister(self, name: str) -> None:
        """Call the plugin's implementations no more."""
        self._loaded.discard(name)
        if self._plugins.has_plugin(name):
            self._plugins.unregister(name=name)

    async def call(self, hook: str, **arguments: Any) -> None:
        """Call `hook` on every loaded plugin that has it, in the order in which they were
        loaded, but ``tryfirst`` ones before and ``trylast`` ones after the others."""
        forbid_in_transaction(f"the hook {hook}")
        for implementation in self._implementations(hook):
            if implementation.plugin_name not in self._loaded:
                continue
            try:
                await self._call(implementation, hook, arguments, self._seconds)
            except Exception as error:
                self._report(implementation.plugin_name, hook, error)

    async def call_on(self, name: str, hook: str, seconds: float, **arguments: Any) -> None:
        """Call `hook` on one plugin, if that has it, for at most so many seconds.

        Raises:
            Exception: what the implementation raises, or StillRunning after `seconds`.
        """
        forbid_in_transaction(f"the hook {hook}")
        for implementation in self._implementations(hook):
            if implementation.plugin_name == name:
                await self._call(implementation, hook, arguments, seconds)

    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        caller: pluggy.HookCaller = getattr(self._plugins.hook, hook)
        return sorted(caller.get_hookimpls(), key=lambda found: found.trylast - found.tryfirst)

    def _refuse_wrappers(self, name: str, plugin: object) -> None:
        for caller in self._plugins.get_hookcallers(plugin) or ():
            for found in caller.get_hookimpls():
                if found.plugin is plugin and (found.wrapper or found.hookwrapper):
                    raise PluginError(
                        f"plugin {name}: its hook {caller.name} is a wrapper: every implementation"
                        " is called by itself here, so there is nothing to wrap"
                    )

    async def _call(
        self,
        implementation: pluggy.HookImpl,
        hook: str,
        arguments: dict[str, Any],
        seconds: float,
    ) -> None:
        taken = {name: arguments[name] for name in implementation.argnames}
        name = implementation.plugin_name
        with acting_for(name):
            await bounded(
                _run(implementation.function, taken), seconds, name=f"hook {hook} of {name}"
            )

    def _report(self, plugin: str, hook: str, error: Exception) -> None:
        logger.bind(plugin=plugin).opt(exception=error).error(
            "plugin {}: its hook {} failed: {}", plugin, hook, error
        )
        self._on_failure(plugin, f"hook {hook}", error)


async def _run(function: Callable[..., object], arguments: dict[str, Any]) -> None:
    result = function(**arguments)
    if inspect.isawaitable(result):
        await result
