"""A number on the page that somebody outside of the sandbox acts upon."""

import asyncio
from dataclasses import dataclass, field

from sandbox.wire import JsonObject

__all__ = ["Counter"]


@dataclass(slots=True)
class Counter:
    """Who announced it waits until it changes: "Simulated players", for one."""

    name: str
    label: str
    value: int
    least: int
    most: int
    changed: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)

    async def set(self, value: int) -> None:
        """Within its bounds, and tell those who wait."""
        async with self.changed:
            self.value = min(max(value, self.least), self.most)
            self.changed.notify_all()

    def json(self) -> JsonObject:
        return {
            "name": self.name,
            "label": self.label,
            "value": self.value,
            "least": self.least,
            "most": self.most,
        }
