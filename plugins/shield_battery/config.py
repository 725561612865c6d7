"""The section ``[plugins.shield_battery]`` of config.toml: the notices, and when each is due."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from core.hookspecs import MatchFacts

__all__ = ["SHIELD_BATTERY_BUG", "Notice", "ShieldBatteryConfig"]


def _is_link(value: str) -> str:
    if value and (not value.startswith("https://") or any(c in value for c in " <>\n")):
        raise ValueError(f"{value!r} is no link: it must begin with https:// and have no spaces")
    return value


class Notice(BaseModel):
    """``[[plugins.shield_battery.notices]]``: what to tell, in which matches."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(
        max_length=24,
        pattern=r"^[a-z][a-z0-9_]*$",
        description="what acknowledgements are kept under: another name is a new notice",
    )
    factions: tuple[str, ...] = Field(
        min_length=1, description="codes of the factions: one of them in a match calls for it"
    )
    delay_seconds: float = Field(
        default=15, ge=0, le=3600, description="how long after the match has started"
    )
    text: str = Field(min_length=1, max_length=1500, description="what it says, as Discord formats")
    link: Annotated[str, Field(max_length=400), AfterValidator(_is_link)] = Field(
        default="", description="where there is more to read"
    )
    button: str = Field(
        default="I understand", min_length=1, max_length=80, description="on the button"
    )

    def concerns(self, match: MatchFacts) -> bool:
        """Whether one of its factions plays in the match."""
        return any(player.faction in self.factions for player in match.participants)


SHIELD_BATTERY_BUG = Notice(
    name="shield_battery_bug",
    factions=("BWP",),
    text=(
        "**The shield battery bug.** There is a Brood War Protoss in this match. Their shield"
        " battery can stop recharging though it has energy left: units beside it stay hurt, and"
        " nothing on the screen says why.\n\n"
        "What helps:\n"
        "1. Give the command again: select the hurt units and right-click the battery.\n"
        "2. If it does nothing even so, build another battery, and leave this one."
    ),
)


class ShieldBatteryConfig(BaseModel):
    """``[plugins.shield_battery]``"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    notices: tuple[Notice, ...] = Field(
        default=(SHIELD_BATTERY_BUG,), max_length=10, description="the notices, each by itself"
    )

    @field_validator("notices")
    @classmethod
    def _names_differ(cls, value: tuple[Notice, ...]) -> tuple[Notice, ...]:
        names = [notice.name for notice in value]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"the name {twice[0]!r} is there twice")
        return value

    def notice(self, name: str) -> Notice | None:
        """The notice of that name, None once it is taken out."""
        return next((notice for notice in self.notices if notice.name == name), None)
