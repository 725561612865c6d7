"""Something that happens once, and that few wait for."""

import asyncio

__all__ = ["Signal"]


class Signal:
    """Like ``asyncio.Event``, but that costs a kilobyte, and there is one or two an interaction."""

    __slots__ = ("_event", "_given")

    def __init__(self) -> None:
        self._given = False
        self._event: asyncio.Event | None = None

    def set(self) -> None:
        self._given = True
        if self._event:
            self._event.set()
            self._event = None

    def is_set(self) -> bool:
        return self._given

    async def wait(self) -> None:
        if self._given:
            return
        if self._event is None:
            self._event = asyncio.Event()
        await self._event.wait()
