"""Stock disnake's side: its own bot, its own store, views sent to a channel."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from itertools import count

import disnake
from disnake.ext import commands

from benchmarks.views import payloads
from benchmarks.views.payloads import Payload
from benchmarks.views.survey import Probe, StockSurvey
from core.disnake_private import state_of

__all__ = ["StockSide"]

TIMEOUT_SECONDS = 3600.0
"""Longer than the benchmark: a view that timed out meanwhile would stay, and cost, for ever."""


WALK = "_ViewStore__verify_integrity"


class StockSide:
    """Views of plain disnake that are open. Made inside the running loop."""

    kind = "stock"

    def __init__(self) -> None:
        # The settings that LadderBot gives disnake, so that a press is parsed alike.
        bot = commands.InteractionBot(
            intents=disnake.Intents(guilds=True, guild_messages=True),
            allowed_mentions=disnake.AllowedMentions.none(),
            command_sync_flags=commands.CommandSyncFlags.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=disnake.MemberCacheFlags.none(),
            max_messages=None,
        )
        self.state = state_of(bot)
        self.state._add_guild_from_data(payloads.guild())  # pyright: ignore[reportPrivateUsage]
        self.bot = bot
        self.probe = StockSurvey.probe
        self._ids = count(2 * 10**17)
        self._open: list[tuple[StockSurvey, int]] = []

    def take_loop(self) -> None:
        """Have the loop make tasks as in a bot on plain disnake."""
        asyncio.get_running_loop().set_task_factory(None)

    async def grow(self, live: int) -> None:
        """Open views until so many are, without the walk over all of them at each, which makes
        ten thousand take a minute.

        They lie in memory in another order than they were opened in, as where views come and go.
        """
        made = [StockSurvey(timeout=TIMEOUT_SECONDS) for _ in range(live - len(self._open))]
        random.shuffle(made)
        store = vars(self.state._view_store)  # pyright: ignore[reportPrivateUsage]
        store[WALK] = lambda: None
        for view in made:
            self._show(view)
        del store[WALK]

    def shrink(self) -> None:
        """Stop every view, lest their timers outlive the benchmark."""
        self.state._view_store._synced_message_views.clear()  # pyright: ignore[reportPrivateUsage]  each stop looks through it
        while self._open:
            self._open.pop()[0].stop()

    def a_press(self) -> tuple[Payload, Probe]:
        """A press on the button of any of them."""
        view, message_id = random.choice(self._open)
        custom_ids = [str(item.custom_id) for item in view.children]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
        shown = payloads.message(message_id, custom_ids, answers=message_id - 1)
        return payloads.press(next(self._ids), shown, custom_ids[-1]), self.probe

    def bookkeeping(self) -> int:
        """The bytes of this object's own list of the views."""
        # Each a tuple of a view and a number, which is also disnake's.
        return sys.getsizeof(self._open) + sys.getsizeof((0, 0)) * len(self._open)

    async def settle(self) -> None:
        """Wait until presses are answered."""
        await asyncio.sleep(0)

    async def close_and_open(self) -> tuple[int, int]:
        """Stop any of them and open another; nanoseconds of each."""
        index = random.randrange(len(self._open))
        self._open[index], self._open[-1] = self._open[-1], self._open[index]
        closing, _ = self._open.pop()
        began = time.perf_counter_ns()
        closing.stop()
        closed = time.perf_counter_ns() - began
        opened = self._show(StockSurvey(timeout=TIMEOUT_SECONDS))
        await asyncio.sleep(0)  # the timers start and end
        return closed, opened

    def _show(self, view: StockSurvey) -> int:
        message_id = next(self._ids)
        began = time.perf_counter_ns()
        self.state.store_view(view, message_id)  # as every way of sending it does
        opened = time.perf_counter_ns() - began
        self._open.append((view, message_id))
        return opened
