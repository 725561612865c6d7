"""Awaits for ever in a hook, and swallows its first cancellation."""

import asyncio

from ladderkeeper.api import MatchFacts, Plugin, hookimpl


class Hangs(Plugin):
    name = "hangs"
    summary = "Awaits for ever"

    @hookimpl
    async def match_found(self, match: MatchFacts) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.Event().wait()


plugin = Hangs
