"""Anything may happen to views in any order, and afterwards the records, the routes, the figures
and what Discord shows say the same."""

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st

from core.models import ViewKind, ViewRecord, ViewState
from core.views import CloseReason
from ladderkeeper.testing import Stage, eventually
from sandbox import Message, Persona
from tests.flows.conftest import set_stage
from tests.flows.test_views import database_of

SAMPLES = Path(__file__).parents[1] / "sample_plugins"
PLUGINS: tuple[str, ...] = ("sampler", "stocky")

IDLE_SECONDS, LIMIT_SECONDS = 600.0, 700.0
"""Of the views that end in time: longer than a test takes, shorter than a token lives."""

OPENING = ("open a board", "open a fleeting one", "open a short one", "open a stock one")
STEPS = (
    *OPENING,
    "open one again elsewhere",
    "press",
    "press an ended one",
    "swap a stock one",
    "stop a stock one",
    "delete a message",
    "end a scope",
    "let time pass",
    "unload sampler",
    "unload stocky",
    "load all",
    "restart",
    "crash",
)

Kind = Literal["board", "fleeting", "sure", "stock", "inner"]

BUTTONS: dict[Kind, tuple[str, str]] = {
    "board": ("Poke", "poked"),
    "fleeting": ("Poke", "poked"),
    "sure": ("Yes", "yes"),
    "stock": ("Press", "stock pressed"),
    "inner": ("Inner", "swapped pressed"),
}
"""What is pressed on each, and what it answers."""


@dataclass
class Opened:
    """A view that is open, or paused, as the story has it."""

    kind: Kind
    key: str
    scope: str | None
    message: Message

    @property
    def durable(self) -> bool:
        return self.kind in ("board", "fleeting")

    @property
    def plugin(self) -> str:
        return "stocky" if self.kind in ("stock", "inner") else "sampler"


class Story:
    """Does the steps, and keeps book of what must be open."""

    def __init__(self, stage: Stage, alice: Persona) -> None:
        self.stage = stage
        self.alice = alice
        self.loaded = set(PLUGINS)
        self.open: list[Opened] = []
        self.paused: list[Opened] = []
        self.ended: list[Opened] = []
        self.keys = 0

    async def step(self, name: str, number: int) -> None:
        """Do a step; `number` chooses among what it could be done to."""
        match name:
            case "open a board" | "open a fleeting one":
                await self.post("board" if name == "open a board" else "fleeting", number)
            case "open a short one":
                if "sampler" in self.loaded:
                    await self.alice.slash("sure")
                    self.open.append(Opened("sure", "", None, await self.newest("sure?")))
            case "open a stock one":
                if "stocky" in self.loaded:
                    await self.alice.slash("stocky channel")
                    self.open.append(Opened("stock", "", None, await self.newest("channelled")))
            case "open one again elsewhere":
                durable = [view for view in self.open if view.durable]
                if durable:
                    old = durable[number % len(durable)]
                    self.end(old)
                    await self.post(old.kind, number, old.key)
            case "press":
                await self.press(number)
            case "press an ended one":
                await self.press_ended(number)
            case "swap a stock one" | "stop a stock one":
                await self.edit_stock("Swap" if name == "swap a stock one" else "Stop", number)
            case "delete a message":
                await self.delete(number)
            case "end a scope":
                scope = f"match:{number % 2}"
                await self.stage.app.views.close_scope(scope)
                for view in [v for v in (*self.open, *self.paused) if v.scope == scope]:
                    self.end(view)
            case "let time pass":
                await self.stage.advance(IDLE_SECONDS + 1)
                for view in [v for v in self.open if v.kind in ("fleeting", "sure")]:
                    self.end(view)
            case "unload sampler" | "unload stocky":
                await self.enable(self.loaded - {name.removeprefix("unload ")})
            case "load all":
                await self.enable(set(PLUGINS))
            case _:
                await self.restart(number if name == "crash" else None)

    async def post(self, kind: Kind, number: int, key: str | None = None) -> None:
        if "sampler" not in self.loaded:
            return
        if key is None:
            self.keys += 1
            key = f"k{self.keys}"
        scope = f"match:{number % 2}" if number < 4 else None
        before = {message.id for message in await self.alice.messages()}
        await self.alice.slash("post", view=kind, key=key, scope=scope or "")

        async def posted() -> list[Message]:
            messages = await self.alice.messages()
            return [m for m in messages if m.text == f"board {key}" and m.id not in before]

        [message] = await eventually(posted)
        self.open.append(Opened(kind, key, scope, message))

    async def newest(self, text: str) -> Message:
        """The message of a view that was shown just now: the newest of that text."""
        message = await self.alice.sees(text)
        # Alice sees it before the bot has Discord's answer to its own request.
        await eventually(lambda: self.recorded(message))
        return message

    async def recorded(self, message: Message) -> bool:
        return await ViewRecord.exists(message_id=int(message.id), state=ViewState.OPEN)

    async def press(self, number: int) -> None:
        if not self.open:
            return
        view = self.open[number % len(self.open)]
        button, answer = BUTTONS[view.kind]
        assert (await self.alice.press(button, message=view.message)).text == answer, view

    async def press_ended(self, number: int) -> None:
        """With a client that has not seen the end yet."""
        ended = [view for view in self.ended if view.durable]
        if not ended:
            return
        view = ended[number % len(ended)]
        button = str(view.message.buttons[0].custom_id)
        pressed = await self.alice.press_stale(view.message, button)
        assert pressed.acknowledged, view

    async def edit_stock(self, button: str, number: int) -> None:
        stock = [view for view in self.open if view.kind == "stock"]
        if not stock:
            return
        view = stock[number % len(stock)]
        await self.alice.press(button, message=view.message)
        self.end(view)
        if button == "Swap":

            async def taken() -> bool:
                records = ViewRecord.filter(message_id=int(view.message.id), state=ViewState.OPEN)
                return [record.view for record in await records] == ["inner"]

            await eventually(taken)
            [message] = [m for m in await self.alice.messages() if m.id == view.message.id]
            self.open.append(Opened("inner", "", None, message))

    async def delete(self, number: int) -> None:
        there = [v for v in (*self.open, *self.paused) if not v.message.ephemeral]
        if not there:
            return
        view = there[number % len(there)]
        await self.stage.client.delete_message(view.message.channel_id, view.message.id)
        for known in (self.open, self.paused):
            if view in known:
                known.remove(view)

    def end(self, view: Opened) -> None:
        """It is to be ended from now on."""
        for known in (self.open, self.paused):
            if view in known:
                known.remove(view)
        self.ended.append(view)

    async def enable(self, names: set[str]) -> None:
        config = self.stage.config()
        plugins = config.plugins.model_copy(update={"enabled": tuple(sorted(names))})
        await self.stage.app.host.apply(config.model_copy(update={"plugins": plugins}))
        for view in [v for v in self.open if v.plugin not in names]:
            self.end(view)
            if view.durable:
                self.paused.append(view)
                self.ended.remove(view)
        self.reopen(names)
        await self.commands_settled(names)

    def reopen(self, names: set[str]) -> None:
        for view in [v for v in self.paused if v.plugin in names]:
            self.paused.remove(view)
            self.open.append(view)
        self.loaded = names

    async def commands_settled(self, names: set[str]) -> None:
        expected = {"sampler": {"post", "open", "sure"}, "stocky": {"stocky"}}
        wanted = {command for name in names for command in expected[name]}

        async def there() -> bool:
            self.stage.clock.advance(1)
            return await self.stage.commands() == wanted

        await eventually(there)

    async def restart(self, crashed: int | None) -> None:
        """In good order, or with `crashed` leaving behind what a process that dies does: a view
        that it was closing, and records of views that were in its memory."""
        await eventually(self.agrees)
        lost = await ViewRecord.filter(kind__not=ViewKind.DURABLE, state=ViewState.OPEN)
        await self.stage.stop()
        for view in [v for v in self.open if not v.durable]:
            self.end(view)
        if crashed is not None:
            async with database_of(self.stage):
                durable = [view for view in self.open if view.durable]
                if durable:
                    view = durable[crashed % len(durable)]
                    self.end(view)
                    await ViewRecord.filter(key=view.key, state=ViewState.OPEN).update(
                        state=ViewState.CLOSING,
                        close_reason=CloseReason.SCOPE_END,
                        process="main",
                    )
                for record in lost:
                    await ViewRecord.create(
                        kind=record.kind,
                        plugin=record.plugin,
                        view=record.view,
                        key=record.key,
                        channel_id=record.channel_id,
                        message_id=record.message_id,
                        process="main",
                        opened_at=record.opened_at,
                    )
        await self.stage.start()
        self.reopen(set(PLUGINS))
        await self.commands_settled(self.loaded)

    # -- what must hold ----------------------------------------------------------------------

    async def agrees(self) -> bool:
        return not await self.disagreement()

    async def disagreement(self) -> list[str]:
        """All that is not as the story has it."""
        records = await ViewRecord.all()
        said: list[str] = []
        open_records = [record for record in records if record.state is ViewState.OPEN]
        paused = [record for record in records if record.state is ViewState.PAUSED]
        if len(records) != len(open_records) + len(paused):
            said.append(f"unfinished: {[(r.view, r.key, r.state) for r in records]}")
        expected = Counter((view.plugin, view.kind) for view in self.open)
        if "stocky" in self.loaded:
            expected["stocky", "panel"] += 1  # it is on no message
        recorded = Counter((record.plugin, record.view) for record in open_records)
        if recorded != expected:
            said.append(f"records {recorded}, not {expected}")
        keys = sorted(view.key for view in self.paused)
        if sorted(record.key for record in paused) != keys:
            said.append(f"paused {[record.key for record in paused]}, not {keys}")
        said += self.routes_disagree(open_records)
        said += self.figures_disagree(open_records)
        alive = {m.id for m in await self.alice.messages() if any_enabled(m)}
        shown = {view.message.id for view in self.open}
        if alive != shown:
            said.append(f"Discord shows buttons on {alive}, not on {shown}")
        return said

    def routes_disagree(self, records: list[ViewRecord]) -> list[str]:
        supervisor: Any = self.stage.app.views
        live = list(supervisor._live)
        in_memory = {record.id for record in records if record.kind is not ViewKind.DURABLE}
        on_messages = {r.message_id for r in records if r.id in in_memory and r.message_id}
        routed = {route[1] for route in supervisor._live._by_route}
        said: list[str] = []
        if {view.record_id for view in live} != in_memory:
            said.append(f"in memory {[view.record_id for view in live]}, not {in_memory}")
        if set(supervisor._live.by_message) != on_messages:
            said.append(f"known by message {supervisor._live.by_message}, not {on_messages}")
        if routed - {None} != on_messages:
            said.append(f"routes to {routed}, not {on_messages}")
        return said

    def figures_disagree(self, records: list[ViewRecord]) -> list[str]:
        figures = self.stage.app.views.stats()
        by_kind = Counter(
            (r.plugin, r.view, r.scope.partition(":")[0] if r.scope else "none") for r in records
        )
        scopes = Counter(scope.partition(":")[0] for scope in {r.scope for r in records if r.scope})
        channels = {record.channel_id for record in records if record.channel_id}
        said: list[str] = []
        if figures.open != by_kind:
            said.append(f"figures {figures.open}, not {by_kind}")
        if figures.scopes != scopes:
            said.append(f"scopes {figures.scopes}, not {scopes}")
        if figures.channels != len(channels):
            said.append(f"channels {figures.channels}, not {len(channels)}")
        if figures.hook_failures or figures.last_edit_failures:
            said.append(f"failures: {figures}")
        return said


def any_enabled(message: Message) -> bool:
    return any(not button.disabled for button in message.buttons)


async def play(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        url = f"sqlite://{folder}/ladder.sqlite3"
        async with set_stage(Path(folder), url, enabled=PLUGINS, folders=[SAMPLES]) as stage:
            sampler: Any = sys.modules["ladderkeeper_folder_plugins.sampler"]
            for view in (sampler.Fleeting, sampler.Sure):
                patch.setattr(view, "idle_seconds", IDLE_SECONDS)
                patch.setattr(view, "limit_seconds", LIMIT_SECONDS)
            await eventually(stage.commands)
            story = Story(stage, await stage.persona("Alice"))
            for name, number in steps:
                await story.step(name, number)
                await agree(story, name)


async def agree(story: Story, step: str) -> None:
    try:
        await eventually(story.agrees)
    except AssertionError:
        for line in await story.disagreement():
            note(f"after {step!r}: {line}")
        raise


STORIES = st.lists(
    # Opening comes up more often: what ends views is of interest while there are some.
    st.tuples(st.sampled_from(OPENING * 4 + STEPS), st.integers(min_value=0, max_value=5)),
    min_size=8,
    max_size=30,
)
UNHURRIED = {
    "deadline": None,
    "derandomize": True,  # a check that decides about a change tells the same story each time
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    # A story that fails is told as it is: each look for a shorter one waits for what never comes.
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


@pytest.mark.timeout(300)
@given(steps=STORIES)
@example(
    steps=[
        ("open a board", 0),
        ("open a board", 0),
        ("unload sampler", 0),
        ("delete a message", 0),
        ("end a scope", 0),
        ("load all", 0),
    ]
)
@example(
    steps=[
        ("open a board", 0),
        ("open a stock one", 0),
        ("swap a stock one", 0),
        ("open a short one", 0),
        ("crash", 0),
        ("press an ended one", 0),
    ]
)
@settings(parent=settings(**UNHURRIED), max_examples=10)  # pyright: ignore[reportArgumentType]
async def test_any_story(steps: list[tuple[str, int]]) -> None:
    await play(steps)


@pytest.mark.full
@pytest.mark.timeout(1_200)
@given(steps=STORIES)
@settings(parent=settings(**UNHURRIED), max_examples=40)  # pyright: ignore[reportArgumentType]
async def test_very_many_stories(steps: list[tuple[str, int]]) -> None:
    await play(steps)
