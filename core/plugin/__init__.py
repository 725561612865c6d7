"""The plugin host: find plugins, load and unload them while the bot runs, keep them apart."""

from core.plugin.context import PluginContext
from core.plugin.discovery import Found, app_models, discover
from core.plugin.host import PluginHost, PluginState
from core.plugin.manifest import Plugin

__all__ = [
    "Found",
    "Plugin",
    "PluginContext",
    "PluginHost",
    "PluginState",
    "app_models",
    "discover",
]
