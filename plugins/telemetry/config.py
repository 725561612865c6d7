"""The section ``[plugins.telemetry]`` of config.toml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["TelemetryConfig"]


class TelemetryConfig(BaseModel):
    """``[plugins.telemetry]``"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    interval_seconds: float = Field(
        300, ge=0.1, le=86_400, description="how often the [Memory] line is logged"
    )
