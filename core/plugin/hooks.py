"""Call hooks: each implementation by itself, bounded in time, its failure its own.

pluggy finds and checks the implementations; calling them all is done here, because pluggy calls
synchronously and stops at the first that raises.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from difflib import get_close_matches
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
        self._offered = {
            hook: caller.spec.argnames
            for hook, caller in vars(self._plugins.hook).items()
            if caller.spec is not None
        }
        """The arguments of each hook."""
        self._loaded: set[str] = set()
        self._seconds = seconds
        self._on_failure = on_failure

    def register(self, name: str, plugin: object) -> None:
        """Know the plugin's implementations, see :meth:`loaded` and :meth:`call_on`.

        Raises:
            PluginError: when one does not fit its specification, naming it.
        """
        # Before pluggy looks, whose complaints are about itself.
        for method in dir(plugin):
            options = self._plugins.parse_hookimpl_opts(plugin, method)
            if options is None:
                continue
            found = pluggy.HookImpl(plugin, name, getattr(plugin, method), options)
            if complaint := self._complaint(options["specname"] or method, found):
                raise PluginError(f"plugin {name}: {complaint}")
        try:
            self._plugins.register(plugin, name)
            self._warn_of_unmarked(name, plugin)
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

    def _complaint(self, hook: str, found: pluggy.HookImpl) -> str | None:
        if hook not in self._offered:
            near = get_close_matches(hook, self._offered, n=1)
            advice = f"Did you mean {near[0]}?" if near else f"There are {_listed(self._offered)}."
            return None if found.optionalhook else f"there is no hook {hook}. {advice}"
        if found.wrapper or found.hookwrapper:
            return (
                f"its hook {hook} is a wrapper: every implementation is called by itself here, so"
                " there is nothing to wrap"
            )
        for argument in found.argnames:
            if argument not in self._offered[hook]:
                offered = _listed(self._offered[hook])
                return f"the hook {hook} takes no argument {argument}: it offers {offered}"
        return None

    def _warn_of_unmarked(self, name: str, plugin: object) -> None:
        for hook in self._offered:
            method = inspect.getattr_static(type(plugin), hook, None)
            if callable(method) and self._plugins.parse_hookimpl_opts(plugin, hook) is None:
                logger.bind(plugin=name).warning(
                    "plugin {}: its method {} is called like a hook, but never will be: put"
                    " @hookimpl above it, or give it another name",
                    name,
                    hook,
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


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


async def _run(function: Callable[..., object], arguments: dict[str, Any]) -> None:
    result = function(**arguments)
    if inspect.isawaitable(result):
        await result
