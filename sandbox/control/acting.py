"""Acting as a persona."""

import asyncio

from sandbox.changes import channels, messages
from sandbox.control.routing import ControlCall, ControlRoutes, unknown
from sandbox.interactions.invoking import (
    autocomplete,
    invoke_on_message,
    invoke_on_user,
    invoke_slash,
)
from sandbox.interactions.pressing import Wanted, choose, press, press_stale
from sandbox.interactions.reacting import react, unreact
from sandbox.interactions.refusal import not_enabled, not_visible
from sandbox.interactions.submitting import submit
from sandbox.interactions.viewing import find_channel, find_message, shown
from sandbox.model.channel import Channel
from sandbox.model.interaction import CallbackType, Interaction
from sandbox.model.message import Message
from sandbox.model.user import Persona
from sandbox.once import Signal
from sandbox.permissions import SEND_MESSAGES, SEND_MESSAGES_IN_THREADS
from sandbox.validation.message import read_message
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = ["routes"]

routes = ControlRoutes()

BASE = "/personas/{persona_id}"


@routes("POST", BASE + "/slash")
async def slash(call: ControlCall) -> JsonObject:
    """``command``: "queue join"; ``options``: values by name; ``channel``."""
    persona, channel = call.persona(), _here(call)
    interaction = invoke_slash(
        call.world, persona, channel, call.text("command"), call.mapping("options")
    )
    return await _outcome(call, interaction)


@routes("POST", BASE + "/user-command")
async def user_command(call: ControlCall) -> JsonObject:
    """``command`` on ``user``, in ``channel``."""
    persona, channel = call.persona(), _here(call)
    interaction = invoke_on_user(
        call.world, persona, channel, call.text("command"), call.text("user")
    )
    return await _outcome(call, interaction)


@routes("POST", BASE + "/message-command")
async def message_command(call: ControlCall) -> JsonObject:
    """``command`` on ``message``."""
    interaction = invoke_on_message(
        call.world, call.persona(), _message(call), call.text("command")
    )
    return await _outcome(call, interaction)


@routes("POST", BASE + "/autocomplete")
async def complete(call: ControlCall) -> JsonObject:
    """Choices for ``option`` of ``command`` when ``text`` has been typed."""
    interaction = autocomplete(
        call.world,
        call.persona(),
        _here(call),
        call.text("command"),
        call.text("option"),
        call.text("text"),
        call.mapping("options"),
    )
    return await _outcome(call, interaction)


@routes("POST", BASE + "/press")
async def press_button(call: ControlCall) -> JsonObject:
    """A ``button`` by its label, or by ``custom_id``; on ``message``, or the newest that has it."""
    wanted = Wanted(
        text=call.optional("button"),
        custom_id=call.optional("custom_id"),
        message_id=call.optional("message"),
        channel_id=call.optional("message_channel"),
        select=False,
    )
    interaction = press(call.world, call.persona(), _maybe_here(call), wanted)
    return await _outcome(call, interaction)


@routes("POST", BASE + "/select")
async def select(call: ControlCall) -> JsonObject:
    """``values`` in a ``select``, by placeholder or custom id; on ``message``, or the newest."""
    wanted = Wanted(
        text=call.optional("select"),
        custom_id=call.optional("custom_id"),
        message_id=call.optional("message"),
        channel_id=call.optional("message_channel"),
        select=True,
    )
    interaction = choose(
        call.world, call.persona(), _maybe_here(call), wanted, call.array("values")
    )
    return await _outcome(call, interaction)


@routes("POST", BASE + "/press-stale")
async def press_what_was(call: ControlCall) -> JsonObject:
    """``custom_id`` on ``message`` as it was lately; ``values`` if it is a select."""
    interaction = press_stale(
        call.world,
        call.persona(),
        call.text("message"),
        call.text("custom_id"),
        call.array("values"),
    )
    return await _outcome(call, interaction)


@routes("POST", BASE + "/submit")
async def submit_modal(call: ControlCall) -> JsonObject:
    """``fields`` by label or custom id, into the modal that was opened last."""
    interaction = submit(call.world, call.persona(), call.mapping("fields"))
    return await _outcome(call, interaction)


@routes("POST", BASE + "/send")
async def send(call: ControlCall) -> JsonObject:
    """Write ``text`` into ``channel``, or to the bot whose user id is ``dm``."""
    persona = call.persona()
    channel = _here(call)
    needed = SEND_MESSAGES_IN_THREADS if channel.thread else SEND_MESSAGES
    if not channel.permissions(persona.user.id) & needed:
        raise not_enabled(f"{persona.user.username} may not write there")
    if channel.thread and channel.thread.locked:
        raise not_enabled("the thread is locked")
    draft = read_message({"content": call.text("text")})
    message = messages.compose(call.world, channel, persona.user, draft, [])
    messages.deliver(call.world, message)
    return {"message": shown(message, persona)}


@routes("POST", BASE + "/react")
async def add_reaction(call: ControlCall) -> JsonObject:
    """React to ``message`` with a plain ``emoji``."""
    persona, message = call.persona(), _message(call)
    react(call.world, persona, message, call.text("emoji"))
    return {"message": shown(message, persona)}


@routes("POST", BASE + "/unreact")
async def take_reaction_back(call: ControlCall) -> JsonObject:
    """Take back one's own reaction with ``emoji`` to ``message``."""
    persona, message = call.persona(), _message(call)
    unreact(call.world, persona, message, call.text("emoji"))
    return {"message": shown(message, persona)}


@routes("POST", BASE + "/dismiss")
async def dismiss(call: ControlCall) -> JsonObject:
    """Dismiss an ephemeral ``message``; no event tells the bot."""
    persona = call.persona()
    message = persona.ephemerals.get(call.text("message"))
    if message is None or message.gone:
        raise not_visible("there is no such private answer")
    message.deleted.set()
    call.world.watches.changed(message)
    return {}


@routes("GET", "/interactions/{interaction_id}")
async def interaction_outcome(call: ControlCall) -> JsonObject:
    """How it stands; with ``settled=true`` once a deferred answer has become something, or what it
    would have become was deleted."""
    interaction = call.world.interaction_ids.get(call.params["interaction_id"])
    if interaction is None:
        raise unknown(f"interaction {call.params['interaction_id']}")
    if call.query.get("settled") == "true":
        await _until_settled(interaction, call.timeout())
    return _described(interaction)


def _here(call: ControlCall) -> Channel:
    """Where the persona acts: ``channel``, or its direct messages with the bot ``dm``."""
    channel = _maybe_here(call)
    if channel is None:
        call.text("channel")  # which says that it is missing
        raise not_visible("there is no such channel")
    return channel


def _maybe_here(call: ControlCall) -> Channel | None:
    world, persona = call.world, call.persona()
    if (bot := call.optional("dm")) is not None:
        return _dm(world, persona, bot)
    channel_id = call.optional("channel")
    return find_channel(world, persona, channel_id) if channel_id is not None else None


def _message(call: ControlCall) -> Message:
    return find_message(
        call.world, call.persona(), call.text("message"), call.optional("message_channel")
    )


def _dm(world: World, persona: Persona, bot_id: str) -> Channel:
    application = world.applications.get(bot_id)
    if application is None:
        raise not_visible(f"there is no bot {bot_id}")
    return channels.open_dm(world, application.user, persona.user)


async def _outcome(call: ControlCall, interaction: Interaction) -> JsonObject:
    """Once acknowledged or failed; after "thinking", once that has become something."""
    if call.body.get("wait") is False:
        return _described(interaction)
    timeout = call.timeout(10.0)
    await _wait(timeout, interaction.answered)
    if interaction.callback == CallbackType.DEFERRED_MESSAGE:
        await _until_settled(interaction, timeout)
    return _described(interaction)


async def _until_settled(interaction: Interaction, timeout: float) -> None:
    original = interaction.original
    await _wait(timeout, interaction.settled, *([original.deleted] if original else []))


async def _wait(timeout: float, *signals: Signal) -> None:
    """Until one of them was given, or so many seconds have passed."""
    if any(signal.is_set() for signal in signals):
        return
    waits = [asyncio.ensure_future(signal.wait()) for signal in signals]
    try:
        await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _described(interaction: Interaction) -> JsonObject:
    message = interaction.first_visible
    visible = message is not None and not message.gone
    answered_at = interaction.answered_at
    return {
        "id": interaction.id,
        "acknowledged": interaction.callback is not None,
        "kind": interaction.callback,
        "message": shown(message, interaction.persona) if message and visible else None,
        "modal": interaction.modal,
        "choices": interaction.choices,
        "failed": interaction.failed,
        "seconds": answered_at - interaction.created_at if answered_at is not None else None,
    }
