"""Hooks are called one by one: what one implementation does is its own."""

import asyncio
from typing import Any

import pytest
from loguru import logger

from core import tasks
from core.context import current_plugin
from core.db import Database, transaction
from core.errors import PluginError
from core.hookspecs import MatchFacts, hookimpl
from core.plugin.hooks import HookCaller

MATCH = MatchFacts(id=175, ladder="main", guild_id=1, channel_id=None, participants=())


class Desk:
    """A caller of hooks, and who failed where."""

    def __init__(self, seconds: float = 5.0) -> None:
        self.failures: list[tuple[str, str, str]] = []
        self.hooks = HookCaller(
            seconds=seconds,
            on_failure=lambda plugin, where, error: self.failures.append(
                (plugin, where, type(error).__name__)
            ),
        )

    def load(self, name: str, plugin: object) -> None:
        """Register a plugin whose `load` has ended."""
        self.hooks.register(name, plugin)
        self.hooks.loaded(name)


class Noting:
    """A plugin that notes its calls in a list it shares with others."""

    def __init__(self, name: str, heard: list[str]) -> None:
        self.name = name
        self.heard = heard

    @hookimpl
    async def match_found(self, match: MatchFacts) -> None:
        self.heard.append(f"{self.name} {match.id}")


async def test_every_plugin_is_called_in_the_order_of_loading() -> None:
    desk, heard = Desk(), list[str]()
    for name in ("b", "a", "c"):
        desk.load(name, Noting(name, heard))
    await desk.hooks.call("match_found", match=MATCH)
    desk.hooks.unregister("a")
    desk.hooks.unregister("a")
    await desk.hooks.call("match_found", match=MATCH)
    assert heard == ["b 175", "a 175", "c 175", "b 175", "c 175"]
    assert desk.failures == []


async def test_those_who_ask_are_called_first_or_last() -> None:
    desk, heard = Desk(), list[str]()

    class First:
        @hookimpl(tryfirst=True)
        async def match_found(self) -> None:
            heard.append("first")

    class Last:
        @hookimpl(trylast=True)
        async def match_found(self) -> None:
            heard.append("last")

    desk.load("last", Last())
    desk.load("a", Noting("a", heard))
    desk.load("b", Noting("b", heard))
    desk.load("first", First())
    await desk.hooks.call("match_found", match=MATCH)
    assert heard == ["first", "a 175", "b 175", "last"]


@pytest.mark.parametrize("raised", [KeyError("mine"), SystemExit(1), asyncio.CancelledError()])
async def test_what_one_raises_does_not_reach_the_others(raised: BaseException) -> None:
    desk, heard = Desk(), list[str]()

    class Raising:
        @hookimpl
        async def match_found(self) -> None:
            raise raised

    class RaisingAtOnce:
        @hookimpl
        def match_found(self) -> None:
            raise raised

    desk.load("raising", Raising())
    desk.load("at_once", RaisingAtOnce())
    desk.load("good", Noting("good", heard))
    await desk.hooks.call("match_found", match=MATCH)
    assert heard == ["good 175"]
    kind = "KeyError" if isinstance(raised, KeyError) else "EndedItself"
    assert desk.failures == [
        ("raising", "hook match_found", kind),
        ("at_once", "hook match_found", kind),
    ]


async def test_one_that_never_ends_is_cut_though_it_swallows_its_cancellation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "GRACE_SECONDS", 0.01)
    desk, heard = Desk(seconds=0.02), list[str]()

    class Hanging:
        @hookimpl
        async def match_found(self) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.Event().wait()

    desk.load("hanging", Hanging())
    desk.load("good", Noting("good", heard))
    await desk.hooks.call("match_found", match=MATCH)
    assert heard == ["good 175"]
    assert desk.failures == [("hanging", "hook match_found", "StillRunning")]


async def test_an_implementation_works_in_the_name_of_its_plugin() -> None:
    desk, seen = Desk(), list[str | None]()

    class Looking:
        @hookimpl
        async def match_found(self) -> None:
            seen.append(current_plugin.get())
            await asyncio.create_task(self.deeper())

        async def deeper(self) -> None:
            seen.append(current_plugin.get())

    desk.load("looking", Looking())
    await desk.hooks.call("match_found", match=MATCH)
    assert seen == ["looking", "looking"]
    assert current_plugin.get() is None


async def test_no_hook_is_called_inside_a_transaction(database: Database) -> None:
    desk, heard = Desk(), list[str]()
    desk.load("a", Noting("a", heard))
    async with transaction():
        with pytest.raises(RuntimeError, match="the hook match_found inside a transaction"):
            await desk.hooks.call("match_found", match=MATCH)
        with pytest.raises(RuntimeError, match="the hook match_found inside a transaction"):
            await desk.hooks.call_on("a", "match_found", 5, match=MATCH)
    assert heard == []


async def test_one_plugin_alone_is_called_and_its_error_is_the_callers() -> None:
    desk, heard = Desk(), list[str]()

    class Raising:
        @hookimpl
        async def load(self, context: Any) -> None:
            raise KeyError(context)

    desk.load("raising", Raising())
    desk.load("a", Noting("a", heard))
    desk.load("b", Noting("b", heard))
    await desk.hooks.call_on("a", "match_found", 5, match=MATCH)
    await desk.hooks.call_on("a", "load", 5, context=None)
    with pytest.raises(KeyError, match="context"):
        await desk.hooks.call_on("raising", "load", 5, context="context")
    assert heard == ["a 175"]
    assert desk.failures == []


class UnknownArgument:
    @hookimpl
    async def match_found(self, match: MatchFacts, colour: str) -> None: ...


class UnknownHook:
    @hookimpl
    async def match_fund(self, match: MatchFacts) -> None: ...


class StrangeHook:
    @hookimpl
    async def zzz(self) -> None: ...


class Wrapper:
    @hookimpl(wrapper=True)
    def match_found(self) -> Any:
        yield


class NoWrapper:
    @hookimpl(hookwrapper=True)
    async def match_found(self) -> None: ...


class Exploding:
    @property
    def surprise(self) -> None:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("plugin", "complaint"),
    [
        (
            UnknownArgument(),
            "^plugin bad: the hook match_found takes no argument colour: it offers match$",
        ),
        (UnknownHook(), r"^plugin bad: there is no hook match_fund\. Did you mean match_found\?$"),
        (StrangeHook(), r"^plugin bad: there is no hook zzz\. There are check, load, .*unload\.$"),
        (Wrapper(), "plugin bad: its hook match_found is a wrapper"),
        (NoWrapper(), "plugin bad: its hook match_found is a wrapper"),
    ],
)
async def test_what_does_not_fit_its_specification_is_refused_and_leaves_nothing(
    plugin: object, complaint: str
) -> None:
    desk, heard = Desk(), list[str]()
    with pytest.raises(PluginError, match=complaint):
        desk.hooks.register("bad", plugin)
    # Neither does it stand in the way of others, nor of its own corrected self.
    desk.load("good", Noting("good", heard))
    desk.load("bad", Noting("bad", heard))
    await desk.hooks.call("match_found", match=MATCH)
    assert heard == ["good 175", "bad 175"]


async def test_a_plugin_is_called_between_its_load_and_its_unload_only() -> None:
    desk, heard = Desk(), list[str]()
    desk.hooks.register("a", Noting("a", heard))
    await desk.hooks.call("match_found", match=MATCH)
    assert heard == []

    desk.hooks.loaded("a")
    await desk.hooks.call("match_found", match=MATCH)
    desk.hooks.unloading("a")
    await desk.hooks.call("match_found", match=MATCH)

    assert heard == ["a 175"]


async def test_a_method_called_like_a_hook_but_not_marked_is_warned_of() -> None:
    class Forgetful(Noting):
        async def match_started(self, match: MatchFacts) -> None:
            self.heard.append("never")

        async def match_over(self) -> None: ...

    desk, heard, lines = Desk(), list[str](), list[str]()
    sink = logger.add(lines.append, format="{level} {extra[plugin]} {message}")
    try:
        desk.load("forgetful", Forgetful("forgetful", heard))
        desk.load("good", Noting("good", heard))
    finally:
        logger.remove(sink)
    await desk.hooks.call("match_started", match=MATCH)
    assert heard == []
    assert len(lines) == 1, lines
    assert lines[0].startswith("WARNING forgetful plugin forgetful: its method match_started is")
    assert "@hookimpl" in lines[0]
