"""The ids that Discord gives, and of what: an error then says where to copy the right one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

__all__ = ["ChannelId", "DiscordId", "RoleId", "ServerId", "UserId"]


@dataclass(frozen=True)
class DiscordId:
    """Marks a whole number as an id.

    Attributes:
        of: what it is the id of, as Discord's menus call it, in small letters.
    """

    of: str


ServerId = Annotated[int, Field(gt=0, lt=2**63), DiscordId("server")]
ChannelId = Annotated[int, Field(gt=0, lt=2**63), DiscordId("channel")]
RoleId = Annotated[int, Field(gt=0, lt=2**63), DiscordId("role")]
UserId = Annotated[int, Field(gt=0, lt=2**63), DiscordId("user")]
