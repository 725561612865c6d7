"""The section ``[plugins.queue]`` of config.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from plugins.queue.domain.elo import Elo
from plugins.queue.domain.pairing import Window

__all__ = ["LadderConfig", "QueueConfig", "RatingConfig"]

Snowflake = Annotated[int, Field(gt=0, lt=2**63)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RatingConfig(_Section):
    """``[plugins.queue.ladders.rating]``"""

    k: int = Field(40, ge=1, le=1000, description="the most points a match can move")
    divisor: int = Field(
        500, ge=1, le=10_000, description="the gap at which the odds are ten to one"
    )
    start: int = Field(1500, ge=0, le=100_000, description="the rating of a newcomer")


class LadderConfig(_Section):
    """``[[plugins.queue.ladders]]``"""

    name: str = Field(
        min_length=1, max_length=32, description="what players call it; it names its ratings too"
    )
    guild_id: Snowflake = Field(description="the id of the server that is its home")
    room_channel_id: Snowflake = Field(
        description="the id of the text channel under which match rooms (private threads) are made"
    )
    announcements_channel_id: Snowflake | None = Field(
        None, description="the id of the channel that is told of each result"
    )
    factions: tuple[str, ...] = Field(
        ("Terran", "Zerg", "Protoss"),
        min_length=1,
        max_length=25,
        description="what a player can play as; each has a rating of its own",
    )
    wave_seconds: float = Field(45, gt=0, le=3600, description="how often those waiting are paired")
    window_base: int = Field(100, ge=0, description="the rating gap allowed at first")
    window_growth: int = Field(50, ge=0, description="how much it grows each wave")
    confirm_seconds: float = Field(60, gt=0, le=3600, description="the time to confirm a match")
    report_seconds: float = Field(
        7200, gt=0, le=604_800, description="the time to report, after which a match is void"
    )
    room_close_seconds: float = Field(
        60, ge=0, le=86_400, description="how long a room stays after its match"
    )
    rating: RatingConfig = Field(
        default_factory=lambda: RatingConfig.model_validate({}), description="the rating system"
    )

    @model_validator(mode="after")
    def _factions_differ(self) -> LadderConfig:
        seen: set[str] = set()
        for faction in self.factions:
            if not 1 <= len(faction) <= 32:
                raise ValueError(f"factions: {faction!r} has not 1 to 32 characters")
            if faction.casefold() in seen:
                raise ValueError(f"factions: {faction!r} is there twice")
            seen.add(faction.casefold())
        return self

    @property
    def elo(self) -> Elo:
        """Its rating system."""
        return Elo(self.rating.k, self.rating.divisor, self.rating.start)

    @property
    def window(self) -> Window:
        """How far apart paired ratings may be."""
        return Window(self.window_base, self.window_growth)


class QueueConfig(_Section):
    """``[plugins.queue]``"""

    ladders: tuple[LadderConfig, ...] = Field(min_length=1, description="the ladders, at least one")

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
