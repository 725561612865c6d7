"""The newest interaction token of a view's message: the way to edit it that costs nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.views.durable import DurableView

__all__ = ["ORIGINAL", "TOKEN_LIFE", "fresh_token", "is_alive"]

ORIGINAL = "@original"

TOKEN_LIFE = timedelta(minutes=15)
"""How long an interaction's token is good for (Discord's documentation)."""

TOKEN_MARGIN = timedelta(seconds=5)
"""So close to its end it is not relied on."""

REST_BEFORE = timedelta(minutes=1)
"""How long before the token ends a private message gets the edit that has to stay true."""


def fresh_token(
    token: str, now: datetime, *, message: str = ORIGINAL, view: DurableView | None = None
) -> dict[str, Any]:
    """The columns of a record whose message can be edited with `token` from `now` on.

    Args:
        message: what the message is to the token: its original response, or a follow-up's id.
        view: a private durable view's definition, None of any other.
    """
    expires_at = now + TOKEN_LIFE
    rests = view is not None and view.rests
    return {
        "token": token,
        "token_expires_at": expires_at,
        "token_message": message,
        "rest_at": expires_at - REST_BEFORE if rests else None,
    }


def is_alive(expires_at: datetime | None, now: datetime) -> bool:
    """Whether a token that ends then can be relied on."""
    return expires_at is not None and expires_at - TOKEN_MARGIN > now
