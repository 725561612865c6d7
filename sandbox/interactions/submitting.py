"""Filling in the modal on a persona's screen, and sending it."""

from sandbox.interactions.beginning import begin
from sandbox.interactions.pressing import read_choice_values
from sandbox.interactions.refusal import Refusal, ambiguous, invalid_input, no_modal
from sandbox.interactions.resolving import Resolver
from sandbox.model.interaction import Interaction, InteractionType
from sandbox.model.user import Persona
from sandbox.validation.component_type import SELECTS, ComponentType
from sandbox.wire import JsonObject, is_array
from sandbox.world import World

__all__ = ["submit"]

OPEN_IN_MODAL = "triggering_interaction_metadata"


def submit(world: World, persona: Persona, values: JsonObject) -> Interaction:
    """Send the modal that was opened last; ``values`` by label or custom id. Raises Refusal.

    What is not given keeps the value that the bot put there.
    """
    opened = persona.modal
    modal = opened.modal if opened else None
    if opened is None or modal is None:
        raise no_modal(f"{persona.user.username} has no modal open")
    resolver = Resolver(world, persona, opened.channel)
    reader = _Fields(values, resolver)
    components = [reader.row(row) for row in modal["components"]]
    reader.check_all_used()
    data: JsonObject = {"custom_id": modal["custom_id"], "components": components}
    resolver.add_to(data)
    persona.modal = None
    return begin(
        world,
        opened.application,
        persona,
        opened.channel,
        InteractionType.MODAL,
        data,
        message=opened.message,
        metadata={OPEN_IN_MODAL: opened.metadata},
    )


class _Fields:
    def __init__(self, values: JsonObject, resolver: Resolver) -> None:
        self._values = values
        self._resolver = resolver
        self._used: set[str] = set()

    def row(self, row: JsonObject) -> JsonObject:
        sent: JsonObject = {"type": row["type"], "id": row["id"]}
        if row["type"] == ComponentType.ACTION_ROW:
            sent["components"] = [
                self._field(field, field.get("label", "")) for field in row["components"]
            ]
        elif row["type"] == ComponentType.LABEL:
            sent["component"] = self._field(row["component"], row["label"])
        return sent

    def check_all_used(self) -> None:
        if unknown := set(self._values) - self._used:
            raise invalid_input(f"the modal has no field {', '.join(sorted(unknown))}")

    def _field(self, field: JsonObject, label: str) -> JsonObject:
        keys = [key for key in dict.fromkeys((label, field["custom_id"])) if key in self._values]
        if len(keys) > 1:
            raise ambiguous(f"the field {label} is given twice")
        given: object = self._values[keys[0]] if keys else None
        self._used.update(keys)
        sent: JsonObject = {
            "type": field["type"],
            "id": field["id"],
            "custom_id": field["custom_id"],
        }
        try:
            sent |= self._value(field, given)
        except Refusal as refusal:
            raise Refusal(refusal.kind, f"field {label}: {refusal.message}") from None
        return sent

    def _value(self, field: JsonObject, given: object) -> JsonObject:
        kind = field["type"]
        if kind == ComponentType.TEXT_INPUT:
            return {"value": _text(field, given)}
        if kind == ComponentType.CHECKBOX:
            return {"value": bool(given if given is not None else field.get("default"))}
        values = given if is_array(given) else [] if given is None else [given]
        if not values and field.get("required") is False:
            return {"value": None} if kind == ComponentType.RADIO_GROUP else {"values": []}
        if kind == ComponentType.FILE_UPLOAD:
            return {"values": [self._resolver.attachment(value) for value in values]}
        if kind in SELECTS and not values and "options" in field:
            values = [option["value"] for option in field["options"] if option.get("default")]
        options = {"type": ComponentType.STRING_SELECT} if kind not in SELECTS else {}
        chosen = read_choice_values(field | options, values, self._resolver)
        if kind == ComponentType.RADIO_GROUP:
            return {"value": chosen[0]}
        return {"values": chosen}


def _text(field: JsonObject, given: object) -> str:
    text = field.get("value", "") if given is None else given
    if not isinstance(text, str):
        raise invalid_input(f"{text!r} is not text")
    if not text and field.get("required"):
        raise invalid_input("is required")
    if text and not field["min_length"] <= len(text) <= field["max_length"]:
        raise invalid_input(f"must have {field['min_length']} to {field['max_length']} characters")
    return text
