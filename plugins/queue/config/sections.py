"""The tables inside a ladder's: factions, maps, servers, regions, ranks, ratings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

__all__ = [
    "Code",
    "Faction",
    "GameMap",
    "Link",
    "Name",
    "Rank",
    "RatingConfig",
    "Region",
    "Section",
    "Server",
]


def _is_link(value: str) -> str:
    """Discord makes a link of these alone; a game's own scheme is shown as text to copy."""
    if not value.startswith("https://") or any(c in value for c in " <>()\n"):
        raise ValueError(f"{value!r} is no link: it must begin with https:// and have no spaces")
    return value


def _is_address(value: str) -> str:
    if "://" not in value or any(c in value for c in " `<>()\n"):
        raise ValueError(f"{value!r} is no address, such as https://… or battlenet:://…")
    return value


Code = Annotated[str, Field(min_length=1, max_length=16, pattern=r"^[A-Za-z0-9_-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=64)]
Link = Annotated[str, Field(max_length=400), AfterValidator(_is_link)]
Address = Annotated[str, Field(max_length=400), AfterValidator(_is_address)]


class Section(BaseModel):
    """A table of config.toml: a key that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Faction(Section):
    """What a player can play as."""

    code: Code = Field(description="what its ratings are kept under")
    name: Name = Field(description="what players call it")
    emoji: str = Field(
        "", max_length=64, description="shown beside it: 🔥, or <:name:id> of a server's own"
    )
    group: str = Field("", max_length=16, description='its side where pairing is "cross"')

    @property
    def label(self) -> str:
        """Emoji and name."""
        return f"{self.emoji} {self.name}".strip()


class GameMap(Section):
    """A map of the pool."""

    name: Name = Field(description="what the game calls it")
    short_name: str = Field(
        "", max_length=32, description="what it is kept under and what menus show; else the name"
    )
    author: str = Field("", max_length=64, description="who made it")
    links: dict[str, Address] = Field(
        default_factory=dict[str, str],
        max_length=10,
        description="where it is found, by the game region of the server",
    )

    @property
    def short(self) -> str:
        """The name it is kept under."""
        return self.short_name or self.name[:32]


class Server(Section):
    """Where a match can be played."""

    code: Code
    name: Name = Field(description="what the game calls it")
    game_region: str = Field(
        "", max_length=32, description="which of a map's links leads to it there"
    )


class Region(Section):
    """Where a player can live."""

    code: Code
    name: Name = Field(description="what players call it")


class Rank(Section):
    """A share of those who have played."""

    name: str = Field(min_length=1, max_length=16)
    share: float = Field(gt=0, le=100, description="in percent, best first; together 100")


class RatingConfig(Section):
    """``[plugins.queue.ladders.rating]``"""

    system: Literal["elo"] = Field("elo", description="how results move ratings")
    k: int = Field(40, ge=1, le=1000, description="the most points a match can move")
    divisor: int = Field(
        500, ge=1, le=10_000, description="the gap at which the odds are ten to one"
    )
    start: int = Field(1500, ge=0, le=100_000, description="the rating of a newcomer")
