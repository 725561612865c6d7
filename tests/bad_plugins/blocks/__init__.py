"""Blocks the event loop in a hook."""

import time

from ladderkeeper.api import MatchFacts, Plugin, hookimpl


class Blocks(Plugin):
    name = "blocks"
    summary = "Blocks the event loop"

    @hookimpl
    async def match_found(self, match: MatchFacts) -> None:
        time.sleep(1.2)  # noqa: ASYNC251  on purpose


plugin = Blocks
