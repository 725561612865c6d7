"""How often a bot has begun a session: the session start limit."""

from dataclasses import dataclass, field

__all__ = ["SessionStarts"]

DAY_S = 24 * 3600.0


@dataclass(slots=True)
class SessionStarts:
    used: int = 0
    resets_at: float = 0.0
    last: dict[int, float] = field(default_factory=dict[int, float])
    """By group of shards, ``shard_id % max_concurrency``: when it last identified."""

    def count(self, now: float) -> int:
        """Count one more, and return how many there were within the day."""
        if self.resets_at <= now:
            self.used, self.resets_at = 0, now + DAY_S
        self.used += 1
        return self.used

    def remaining(self, now: float, total: int) -> int:
        return total if self.resets_at <= now else max(0, total - self.used)

    def reset_after(self, now: float) -> float:
        """In seconds; 0 while none has been used."""
        return max(0.0, self.resets_at - now)

    def too_soon(self, group: int, now: float, window: float) -> bool:
        """Whether this group of shards identified within the window (s); if not, it does now."""
        before = self.last.get(group)
        if before is not None and now - before < window:
            return True
        self.last[group] = now
        return False
