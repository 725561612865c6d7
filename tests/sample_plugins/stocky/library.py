"""A library that the cog uses: it does not know on whose behalf it shows a view."""

import asyncio
from typing import Any

import disnake

__all__ = ["ask", "ask_later"]

_asking: set[asyncio.Task[Any]] = set()


async def ask(place: disnake.abc.Messageable, text: str, view: disnake.ui.View) -> None:
    """Show a view in a channel."""
    await place.send(text, view=view)


def ask_later(place: disnake.abc.Messageable, text: str, view: disnake.ui.View) -> None:
    """The same in the background."""
    task = asyncio.create_task(ask(place, text, view))
    _asking.add(task)
    task.add_done_callback(_asking.discard)
