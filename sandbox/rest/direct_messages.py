"""Opening direct messages."""

from sandbox import errors
from sandbox.call import Call
from sandbox.changes import channels
from sandbox.rest.routing import Routes
from sandbox.validation.form import Form
from sandbox.wire import JsonObject

__all__ = ["routes"]

routes = Routes()


@routes("POST", "/users/@me/channels")
def open_dm(call: Call) -> JsonObject:
    """The channel of direct messages with a user, the same one each time.

    Refusing direct messages shows at the send (50007, 50278), not here, but for a persona that is
    set to answer 40003.
    """
    form = Form()
    recipient = form.snowflake(call.fields, "recipient_id", ())
    if recipient is None and not form.errors:
        form.required(("recipient_id",))
    form.check()
    other = call.world.users.get(recipient or "")
    if other is None:
        error = {"code": "USER_UNKNOWN", "message": "Unknown User"}
        raise errors.invalid_form({"recipient_id": {"_errors": [error]}})
    persona = call.world.personas.get(other.id)
    if persona is None:  # bots cannot write to bots
        raise errors.cannot_dm()
    if persona.refuses_dms and persona.refusal == 40003:
        raise errors.opening_dms_too_fast()
    return channels.open_dm(call.world, call.bot.user, other).json(call.bot_id)
