"""Using what is on a message: buttons and selects, only what is seen and enabled."""

from sandbox.interactions.beginning import begin
from sandbox.interactions.refusal import ambiguous, invalid_input, not_enabled, not_visible
from sandbox.interactions.resolving import Resolver
from sandbox.interactions.viewing import find_message, visible_messages
from sandbox.model.channel import Channel
from sandbox.model.interaction import Interaction, InteractionType
from sandbox.model.message import Message, walk_components
from sandbox.model.user import Persona
from sandbox.validation.component_type import SELECTS, ComponentType
from sandbox.wire import JsonObject
from sandbox.world import World

__all__ = ["Wanted", "choose", "press", "press_stale", "read_choice_values"]

LONGEST_LIST = 200
"""Characters of what is there instead, the newest first."""


class Wanted:
    """Which component is meant: by what can be read on it, its custom id, and its message."""

    def __init__(
        self,
        *,
        text: str | None,
        custom_id: str | None,
        message_id: str | None,
        channel_id: str | None = None,
        select: bool,
    ) -> None:
        self.text = text
        self.custom_id = custom_id
        self.message_id = message_id
        self.channel_id = channel_id
        self.select = select

    def __str__(self) -> str:
        kind = "select" if self.select else "button"
        name = self.text if self.text is not None else self.custom_id
        where = f" on message {self.message_id}" if self.message_id else ""
        return f"{kind} {name!r}{where}" if name is not None else f"{kind}{where}"

    def is_such(self, component: JsonObject) -> bool:
        """Whether it is a select where one is meant, else a button."""
        kind = component["type"]
        return kind in SELECTS if self.select else kind == ComponentType.BUTTON

    def fits(self, component: JsonObject) -> bool:
        if not self.is_such(component):
            return False
        if self.custom_id is not None and component.get("custom_id") != self.custom_id:
            return False
        if self.text is None:
            return True
        readable = (
            component.get("label"),
            component.get("placeholder"),
            component.get("emoji", {}).get("name"),
        )
        return self.text in readable or (self.select and self.text == component.get("custom_id"))


def press(world: World, persona: Persona, here: Channel | None, wanted: Wanted) -> Interaction:
    """Press a button. Raises Refusal when it is not seen, or not enabled."""
    message, button = _find(world, persona, here, wanted)
    if "custom_id" not in button:
        raise not_enabled(f"the {wanted} is a link")
    return _begin(world, persona, message, button, {})


def choose(
    world: World, persona: Persona, here: Channel | None, wanted: Wanted, values: list[object]
) -> Interaction:
    """Choose in a select, by values or labels. Raises Refusal."""
    message, select = _find(world, persona, here, wanted)
    resolver = Resolver(world, persona, message.channel)
    data: JsonObject = {"values": read_choice_values(select, values, resolver)}
    resolver.add_to(data)
    return _begin(world, persona, message, select, data)


def press_stale(
    world: World, persona: Persona, message_id: str, custom_id: str, values: list[object]
) -> Interaction:
    """Use what a message showed lately: a client that has not seen the edit yet.

    An ephemeral message that the persona has dismissed counts as seen lately too.
    """
    message = persona.ephemerals.get(message_id) or find_message(world, persona, message_id)
    if not message.channel.visible_to(persona.user.id):
        raise not_visible(f"{persona.user.username} sees no message {message_id}")
    component = message.find_earlier(custom_id)
    if component is None:
        raise not_visible(f"message {message_id} has not had a component {custom_id} lately")
    data: JsonObject = {"values": [str(value) for value in values]} if values else {}
    return _begin(world, persona, message, component, data)


def _begin(
    world: World, persona: Persona, message: Message, component: JsonObject, data: JsonObject
) -> Interaction:
    application = world.application_of(message.author.id)
    if application is None:
        raise not_enabled("only bots answer")
    if component["type"] in SELECTS:
        data.setdefault("values", [])
    common: JsonObject = {
        "id": component["id"],
        "custom_id": component["custom_id"],
        "component_type": component["type"],
    }
    return begin(
        world,
        application,
        persona,
        message.channel,
        InteractionType.COMPONENT,
        common | data,
        message=message,
        metadata={"interacted_message_id": message.id},
    )


def _find(
    world: World, persona: Persona, here: Channel | None, wanted: Wanted
) -> tuple[Message, JsonObject]:
    """On the message named; else the newest that has it, looking where the persona is first."""
    if wanted.message_id is not None:
        places = [[find_message(world, persona, wanted.message_id, wanted.channel_id)]]
    else:
        places = [visible_messages(world, persona, here)] if here else []
        places.append(visible_messages(world, persona))
    disabled = False
    for messages in places:
        for message in reversed(messages):
            fitting = [part for part in walk_components(message.components) if wanted.fits(part)]
            enabled = [part for part in fitting if not part.get("disabled")]
            if len(enabled) > 1:
                raise ambiguous(f"message {message.id} has several: {wanted}")
            if enabled:
                return message, enabled[0]
            disabled |= bool(fitting)
    if disabled:
        raise not_enabled(f"the {wanted} is disabled")
    seen = [
        part.get("label") or part.get("placeholder") or part.get("custom_id", "")
        for messages in places
        for message in messages
        for part in walk_components(message.components)
        if wanted.is_such(part) and not part.get("disabled")
    ]
    there = ", ".join(dict.fromkeys(reversed(seen))) or "none"
    raise not_visible(f"{persona.user.username} sees no {wanted}; there: {there[:LONGEST_LIST]}")


def read_choice_values(select: JsonObject, values: list[object], resolver: Resolver) -> list[str]:
    """What was chosen in a select, as its payload carries it. Raises Refusal."""
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(values) <= most:
        many = str(least) if least == most else f"{least} to {most}"
        raise invalid_input(f"choose {many}, not {len(values)}")
    kind = select["type"]
    if kind == ComponentType.USER_SELECT:
        return [resolver.user(value) for value in values]
    if kind == ComponentType.ROLE_SELECT:
        return [resolver.role(value) for value in values]
    if kind == ComponentType.MENTIONABLE_SELECT:
        return [resolver.mentionable(value) for value in values]
    if kind == ComponentType.CHANNEL_SELECT:
        return [resolver.channel(value, select.get("channel_types")) for value in values]
    chosen: list[str] = []
    for value in values:
        fitting = [
            option["value"]
            for option in select["options"]
            if value in (option["value"], option["label"])
        ]
        if not fitting:
            offered = ", ".join(option["label"] for option in select["options"])
            raise invalid_input(f"{value!r} is not offered; there are: {offered}")
        chosen.append(fitting[0])
    return chosen
