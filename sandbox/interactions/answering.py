"""What a bot does with an interaction: the first answer, its edits, and follow-ups."""

from sandbox import errors
from sandbox.attachments import Upload
from sandbox.changes import messages
from sandbox.model.interaction import (
    FIRST_RESPONSE_S,
    TOKEN_LIFE_S,
    CallbackType,
    Interaction,
    InteractionType,
)
from sandbox.model.message import Message, MessageFlags
from sandbox.validation.form import Form
from sandbox.validation.message import MessageDraft, read_message
from sandbox.validation.modal import read_modal
from sandbox.validation.options import read_choice
from sandbox.wire import JsonObject, is_integer, is_object
from sandbox.world import World

__all__ = ["acknowledge", "edit_message", "find_open", "follow_up"]

MOST_CHOICES = 25
ALLOWED = {
    InteractionType.COMMAND: (4, 5, 9),
    InteractionType.COMPONENT: (4, 5, 6, 7, 9),
    InteractionType.AUTOCOMPLETE: (8,),
    InteractionType.MODAL: (4, 5, 6, 7),
}


def acknowledge(
    world: World, interaction: Interaction, body: JsonObject, uploads: list[Upload]
) -> None:
    """The first answer. Raises 40060 for a second one, 10062 after three seconds, 50035."""
    if interaction.callback is not None:
        raise errors.already_acknowledged()
    late = world.clock.now() - interaction.created_at > FIRST_RESPONSE_S
    if late or interaction.failed:
        raise errors.unknown_interaction()
    kind = body.get("type")
    allowed = ALLOWED[interaction.type]
    form = Form()
    if kind is None:
        form.required(("type",))
    elif not is_integer(kind) or kind not in allowed:
        form.choices(("type",), allowed)
    form.check()
    if kind != CallbackType.AUTOCOMPLETE:
        _refuse_unreachable(interaction)
    data = body.get("data")
    _answer(world, interaction, int(str(kind)), data if is_object(data) else {}, uploads)
    interaction.callback = int(str(kind))
    interaction.answered_at = world.clock.now()
    if interaction.deadline:
        interaction.deadline.cancel()
    interaction.answered.set()
    waits = (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)
    if interaction.callback not in waits:
        interaction.settled.set()


def _answer(
    world: World, interaction: Interaction, kind: int, data: JsonObject, uploads: list[Upload]
) -> None:
    if kind == CallbackType.MESSAGE:
        draft = read_message(data, may_be_ephemeral=True)
        message = _compose(world, interaction, draft, uploads)
        _original(interaction, message)
        messages.deliver(world, message)
    elif kind == CallbackType.DEFERRED_MESSAGE:
        message = _thinking(world, interaction, data)
        _original(interaction, message)
        messages.deliver(world, message)
    elif kind in (CallbackType.DEFERRED_UPDATE, CallbackType.UPDATE_MESSAGE):
        message = interaction.message
        if message is None or message.gone:
            raise errors.unknown_message()
        if kind == CallbackType.UPDATE_MESSAGE:
            draft = read_message(data, already_v2=_is_v2(message))
            messages.edit(world, message, draft, uploads)
        _original(interaction, message)
    elif kind == CallbackType.AUTOCOMPLETE:
        _offer_choices(interaction, data)
    else:
        form = Form()
        modal = read_modal(form, data)
        form.check()
        interaction.modal = modal
        interaction.persona.modal = interaction


def _original(interaction: Interaction, message: Message) -> None:
    interaction.original = message
    interaction.first_visible = message


def _offer_choices(interaction: Interaction, data: JsonObject) -> None:
    form = Form()
    values = form.array(data, "choices", ("data",), most=MOST_CHOICES) or []
    choices = [
        read_choice(form, value, ("data", "choices", index), interaction.focused_type)
        for index, value in enumerate(values)
    ]
    form.check()
    interaction.choices = choices


def _is_v2(message: Message) -> bool:
    return bool(message.flags & MessageFlags.COMPONENTS_V2)


def _compose(
    world: World, interaction: Interaction, draft: MessageDraft, uploads: list[Upload]
) -> Message:
    private = bool(draft.flags & MessageFlags.EPHEMERAL)
    message = messages.compose(
        world,
        interaction.channel,
        interaction.application.user,
        draft,
        uploads,
        ephemeral_to=interaction.persona.user.id if private else None,
    )
    _mark(interaction, message)
    return message


def _thinking(world: World, interaction: Interaction, data: JsonObject) -> Message:
    flags = data.get("flags") or 0
    private = is_integer(flags) and flags & MessageFlags.EPHEMERAL
    message = Message(
        id=world.snowflakes.next(),
        channel=interaction.channel,
        author=interaction.application.user,
        timestamp=world.now(),
        flags=MessageFlags.LOADING | (MessageFlags.EPHEMERAL if private else 0),
        ephemeral_to=interaction.persona.user.id if private else None,
    )
    _mark(interaction, message)
    return message


def _mark(interaction: Interaction, message: Message) -> None:
    """As an answer to the interaction."""
    message.application_id = message.webhook_id = interaction.application.id
    message.interaction = interaction.metadata
    if interaction.original is not None:
        original = {"original_response_message_id": interaction.original.id}
        message.interaction = interaction.metadata | original
    elif interaction.type == InteractionType.COMMAND:
        message.type = 20 if interaction.data["type"] == 1 else 23
        message.command = _command_line(interaction.data)
    interaction.remember(message)


def _command_line(data: JsonObject) -> str:
    words = [data["name"]]
    options = data.get("options", [])
    while options and options[0]["type"] < 3:
        words.append(options[0]["name"])
        options = options[0].get("options", [])
    return " ".join(words)


def find_open(world: World, application_id: str, token: str) -> Interaction:
    """By its token. Raises 10015 before it was acknowledged, 50027 once the token has ended."""
    if application_id not in world.applications:
        raise errors.unknown_webhook()
    interaction = world.interactions.get(token)
    ended = world.clock.now() - TOKEN_LIFE_S
    if interaction is None or interaction.created_at < ended:
        raise errors.invalid_webhook_token()
    if interaction.application.id != application_id or interaction.callback is None:
        raise errors.unknown_webhook()
    return interaction


def follow_up(
    world: World, interaction: Interaction, body: JsonObject, uploads: list[Upload]
) -> Message:
    """One more message; the first after "thinking" takes its place, private or not as that was."""
    draft = read_message(body, may_be_ephemeral=True)
    _refuse_unreachable(interaction)
    original = interaction.original
    if original and original.flags & MessageFlags.LOADING and not original.gone:
        if draft.empty and not uploads:
            raise errors.empty_message()
        _fill(world, interaction, original, draft, uploads)
        return original
    message = _compose(world, interaction, draft, uploads)
    if interaction.callback == CallbackType.DEFERRED_UPDATE and not interaction.settled.is_set():
        interaction.first_visible = message
    messages.deliver(world, message)
    interaction.settled.set()
    return message


def edit_message(
    world: World,
    interaction: Interaction,
    message: Message,
    body: JsonObject,
    uploads: list[Upload],
) -> None:
    """Change the first answer or a follow-up."""
    draft = read_message(body, already_v2=_is_v2(message))
    _refuse_unreachable(interaction)
    _fill(world, interaction, message, draft, uploads)


def _fill(
    world: World,
    interaction: Interaction,
    message: Message,
    draft: MessageDraft,
    uploads: list[Upload],
) -> None:
    if message.flags & MessageFlags.LOADING:
        message.flags = message.flags & ~MessageFlags.LOADING | (
            draft.flags & MessageFlags.COMPONENTS_V2
        )
    messages.edit(world, message, draft, uploads)
    interaction.settled.set()


def _refuse_unreachable(interaction: Interaction) -> None:
    """Nothing can be said in a deleted channel, nor in an archived thread that is locked."""
    if interaction.channel.gone:
        raise errors.unknown_channel()
    thread = interaction.channel.thread
    if thread and thread.archived and thread.locked:
        raise errors.archived_thread()
