"""What the gateway allows a client, from Discord's documentation, "Gateway"."""

from dataclasses import dataclass

__all__ = ["GatewayLimits"]


@dataclass(slots=True, frozen=True)
class GatewayLimits:
    """By default as Discord has it, but for two IDENTIFYs in quick succession: they are let pass.

    Bots that are started again and again by tests would wait seconds each time.
    """

    heartbeat_s: float = 41.25
    """How often a client is to send one; a connection without any for half as long again ends."""
    frames: int = 120
    """How many a client may send in ``frames_s``."""
    frames_s: float = 60.0
    identifies: int = 1_000
    """In a day; one more ends every session, and the token."""
    max_concurrency: int = 1
    identify_s: float = 0.0
    """Within it each of ``max_concurrency`` groups of shards may identify once; Discord has 5 s."""
    guilds_a_shard: int = 2_500
    """With more a client must use more shards."""

    @classmethod
    def as_discord(cls) -> "GatewayLimits":
        """Nothing is let pass."""
        return cls(identify_s=5.0)
