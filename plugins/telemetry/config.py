"""The section ``[plugins.telemetry]`` of config.toml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from core.config import ChannelId

__all__ = ["TelemetryConfig"]


class TelemetryConfig(BaseModel):
    """``[plugins.telemetry]``"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    interval_seconds: float = Field(
        300, ge=0.1, le=86_400, description="how often the [Memory] line is logged"
    )
    warn_rss_megabytes: float = Field(
        1_000, gt=0, le=10_000_000, description="resident memory above which the log warns"
    )
    warn_open_views: int = Field(
        10_000, gt=0, le=100_000_000, description="open views above which the log warns"
    )
    alert_after: int = Field(
        3, ge=1, le=1_000, description="after so many lines above a threshold the owner is told"
    )
    alerts_channel_id: ChannelId | None = Field(
        None, description="the id of the channel that is told; that of [discord] when left out"
    )
    metrics_port: int | None = Field(
        None, ge=0, le=65_535, description="where Prometheus finds the metrics; 0 takes a free port"
    )
    metrics_host: str = Field(
        "127.0.0.1", min_length=1, max_length=255, description="the address to listen on"
    )
    metrics_names: tuple[str, ...] = Field(
        (), description="names, besides localhost and addresses, by which it may be asked"
    )
