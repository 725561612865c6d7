"""config.toml and the environment, checked and typed."""

from __future__ import annotations

from core.config.discord_ids import ChannelId, RoleId, ServerId, UserId
from core.config.load import load_config
from core.config.models import (
    Config,
    DatabaseConfig,
    DiscordConfig,
    LogConfig,
    PluginsConfig,
    ViewsConfig,
)
from core.config.plugins import check_plugins, section_of, set_enabled, validate_section

__all__ = [
    "ChannelId",
    "Config",
    "DatabaseConfig",
    "DiscordConfig",
    "LogConfig",
    "PluginsConfig",
    "RoleId",
    "ServerId",
    "UserId",
    "ViewsConfig",
    "check_plugins",
    "load_config",
    "section_of",
    "set_enabled",
    "validate_section",
]
