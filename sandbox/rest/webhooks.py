"""What a bot does with an interaction's token after its first answer."""

from sandbox import errors
from sandbox.call import Call
from sandbox.changes import messages
from sandbox.interactions.answering import edit_message, find_open, follow_up
from sandbox.model.interaction import Interaction
from sandbox.model.message import Message
from sandbox.rest.routing import Routes
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()

BASE = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = BASE + "/messages/@original"
MESSAGE = BASE + "/messages/{message_id}"


def _open(call: Call) -> Interaction:
    return find_open(call.world, call.params["webhook_id"], call.params["webhook_token"])


def _original(call: Call) -> tuple[Interaction, Message]:
    interaction = _open(call)
    message = interaction.original
    if message is None or message.gone:
        raise errors.unknown_message()
    return interaction, message


def _message(call: Call) -> tuple[Interaction, Message]:
    interaction = _open(call)
    message = interaction.find(call.params["message_id"])
    if message is None or message.gone:
        raise errors.unknown_message()
    return interaction, message


@routes("POST", BASE, authorized=False)
def send_follow_up(call: Call) -> JsonObject:
    """A follow-up; the first after a deferred answer fills that."""
    interaction = _open(call)
    message = follow_up(call.world, interaction, call.fields, call.uploads)
    return message.json(interaction.application.user.id)


@routes("GET", ORIGINAL, authorized=False)
def get_original(call: Call) -> JsonObject:
    """The first answer."""
    interaction, message = _original(call)
    return message.json(interaction.application.user.id)


@routes("PATCH", ORIGINAL, authorized=False)
def edit_original(call: Call) -> JsonObject:
    """Change the first answer, or the message that a component is on."""
    interaction, message = _original(call)
    edit_message(call.world, interaction, message, call.fields, call.uploads)
    return message.json(interaction.application.user.id)


@routes("DELETE", ORIGINAL, authorized=False)
def delete_original(call: Call) -> None:
    """Delete the first answer."""
    messages.delete(call.world, _original(call)[1])


@routes("GET", MESSAGE, authorized=False)
def get_follow_up(call: Call) -> JsonObject:
    """A follow-up."""
    interaction, message = _message(call)
    return message.json(interaction.application.user.id)


@routes("PATCH", MESSAGE, authorized=False)
def edit_follow_up(call: Call) -> JsonObject:
    """Change a follow-up."""
    interaction, message = _message(call)
    edit_message(call.world, interaction, message, call.fields, call.uploads)
    return message.json(interaction.application.user.id)


@routes("DELETE", MESSAGE, authorized=False)
def delete_follow_up(call: Call) -> None:
    """Delete a follow-up."""
    messages.delete(call.world, _message(call)[1])
