"""The view that is measured: two selects of five options and a button, the same on every side."""

# Disnake's decorators have type parameters that stay unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import time
from typing import Any, ClassVar

import disnake

from core.views import Closing, DurableView, Press, Rendering, ShortView, action

__all__ = ["OPTIONS", "TEXT", "Probe", "ShortSurvey", "StockSurvey", "Survey"]

OPTIONS = [disnake.SelectOption(label=f"option {n}", value=str(n)) for n in range(5)]

TEXT = "How did it end, and on which map?"

Item = Any
Interaction = Any


class Probe:
    """Takes the time at the first line of a handler, and of what a press does before it."""

    def __init__(self) -> None:
        self.read_begins = 0
        self.read_ends = 0
        self.entered = 0
        self._entered: asyncio.Future[None] | None = None

    def arm(self) -> asyncio.Future[None]:
        """Get ready for one press; the future is done once its handler was entered."""
        self._entered = asyncio.get_running_loop().create_future()
        return self._entered

    def read_begin(self) -> None:
        """The record is about to be read."""
        self.read_begins = time.perf_counter_ns()

    def read_end(self) -> None:
        """The record has been read."""
        self.read_ends = time.perf_counter_ns()

    def handler_entered(self) -> None:
        """The first line of each handler."""
        self.entered = time.perf_counter_ns()
        if self._entered is not None:
            self._entered.set_result(None)


class _Content(disnake.ui.View):
    """What stock and short views have alike: their items, and an attribute for ballast."""

    probe: ClassVar[Probe] = Probe()
    ballast: bytes = b""

    @disnake.ui.string_select(placeholder="Result", options=OPTIONS)
    async def result(self, select: Item, inter: Interaction) -> None: ...

    @disnake.ui.string_select(placeholder="Map", options=OPTIONS)
    async def map(self, select: Item, inter: Interaction) -> None: ...

    @disnake.ui.button(label="Send")
    async def send(self, button: Item, inter: Interaction) -> None:
        self.probe.handler_entered()
        await inter.response.defer()  # as every press is answered


class StockSurvey(_Content):
    """As a bot on plain disnake would have it."""


class ShortSurvey(_Content, ShortView):
    """The same as a short view."""

    name = "survey"

    async def on_close(self, closing: Closing) -> Rendering | None:
        return Rendering(f"closed: {closing.reason}")


class Survey(DurableView):
    """The same as a durable view."""

    name = "panel"

    def __init__(self) -> None:
        self.probe = Probe()

    async def render(self, key: str, locale: str) -> Rendering | None:
        return Rendering(
            TEXT,
            rows=[
                [self.select("result", key, "Result", OPTIONS)],
                [self.select("map", key, "Map", OPTIONS)],
                [self.button("send", key, "Send")],
            ],
        )

    @action
    async def result(self, press: Press) -> None: ...

    @action
    async def map(self, press: Press) -> None: ...

    @action
    async def send(self, press: Press) -> None:
        self.probe.handler_entered()
