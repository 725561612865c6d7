"""What plugins offer each other, found by class."""

from __future__ import annotations

from typing import TypeVar, cast

__all__ = ["Services"]

T = TypeVar("T")


class Services:
    """The services of the loaded plugins."""

    def __init__(self) -> None:
        self._offered: dict[type[object], tuple[str, object]] = {}

    def add(self, plugin: str, service: object) -> None:
        """Offer `service` under its class.

        Raises:
            ValueError: when a plugin offers one of that class already.
        """
        kind = type(service)
        if kind in self._offered:
            raise ValueError(f"plugin {self._offered[kind][0]} offers a {kind.__name__} already")
        self._offered[kind] = (plugin, service)

    def remove(self, plugin: str) -> None:
        """Withdraw all that a plugin offers."""
        for kind in [kind for kind, (name, _) in self._offered.items() if name == plugin]:
            del self._offered[kind]

    def get(self, kind: type[T]) -> T:
        """The service of that class.

        Raises:
            LookupError: when nobody offers it.
        """
        if kind not in self._offered:
            raise LookupError(
                f"no loaded plugin offers a {kind.__name__}: is the plugin that does in `requires`?"
            )
        return cast("T", self._offered[kind][1])
