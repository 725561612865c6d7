"""What Discord sends when somebody presses a button, as it looks on the wire."""

from __future__ import annotations

from typing import Any

__all__ = ["CHANNEL_ID", "GUILD_ID", "USER_ID", "Payload", "guild", "message", "press"]

Payload = Any
"""JSON: disnake's typed dictionaries are private to it."""

GUILD_ID, CHANNEL_ID, BOT_ID, USER_ID = 10**17, 10**17 + 1, 10**17 + 2, 10**17 + 3
BUTTON, SELECT = 2, 3
OPTIONS = 5


def guild() -> Payload:
    """The guild that the press is in, known to the bot as after GUILD_CREATE."""
    return {
        "id": str(GUILD_ID),
        "name": "Ladder",
        "owner_id": str(USER_ID),
        "roles": [],
        "emojis": [],
        "features": [],
        "member_count": 2,
        "channels": [_channel()],
        "preferred_locale": "en-US",
    }


def message(message_id: int, custom_ids: list[str], *, answers: int) -> Payload:
    """A message with two selects of five options and a button.

    Args:
        custom_ids: of the two selects and the button.
        answers: the id of the interaction that it was sent as the response to.
    """
    first, second, button = custom_ids
    return {
        "id": str(message_id),
        "channel_id": str(CHANNEL_ID),
        "type": 0,
        "author": _user(BOT_ID, "ladderkeeper", bot=True),
        "content": "How did it end, and on which map?",
        "timestamp": "2026-01-01T12:00:00.000000+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "flags": 0,
        "application_id": str(BOT_ID),
        "webhook_id": str(BOT_ID),
        "interaction_metadata": {
            "id": str(answers),
            "type": 2,
            "user": _user(USER_ID, "ann"),
            "authorizing_integration_owners": {"0": str(GUILD_ID)},
        },
        "components": [_select(first), _select(second), _button(button)],
    }


def press(interaction_id: int, shown: Payload, custom_id: str) -> Payload:
    """INTERACTION_CREATE of a press on the button of `shown`."""
    return {
        "version": 1,
        "id": str(interaction_id),
        "application_id": str(BOT_ID),
        "type": 3,
        "token": "aW50ZXJhY3Rpb246" * 12,
        "data": {"id": 6, "custom_id": custom_id, "component_type": BUTTON},
        "channel": _channel(),
        "channel_id": str(CHANNEL_ID),
        "locale": "en-US",
        "guild_locale": "en-US",
        "guild_id": str(GUILD_ID),
        "guild": {"id": str(GUILD_ID), "locale": "en-US", "features": []},
        "app_permissions": "2248473465835073",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(GUILD_ID)},
        "context": 0,
        "attachment_size_limit": 10485760,
        "member": _member(),
        "message": shown,
    }


def _user(user_id: int, name: str, *, bot: bool = False) -> Payload:
    return {
        "id": str(user_id),
        "username": name,
        "global_name": name.title(),
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
    }


def _member() -> Payload:
    return {
        "user": _user(USER_ID, "ann"),
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": "2026-01-01T00:00:00.000000+00:00",
        "premium_since": None,
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": "2248473465835073",
    }


def _channel() -> Payload:
    return {
        "id": str(CHANNEL_ID),
        "guild_id": str(GUILD_ID),
        "type": 0,
        "name": "ladder",
        "position": 0,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "permissions": "2248473465835073",
        "permission_overwrites": [],
        "flags": 0,
    }


def _row(component: Payload) -> Payload:
    return {"type": 1, "id": 1, "components": [component]}


def _select(custom_id: str) -> Payload:
    options = [{"label": f"option {n}", "value": str(n)} for n in range(OPTIONS)]
    return _row({"type": SELECT, "id": 2, "custom_id": custom_id, "options": options})


def _button(custom_id: str) -> Payload:
    return _row({"type": BUTTON, "id": 6, "style": 2, "label": "Send", "custom_id": custom_id})
