"""Rooms of the sample plugin: opened, looked for, and told of in the log once they have ended."""

import sys
from typing import Any

from core.models import ViewRecord, ViewState
from core.views import CloseReason, Closing
from ladderkeeper.testing import eventually
from sandbox import Message, Persona

__all__ = [
    "closed_lines",
    "closing",
    "custom_id",
    "ended",
    "message_of",
    "none_left",
    "reasons",
    "room",
    "rooms",
    "told",
]


def rooms() -> Any:
    """The plugin's module, as the bot has imported it."""
    return sys.modules["ladderkeeper_folder_plugins.rooms"]


def ended() -> list[Closing]:
    """Every end whose hook has begun."""
    return rooms().gates.ended


def reasons() -> list[CloseReason]:
    return [closing.reason for closing in ended()]


async def room(alice: Persona, key: str = "a", **options: Any) -> ViewRecord:
    """An open room whose message is known."""
    await alice.slash("room", key=key, **options)
    await alice.sees(f"room {key}")
    await eventually(lambda: located(key))
    return await ViewRecord.get(key=key, state=ViewState.OPEN)


async def located(key: str) -> bool:
    return await ViewRecord.exists(key=key, state=ViewState.OPEN, message_id__not_isnull=True)


async def message_of(persona: Persona, record: ViewRecord) -> Message:
    return next(m for m in await persona.messages() if m.id == str(record.message_id))


async def none_left() -> bool:
    return not await ViewRecord.exists()


async def closing(record: ViewRecord) -> bool:
    found = await ViewRecord.get_or_none(id=record.id)
    return found is None or found.state is not ViewState.OPEN


def custom_id(action: str, key: str = "a") -> str:
    return f"lk1:rooms.room:{key}:{action}"


def closed_lines(log: list[str], *words: str) -> list[str]:
    return [
        line
        for line in log
        if line.startswith("view closed:") and all(word in line for word in words)
    ]


async def told(log: list[str], *words: str) -> list[str]:
    """The lines about closed views that have these words, once there are any.

    A view's row is gone from the database before the bot has learned that, and says so.
    """
    return await eventually(lambda: closed_lines(log, *words))
