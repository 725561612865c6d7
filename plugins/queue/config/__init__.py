"""The section ``[plugins.queue]`` of config.toml."""

from __future__ import annotations

from pydantic import Field, model_validator

from plugins.queue.config.ladder import LadderConfig
from plugins.queue.config.sections import (
    Faction,
    GameMap,
    Rank,
    RatingConfig,
    Region,
    Section,
    Server,
)

__all__ = [
    "Faction",
    "GameMap",
    "LadderConfig",
    "QueueConfig",
    "Rank",
    "RatingConfig",
    "Region",
    "Server",
]


class QueueConfig(Section):
    """``[plugins.queue]``"""

    ladders: tuple[LadderConfig, ...] = Field(
        min_length=1, max_length=25, description="the ladders, at least one"
    )

    @model_validator(mode="after")
    def _names_differ(self) -> QueueConfig:
        names = [ladder.name.casefold() for ladder in self.ladders]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"ladders: two are named {name!r}")
        return self

    def ladder(self, name: str) -> LadderConfig | None:
        """The ladder of that name."""
        return next((ladder for ladder in self.ladders if ladder.name == name), None)

    def of_guild(self, guild_id: int | None) -> list[LadderConfig]:
        """The ladders whose home is that server."""
        return [ladder for ladder in self.ladders if ladder.guild_id == guild_id]
