"""Raises in every hook but `load`, which it needs to be there at all."""

from ladderkeeper.api import MatchFacts, Plugin, PluginContext, hookimpl


class Raises(Plugin):
    name = "raises"
    summary = "Raises in every hook"

    @hookimpl
    async def load(self, context: PluginContext[object]) -> None:
        context.start(self.fail("its task"), name="failing task")

    @hookimpl
    async def unload(self, context: PluginContext[object]) -> None:
        await self.fail("unload")

    @hookimpl
    async def match_found(self, match: MatchFacts) -> None:
        await self.fail("match_found")

    @hookimpl
    async def match_started(self, match: MatchFacts) -> None:
        await self.fail("match_started")

    @hookimpl
    async def match_ended(self, match: MatchFacts) -> None:
        await self.fail("match_ended")

    async def fail(self, where: str) -> None:
        raise RuntimeError(f"raised on purpose in {where}")


plugin = Raises
