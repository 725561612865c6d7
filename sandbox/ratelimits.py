"""Rate limits: a bucket for each route and major parameter, told in headers.

The limits are generous for now: they are there so that a client sees every header, not to slow
anyone down.
"""

import hashlib
import math
from collections import OrderedDict
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.rest.routing import Route

__all__ = ["Limit", "RateLimits", "Verdict"]

MOST_BUCKETS = 20_000
MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")


@dataclass(slots=True, frozen=True)
class Limit:
    requests: int
    seconds: float


GENEROUS = Limit(1_000, 1.0)


@dataclass(slots=True)
class Bucket:
    used: int
    resets_at: float


@dataclass(slots=True, frozen=True)
class Verdict:
    """Whether a request may go on, the headers that say so, and the wait in seconds if not."""

    allowed: bool
    headers: dict[str, str]
    retry_after: float = 0.0


class RateLimits:
    """Counts requests in windows of fixed length, as far as clients can tell from headers."""

    def __init__(self, clock: Clock, default: Limit = GENEROUS) -> None:
        self._clock = clock
        self._default = default
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._names: dict[tuple[str, str], str] = {}

    def take(self, route: Route, params: dict[str, str], who: str) -> Verdict:
        """Count one request of a bot; ``who`` is its token's owner, or empty."""
        name = self._name(route)
        majors = ":".join(params[key] for key in MAJOR if key in params)
        key = f"{who}:{name}:{majors}"
        now = self._clock.now()
        limit = self._default
        bucket = self._buckets.get(key)
        if bucket is None or bucket.resets_at <= now:
            bucket = self._buckets[key] = Bucket(0, now + limit.seconds)
            self._buckets.move_to_end(key)
            while len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        bucket.used += 1
        after = bucket.resets_at - now
        headers = {
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(max(0, limit.requests - bucket.used)),
            "X-RateLimit-Reset": f"{bucket.resets_at:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": name,
        }
        if bucket.used <= limit.requests:
            return Verdict(allowed=True, headers=headers)
        headers |= {
            "Retry-After": str(math.ceil(after)),
            "X-RateLimit-Scope": "user",
            "Via": "1.1 sandbox",  # clients take a 429 without it for a ban
        }
        return Verdict(allowed=False, headers=headers, retry_after=after)

    def _name(self, route: Route) -> str:
        key = (route.method, route.path)
        name = self._names.get(key)
        if name is None:
            digest = hashlib.sha256(f"{route.method} {route.path}".encode()).hexdigest()
            name = self._names[key] = digest[:32]
        return name
