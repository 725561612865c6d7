"""Changing the limits of a running sandbox, and showing those in force."""

from dataclasses import asdict, replace
from typing import Any, TypedDict

from sandbox.gateway.limits import GatewayLimits
from sandbox.ratelimits import Limit, RateLimits
from sandbox.wire import JsonObject, is_integer
from sandbox.world import World

__all__ = ["PROFILES", "LimitOptions", "change_limits", "shown_limits"]

PROFILES = ("generous", "discord")


class LimitOptions(TypedDict, total=False):
    """What can be changed; what is not given stays."""

    profile: str
    """``generous``, the default, or ``discord``: everything as strict as there."""
    requests: int
    """Of a bucket that has no limit of its own, in ``seconds``."""
    seconds: float
    overall: int
    """All requests of a bot in a second, but for answers to interactions; 0 for no limit."""
    old_edits: int
    """Edits of messages older than an hour, in a channel and hour."""
    invalid: int
    """Answers of 401, 403 and 429 in ten minutes, until the ban; 0 for no limit."""
    heartbeat_s: float
    frames: int
    identifies: int
    max_concurrency: int
    identify_s: float
    guilds_a_shard: int


GATEWAY = ("heartbeat_s", "frames", "identifies", "max_concurrency", "identify_s", "guilds_a_shard")


def change_limits(world: World, given: JsonObject) -> None:
    """Raises ValueError for what is not known, or no number. What was counted is forgotten."""
    _check(given)
    old, gateway = world.limits, world.gateway_limits
    if given.get("profile") == "discord":
        old, gateway = RateLimits.as_discord(world.clock), GatewayLimits.as_discord()
    elif "profile" in given:
        old, gateway = RateLimits(world.clock), GatewayLimits()
    numbers: dict[str, Any] = {key: given[key] for key in GATEWAY if key in given}
    world.gateway_limits = replace(gateway, **numbers)
    default = Limit(
        given.get("requests", old.default.requests), given.get("seconds", old.default.seconds)
    )
    old_edits = replace(old.old_edits, requests=given.get("old_edits", old.old_edits.requests))
    world.limits = RateLimits(
        world.clock,
        default,
        routes=old.routes,
        overall=_or_none(given.get("overall"), 1.0, old.overall),
        old_edits=old_edits,
        invalid=_or_none(given.get("invalid"), 600.0, old.invalid),
    )


def _or_none(requests: int | None, seconds: float, old: Limit | None) -> Limit | None:
    if requests is None:
        return old
    return Limit(requests, seconds) if requests else None


def _check(given: JsonObject) -> None:
    for key, value in given.items():
        kind = LimitOptions.__annotations__.get(key)
        if kind is None:
            raise ValueError(f"there is no limit {key}")
        if key == "profile":
            if value not in PROFILES:
                raise ValueError(f"profile must be one of: {', '.join(PROFILES)}")
            continue
        number = is_integer(value) or (kind is float and isinstance(value, float))
        least = 0 if key in ("overall", "invalid", "identify_s", "old_edits") else 0.01
        if not number or value < least:
            raise ValueError(f"{key} must be a number above zero, whole but for seconds")


def shown_limits(world: World) -> JsonObject:
    """All that are in force."""
    limits = world.limits
    return {
        "requests": limits.default.requests,
        "seconds": limits.default.seconds,
        "routes": {place: asdict(limit) for place, limit in limits.routes.items()},
        "overall": limits.overall.requests if limits.overall else 0,
        "old_edits": limits.old_edits.requests,
        "invalid": limits.invalid.requests if limits.invalid else 0,
        **asdict(world.gateway_limits),
    }
