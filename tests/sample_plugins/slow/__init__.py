"""A plugin that takes its time before it answers, wherever one can answer."""

# The decorators of disnake are generic in types that it leaves open.
# pyright: reportUnknownMemberType=false

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import disnake
from disnake.ext import commands

from ladderkeeper.api import (
    DurableView,
    Plugin,
    PluginContext,
    Press,
    Refused,
    Rendering,
    ShortView,
    action,
    hookimpl,
    reply,
)

Inter = disnake.ApplicationCommandInteraction[Any]
Answer = Callable[[Any], Awaitable[object]]


class Pace:
    """How long answers take, and what they are.

    Attributes:
        begun: set once somebody waits for an answer.
        go_on: set to let it be given.
        answer: its name in ``ANSWERS``.
        answering: the task that gives it, where the handler does not.
    """

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.answer = "reply"
        self.answering: asyncio.Task[None] | None = None


pace = Pace()
"""Each test has its own."""


async def take_time(inter: Any) -> None:
    """Answer as the test has it, when it has it."""
    pace.begun.set()
    await pace.go_on.wait()
    await ANSWERS[pace.answer](inter)


async def _reply(inter: Any) -> None:
    await reply(inter, "replied")


async def _edited(inter: Any) -> None:
    await inter.response.send_message("at first")
    await inter.edit_original_response("edited at last")


async def _deleted(inter: Any) -> None:
    await inter.response.send_message("at first")
    await inter.delete_original_response()
    await inter.followup.send("left")


async def _read(inter: Any) -> None:
    await inter.response.send_message("at first")
    message = await inter.original_response()
    await inter.followup.send(f"said {message.content}")


async def _deferred(inter: Any) -> None:
    await inter.response.defer(with_message=True)
    await inter.edit_original_response("deferred", file=_file())


async def _deferred_in_private(inter: Any) -> None:
    await inter.response.defer(with_message=True, ephemeral=True)
    await inter.followup.send("deferred")


async def _raises(inter: Any) -> None:
    raise RuntimeError("raised on purpose")


async def _refuses(inter: Any) -> None:
    raise Refused("Not today.")


async def _nothing(inter: Any) -> None:
    pass


async def _in_a_task(inter: Any) -> None:
    pace.answering = asyncio.create_task(_reply(inter))


def _file() -> disnake.File:
    return disnake.File(BytesIO(b"slow"), "slow.txt")


ANSWERS: dict[str, Answer] = {
    "reply": _reply,
    "private": lambda inter: inter.response.send_message("private", ephemeral=True),
    "public": lambda inter: inter.response.send_message("public"),
    "send": lambda inter: inter.send("sent"),
    "file": lambda inter: inter.response.send_message("with file", file=_file()),
    "view": lambda inter: inter.response.send_message("with view", view=Later()),
    "update": lambda inter: inter.response.edit_message("updated", view=Later()),
    "edited": _edited,
    "deleted": _deleted,
    "read": _read,
    "deferred": _deferred,
    "deferred in private": _deferred_in_private,
    "modal": lambda inter: inter.response.send_modal(Form()),
    "raises": _raises,
    "refuses": _refuses,
    "nothing": _nothing,
    "in a task": _in_a_task,
}


class Shared(DurableView):
    """For everybody, and its press is slow."""

    name = "shared"

    async def render(self, key: str, locale: str) -> Rendering | None:
        return Rendering("shared", rows=[[self.button("slow", key, "Slow")]])

    @action
    async def slow(self, press: Press) -> None:
        await take_time(press.interaction)


class Mine(ShortView):
    """For one, and its press is slow."""

    name = "mine"

    @disnake.ui.button(label="Slow")
    async def slow(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await take_time(inter)


class Stock(disnake.ui.View):
    """As any cog has it."""

    @disnake.ui.button(label="Slow")
    async def slow(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await take_time(inter)

    @disnake.ui.button(label="Fill in")
    async def fill_in(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await inter.response.send_modal(Form())


class Later(disnake.ui.View):
    """Part of an answer, and quick."""

    @disnake.ui.button(label="Later")
    async def later(self, _: Any, inter: disnake.MessageInteraction[Any]) -> None:
        await inter.response.send_message("heard", ephemeral=True)


class Form(disnake.ui.Modal):
    """A stock modal."""

    def __init__(self) -> None:
        words = disnake.ui.TextInput(custom_id="words", required=False)
        super().__init__(title="Form", components=[disnake.ui.Label("Words", words)])

    async def callback(self, interaction: disnake.ModalInteraction[Any], /) -> None:
        await take_time(interaction)


class OwnForm(Form):
    """One whose author says what went wrong."""

    async def on_error(self, error: Exception, interaction: disnake.ModalInteraction[Any]) -> None:
        if pace.answer == "refuses":
            raise RuntimeError("raised on purpose while it says what went wrong")
        await interaction.response.send_message(f"my own words: {error}", ephemeral=True)


class SlowCog(commands.Cog, name="Slow"):
    def __init__(self, context: PluginContext[Any], shared: Shared) -> None:
        self.context = context
        self.shared = shared

    @commands.slash_command()
    async def slow(self, inter: Inter) -> None:
        pass

    @slow.sub_command()
    async def command(self, inter: Inter) -> None:
        """Take time."""
        await take_time(inter)

    @commands.user_command(name="Slow")
    async def on_user(self, inter: disnake.UserCommandInteraction[Any]) -> None:
        await take_time(inter)

    @slow.sub_command()
    async def shared_view(self, inter: Inter) -> None:
        """Show a durable view."""
        record = await self.context.views.open(self.shared, "a", channel_id=inter.channel_id)
        await self.context.views.answer(inter, record)

    @slow.sub_command()
    async def my_view(self, inter: Inter) -> None:
        """Show a short view."""
        await self.context.views.show(inter, Mine(), Rendering("mine"))

    @slow.sub_command()
    async def stock_view(self, inter: Inter) -> None:
        """Show a stock view."""
        await inter.response.send_message("stock", view=Stock())

    @slow.sub_command()
    async def form(self, inter: Inter, own: bool = False) -> None:
        """Open a modal."""
        await inter.response.send_modal(OwnForm() if own else Form())


class SlowPlugin(Plugin):
    name = "slow"
    summary = "Takes its time"

    @hookimpl
    async def load(self, context: PluginContext[Any]) -> None:
        shared = Shared()
        context.views.register(shared)
        context.add_cog(SlowCog(context, shared))


plugin = SlowPlugin
