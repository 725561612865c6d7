"""Discord's ids: 42 bits of milliseconds since 2015, 10 of worker, 12 of sequence."""

from sandbox.clock import Clock

__all__ = ["DISCORD_EPOCH_MS", "Snowflakes", "created_at"]

DISCORD_EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Ids in strictly rising order, as strings, as they stand in JSON."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_ms = 0
        self._sequence = 0

    def next(self) -> str:
        now_ms = int(self._clock.now() * 1000) - DISCORD_EPOCH_MS
        if now_ms > self._last_ms:
            self._last_ms, self._sequence = now_ms, 0
        elif self._sequence < 0xFFF:
            self._sequence += 1
        else:
            self._last_ms, self._sequence = self._last_ms + 1, 0
        return str(self._last_ms << 22 | self._sequence)


def created_at(snowflake: str) -> float:
    """When an id was made, in seconds since 1970."""
    return ((int(snowflake) >> 22) + DISCORD_EPOCH_MS) / 1000
