"""Rate limits: a bucket for each route and major parameter, one for all of a bot's requests, and a
ban for who ignores them.

By default they are generous: there so that a client sees every header, not to slow anyone down.
``RateLimits.as_discord`` has them as strict as Discord is. What Discord allows a route it does not
publish; those numbers are what clients have read from its headers.
"""

import hashlib
import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sandbox.clock import Clock

__all__ = ["OLD_MESSAGE_S", "Limit", "Limited", "RateLimits", "Verdict", "refusal_headers"]

MOST_BUCKETS = 20_000
MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")
OLD_MESSAGE_S = 3600.0
"""From this age on edits of a message are limited further: 30046."""


@dataclass(slots=True, frozen=True)
class Limit:
    requests: int
    seconds: float


GENEROUS = Limit(1_000, 1.0)
OLD_EDITS = Limit(1_000, 3600.0)

DISCORD = Limit(50, 1.0)
DISCORD_OVERALL = Limit(50, 1.0)
DISCORD_OLD_EDITS = Limit(30, 3600.0)
DISCORD_INVALID = Limit(10_000, 600.0)
DISCORD_ROUTES: Mapping[str, Limit] = {
    "POST /channels/{channel_id}/messages": Limit(5, 5.0),
    "PATCH /channels/{channel_id}/messages/{message_id}": Limit(5, 5.0),
    "DELETE /channels/{channel_id}/messages/{message_id}": Limit(5, 1.0),
    "POST /channels/{channel_id}/messages/bulk-delete": Limit(1, 1.0),
    "POST /channels/{channel_id}/typing": Limit(5, 5.0),
    "PATCH /channels/{channel_id}": Limit(5, 15.0),
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": Limit(1, 0.25),
    "POST /users/@me/channels": Limit(10, 10.0),
    "POST /webhooks/{webhook_id}/{webhook_token}": Limit(5, 2.0),
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original": Limit(5, 2.0),
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": Limit(5, 2.0),
}


class Limited(Protocol):
    """What of a route counts here."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def authorized(self) -> bool: ...

    @property
    def limited(self) -> bool: ...


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
    everywhere: bool = False
    """Whether it was the limit for all of a bot's requests."""


class RateLimits:
    """Counts requests in windows of fixed length, as far as clients can tell from headers."""

    def __init__(
        self,
        clock: Clock,
        default: Limit = GENEROUS,
        *,
        routes: Mapping[str, Limit] | None = None,
        overall: Limit | None = None,
        old_edits: Limit = OLD_EDITS,
        invalid: Limit | None = None,
    ) -> None:
        """``routes``: by method and path of a route. ``overall``: for all requests of a bot but
        those that answer interactions. ``invalid``: of 401, 403 and 429, until the ban."""
        self.default = default
        self.routes = routes or {}
        self.overall = overall
        self.old_edits = old_edits
        self.invalid = invalid
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._names: dict[Limited, tuple[str, Limit]] = {}

    @classmethod
    def as_discord(cls, clock: Clock) -> "RateLimits":
        return cls(
            clock,
            DISCORD,
            routes=DISCORD_ROUTES,
            overall=DISCORD_OVERALL,
            old_edits=DISCORD_OLD_EDITS,
            invalid=DISCORD_INVALID,
        )

    def take(self, route: Limited, params: dict[str, str], who: str) -> Verdict:
        """Count one request of a bot; ``who`` is its token's owner, or empty."""
        if not route.limited:
            return Verdict(allowed=True, headers={})
        now = self._clock.now()
        if self.overall and route.authorized:
            everything = self._count(f"{who}:*", self.overall, now)
            if everything.used > self.overall.requests:
                after = everything.resets_at - now
                headers = refusal_headers(after, "global") | {"X-RateLimit-Global": "true"}
                return Verdict(allowed=False, headers=headers, retry_after=after, everywhere=True)
        name, limit = self._named(route)
        majors = ":".join([params[key] for key in MAJOR if key in params])
        bucket = self._count(f"{who}:{name}:{majors}", limit, now)
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
        headers |= refusal_headers(after, "user")
        return Verdict(allowed=False, headers=headers, retry_after=after)

    def old_edit(self, channel_id: str) -> float:
        """Count an edit of a message older than an hour; how long to wait (s), or 0."""
        now = self._clock.now()
        bucket = self._count(f"old:{channel_id}", self.old_edits, now)
        return bucket.resets_at - now if bucket.used > self.old_edits.requests else 0.0

    def note(self, status: int, scope: str | None) -> None:
        """Count an answer; those to shared limits are nobody's fault."""
        if self.invalid and status in (401, 403, 429) and scope != "shared":
            self._count("invalid", self.invalid, self._clock.now())

    def banned_for(self) -> float:
        """How long (s) this address is banned for too many invalid requests, or 0."""
        bucket = self._buckets.get("invalid")
        if self.invalid is None or bucket is None or bucket.used < self.invalid.requests:
            return 0.0
        return max(0.0, bucket.resets_at - self._clock.now())

    def _count(self, key: str, limit: Limit, now: float) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None or bucket.resets_at <= now:
            bucket = self._buckets[key] = Bucket(0, now + limit.seconds)
            self._buckets.move_to_end(key)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        bucket.used += 1
        return bucket

    def _named(self, route: Limited) -> tuple[str, Limit]:
        named = self._names.get(route)
        if named is None:
            place = f"{route.method} {route.path}"
            digest = hashlib.sha256(place.encode()).hexdigest()
            named = self._names[route] = (digest[:32], self.routes.get(place, self.default))
        return named


def refusal_headers(after: float, scope: str) -> dict[str, str]:
    """Those of a 429."""
    return {
        "Retry-After": str(math.ceil(after)),
        "X-RateLimit-Scope": scope,
        "Via": "1.1 sandbox",  # clients take a 429 without it for a ban
    }
