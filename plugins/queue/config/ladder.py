"""The table ``[[plugins.queue.ladders]]`` of config.toml: everything that makes a ladder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from core.config import ChannelId, ServerId
from plugins.queue.config.sections import (
    Code,
    Faction,
    GameMap,
    Link,
    Rank,
    RatingConfig,
    Region,
    Section,
    Server,
)
from plugins.queue.config.starcraft_evo import default
from plugins.queue.domain.elo import Elo
from plugins.queue.domain.pairing import Window

__all__ = ["LadderConfig"]

MENU = 25
"""Discord shows so many options in a menu at most."""


class LadderConfig(Section):
    """``[[plugins.queue.ladders]]``. What is left out is as in StarCraft: Evo Complete."""

    name: str = Field(
        min_length=1, max_length=32, description="what players call it; it names its ratings too"
    )
    guild_id: ServerId = Field(description="the id of the server that is its home")
    room_channel_id: ChannelId = Field(
        description="the id of the text channel under which match rooms (private threads) are made"
    )
    announcements_channel_id: ChannelId | None = Field(
        None, description="the id of the channel that is told of each result"
    )
    room: Literal["thread", "dm"] = Field(
        "thread",
        description='"dm": players who both chose so in /setup play by direct messages instead',
    )
    room_close_seconds: float = Field(
        60, ge=0, le=86_400, description="how long a room stays after its match"
    )
    room_title: str = Field(
        "Match {number}", min_length=1, max_length=80, description="the name of a match's thread"
    )
    game_channel: str = Field(
        "SCEvo{number}",
        max_length=64,
        description="the chat channel in the game where opponents meet; empty for none",
    )
    rules: str = Field("", max_length=500, description="said in each match's room")
    terms_url: Link | None = Field(None, description="terms that players must agree to first")
    guide_url: Link | None = Field(None, description="a guide that players must have read first")

    factions: tuple[Faction, ...] = Field(
        default_factory=default("factions", Faction),
        min_length=1,
        max_length=MENU,
        description="what a player can play as; each has a rating of its own",
    )
    pairing: Literal["cross", "any"] = Field(
        "cross", description='"cross": opponents play factions of two different groups'
    )
    maps: tuple[GameMap, ...] = Field(
        default_factory=default("maps", GameMap),
        max_length=MENU,
        description="the pool; at least twice the vetoes and one more",
    )
    vetoes: int = Field(4, ge=0, le=12, description="how many maps a player may rule out")
    regions: tuple[Region, ...] = Field(
        default_factory=default("regions", Region),
        max_length=MENU,
        description="where players live",
    )
    servers: tuple[Server, ...] = Field(
        default_factory=default("servers", Server), description="where matches are played"
    )
    server_table: dict[Code, dict[Code, Code]] = Field(
        default_factory=default("server_table"),
        description="the server for each two regions, each pair once",
    )

    wave_seconds: float = Field(45, gt=0, le=3600, description="how often those waiting are paired")
    window_base: int = Field(
        100, ge=0, le=100_000, description="the rating gap allowed at first, in points"
    )
    window_growth: int = Field(
        50, ge=0, le=100_000, description="how much it grows each wave, in points"
    )
    confirm_seconds: float = Field(60, gt=0, le=3600, description="the time to confirm a match")
    report_seconds: float = Field(7200, gt=0, le=604_800, description="the time to report")
    unreported: Literal["void", "report_stands"] = Field(
        "void",
        description='when that has passed: "void" counts nothing, "report_stands" lets the report '
        "of one side decide",
    )
    aborts_a_month: int = Field(
        3, ge=0, le=1000, description="how many matches a player may abort in a calendar month"
    )

    rating: RatingConfig = Field(
        default_factory=lambda: RatingConfig.model_validate({}), description="the rating system"
    )
    ranks: tuple[Rank, ...] = Field(
        default_factory=default("ranks", Rank),
        min_length=1,
        max_length=MENU,
        description="shares of those with games, best first",
    )
    unranked: str = Field(
        "U", min_length=1, max_length=16, description="the rank of whoever has not played"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> LadderConfig:
        _differ("factions", "code", (faction.code for faction in self.factions))
        _differ("factions", "name", (faction.name for faction in self.factions))
        _differ("maps", "short_name", (game_map.short for game_map in self.maps))
        _differ("regions", "code", (region.code for region in self.regions))
        _differ("servers", "code", (server.code for server in self.servers))
        _differ("ranks", "name", (rank.name for rank in self.ranks))
        if self.pairing == "cross" and len({faction.group for faction in self.factions}) < 2:
            raise ValueError(
                'pairing: "cross" needs factions of two groups; give them a `group`, or use "any"'
            )
        if self.maps and len(self.maps) < 2 * self.vetoes + 1:
            raise ValueError(
                f"maps: {len(self.maps)} are too few: with {self.vetoes} vetoes a side there must"
                f" be at least {2 * self.vetoes + 1}, so that one is left"
            )
        if not self.maps and self.vetoes:
            raise ValueError(f"vetoes: {self.vetoes}, but there are no maps")
        total = sum(rank.share for rank in self.ranks)
        if abs(total - 100) > 1e-6:
            raise ValueError(f"ranks: their shares are together {total:g} percent, not 100")
        for template, key in ((self.room_title, "room_title"), (self.game_channel, "game_channel")):
            try:
                template.format(number=1)
            except (LookupError, ValueError, AttributeError):
                raise ValueError(
                    f"{key}: {template!r}: {{number}} is all that may stand in braces"
                ) from None
        if self.room_title.format(number=1) == self.room_title.format(number=2):
            raise ValueError("room_title: without {number} two matches would share a thread")
        self._check_servers()
        return self

    def _check_servers(self) -> None:
        if not self.servers:
            if self.server_table:
                raise ValueError("server_table: there are no servers")
            return
        regions = {region.code for region in self.regions}
        servers = {server.code for server in self.servers}
        seen: dict[frozenset[str], str] = {}
        for one, row in self.server_table.items():
            for other, server in row.items():
                for code in (one, other):
                    if code not in regions:
                        raise ValueError(f"server_table: there is no region {code!r}")
                if server not in servers:
                    raise ValueError(f"server_table: {one}.{other}: there is no server {server!r}")
                if seen.setdefault(frozenset({one, other}), server) != server:
                    raise ValueError(f"server_table: {one} and {other} have two servers")
        for one in sorted(regions):
            for other in sorted(regions):
                if frozenset({one, other}) not in seen:
                    raise ValueError(f"server_table: nothing is said of {one} and {other}")

    @property
    def elo(self) -> Elo:
        """Its rating system."""
        return Elo(self.rating.k, self.rating.divisor, self.rating.start)

    @property
    def window(self) -> Window:
        """How far apart paired ratings may be."""
        return Window(self.window_base, self.window_growth)

    @cached_property
    def faction_by_code(self) -> Mapping[str, Faction]:
        """Its factions, in their order."""
        return {faction.code: faction for faction in self.factions}

    @cached_property
    def map_by_name(self) -> Mapping[str, GameMap]:
        """Its maps by their short names, in their order."""
        return {game_map.short: game_map for game_map in self.maps}

    @cached_property
    def region_by_code(self) -> Mapping[str, Region]:
        """Its regions, in their order."""
        return {region.code: region for region in self.regions}

    def faction_label(self, code: str) -> str:
        """How a faction is shown; its code, when it is no longer configured."""
        faction = self.faction_by_code.get(code)
        return faction.label if faction is not None else code

    def server_for(self, one: str | None, other: str | None) -> Server | None:
        """Where players of two regions meet; None when one of the regions is not configured."""
        if one is None or other is None:
            return None
        row, column = self.server_table.get(one, {}), self.server_table.get(other, {})
        code = row.get(other) or column.get(one)
        return self.server(code) if code is not None else None

    def server(self, code: str | None) -> Server | None:
        """The server of that code."""
        return next((server for server in self.servers if server.code == code), None)


def _differ(key: str, what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value.casefold() in seen:
            raise ValueError(f"{key}: the {what} {value!r} is there twice")
        seen.add(value.casefold())
