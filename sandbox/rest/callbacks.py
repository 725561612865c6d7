"""The first answer to an interaction."""

from sandbox import errors
from sandbox.call import Call
from sandbox.interactions.answering import acknowledge
from sandbox.model.interaction import CallbackType, Interaction
from sandbox.model.message import MessageFlags
from sandbox.rest.routing import Routes
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()


@routes(
    "POST",
    "/interactions/{interaction_id}/{interaction_token}/callback",
    authorized=False,
    limited=False,
)
def callback(call: Call) -> JsonObject | None:
    """Types 4 to 9; with ``with_response`` it returns what became of it."""
    interaction = call.world.interactions.get(call.params["interaction_token"])
    if interaction is None or interaction.id != call.params["interaction_id"]:
        raise errors.unknown_interaction()
    acknowledge(call.world, interaction, call.fields, call.uploads)
    return _described(interaction) if call.asked("with_response") else None


def _described(interaction: Interaction) -> JsonObject:
    shown: JsonObject = {
        "id": interaction.id,
        "type": interaction.type,
        "channel_id": interaction.channel.id,
    }
    if interaction.guild:
        shown["guild_id"] = interaction.guild.id
    described: JsonObject = {"interaction": shown}
    if message := interaction.original:
        shown |= {
            "response_message_id": message.id,
            "response_message_loading": bool(message.flags & MessageFlags.LOADING),
            "response_message_ephemeral": message.ephemeral_to is not None,
        }
        # A deferred answer makes no resource: it is told of by its id alone.
        if interaction.callback in (CallbackType.MESSAGE, CallbackType.UPDATE_MESSAGE):
            described["resource"] = {
                "type": interaction.callback,
                "message": message.json(interaction.application.user.id),
            }
    return described
