"""What a plugin says of itself."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from core.db import AppModels

__all__ = ["API_VERSION", "NoConfig", "Plugin"]

API_VERSION = 1
"""The version of the plugin interface. It is raised when a plugin must change to go on working."""


class NoConfig(BaseModel):
    """The section of a plugin that has nothing to configure."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Plugin:
    """Base of every plugin. A plugin's package has a ``plugin`` attribute that is a subclass.

    One instance lives from load to unload, so its attributes are the plugin's state. Hook
    implementations are its methods marked with ``@hookimpl``.

    Class attributes:
        name: a lower-case word, the name in config.toml and in every custom_id.
        summary: one sentence for the server owner.
        api_version: the interface it was written for.
        requires: names of the plugins that must be loaded before this one.
        config: the model of its section ``[plugins.<name>]``.
        has_models: whether it has tables: modules ``models`` and ``migrations`` in its package.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    api_version: ClassVar[int] = API_VERSION
    requires: ClassVar[tuple[str, ...]] = ()
    config: ClassVar[type[BaseModel]] = NoConfig
    has_models: ClassVar[bool] = False

    @classmethod
    def app_models(cls) -> AppModels | None:
        """The plugin's tables, as the database wants to know them."""
        if not cls.has_models:
            return None
        package = cls.__module__
        return AppModels(cls.name, f"{package}.models", f"{package}.migrations")
