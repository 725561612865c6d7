"""The section ``[plugins.admin]`` of config.toml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from core.config import ChannelId, RoleId

__all__ = ["AdminConfig"]


class AdminConfig(BaseModel):
    """``[plugins.admin]``"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel_id: ChannelId | None = Field(
        None, description="the id of the channel in which admins are shown conflicts"
    )
    role_id: RoleId | None = Field(
        None, description="the id of the role whose members are admins, on the ladder's server"
    )
